import Foundation
import ModelFixtures
import SeededNoise
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkEngine
@testable import NetworkModel

/// Model files: what is written is read back, and what is not a model is refused in one clear line.
struct ModelFileTests {
  /// A small model with every kind of weight.
  private static func model(classes: Int = 3) throws -> ModelFile {
    var noise = Noise(3)
    var graph = try ModelGraph(
      name: "small", inputShape: [8, 9, 1],
      sequence: [
        ("scale", .affine(scale: [1 / 255], offset: [0])),
        (
          "first",
          .convolution(
            filters: 4, window: Window(kernel: .init(3, 3)), groups: 1, bias: true, .relu(slope: 0.25))
        ),
        ("normal", .batchNormalization(epsilon: 0.001, momentum: 0.99, center: true, scale: true)),
        ("pool", .maximumPooling(Window(kernel: .init(2, 2), strides: .init(2, 2)))),
        ("drop", .dropout(rate: 0.5)), ("flat", .flatten(pixelsFirst: false)),
        ("last", .dense(units: classes, bias: true, .softmax)),
      ])
    for (index, layer) in graph.layers.enumerated() {
      for weight in layer.weights {
        let values = noise.values(weight.shape.reduce(1, *)).map {
          weight.name.hasSuffix("variance") ? abs($0) : $0
        }
        try graph.setWeight(weight.name, ofLayer: index, to: values)
      }
    }
    return ModelFile(graph: graph, information: ModelInformation(classes: (0..<classes).map { "c\($0)" }))
  }

  private static func bytes(_ model: ModelFile) throws -> [UInt8] {
    try model.encoded().withBytes { Array($0) }
  }

  /// The members of an archive, changed by `change`, as an archive again.
  private static func archive(
    _ bytes: [UInt8], _ change: (inout [(name: String, contents: FileContents)]) throws -> Void
  ) throws -> [UInt8] {
    let archive = try ZipArchive(FileContents(bytes))
    var members = try archive.names.map { (name: $0, contents: try archive.member($0, limit: 1 << 24)) }
    try change(&members)
    return try ZipWriter.archive(members).withBytes { Array($0) }
  }

  /// The archive with `config.json` changed as text.
  private static func configured(_ from: String, _ to: String) throws -> [UInt8] {
    try archive(bytes(model())) { members in
      for index in members.indices where members[index].name == "config.json" {
        let text = members[index].contents.withBytes { String(decoding: $0, as: UTF8.self) }
        #expect(text.contains(from))
        members[index].contents = FileContents(Array(text.replacingOccurrences(of: from, with: to).utf8))
      }
    }
  }

  private static func failure(_ bytes: [UInt8]) -> Failure? {
    do {
      _ = try ModelFile(bytes: bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var model = try Self.model()
    model.information.preprocessing = Preprocessing(scale: 0.5, offset: -1, margin: 0.125)
    model.trainingState.optimizer = [
      .init(shape: [], values: .integers([12], isLong: true)), .init(shape: [2], values: .floats([1, -2])),
    ]
    let bytes = try Self.bytes(model)
    #expect(try Self.bytes(model) == bytes)
    let again = try ModelFile(bytes: bytes, keepingTrainingState: true)
    #expect(again.information.classes == ["c0", "c1", "c2"])
    #expect(again.information.preprocessing == model.information.preprocessing)
    #expect(again.graph.layers.map(\.operation) == model.graph.layers.map(\.operation))
    for (a, b) in zip(again.graph.layers, model.graph.layers) {
      #expect(a.weights.map(\.values) == b.weights.map(\.values))
    }
    guard case .integers([12], true) = again.trainingState.optimizer[0].values,
      case .floats([1, -2]) = again.trainingState.optimizer[1].values
    else {
      Issue.record("optimizer state changed")
      return
    }
    var noise = Noise(4)
    let input = noise.values(72, scale: 255)
    #expect(try Network(again.graph).predict(input) == Network(model.graph).predict(input))
  }

  /// A change of the configuration, and what the message must name.
  @Test(arguments: [
    (#""class_name":"BatchNormalization""#, #""class_name":"Lambda""#, "layer normal", "Lambda"),
    (#""class_name":"Dropout""#, #""class_name":"LSTM""#, "layer drop", "LSTM"),
    (#""units":3"#, #""units":4"#, "layer last", "[36, 3]"),
    (#""filters":4"#, #""filters":-4"#, "layer first", "filters"),
    (#""filters":4"#, #""filters":1e99"#, "layer first", "filters"),
    (#""kernel_size":[3,3]"#, #""kernel_size":[30,3]"#, "layer first", "30x3"),
    (#""kernel_size":[3,3]"#, #""kernel_size":[3,3,3]"#, "layer first", "kernel_size"),
    (#""padding":"valid""#, #""padding":"causal""#, "layer first", "causal"),
    (#""groups":1"#, #""groups":3"#, "layer first", "groups"),
    (#""class_name":"Sequential""#, #""class_name":"MyModel""#, "config.json", "MyModel"),
    (#""batch_shape":[null,8,9,1]"#, #""batch_shape":[null,null,9,1]"#, "config.json", "size"),
    (#""batch_shape":[null,8,9,1]"#, #""batch_shape":[null,8000000,9000000,1]"#, "layer", "values"),
    (#""axis":-1"#, #""axis":2"#, "layer normal", "axis 2"),
    (#""layers":["#, #""layers":[{"class_name":3},"#, "config.json", "class_name"),
    (#"{"module""#, #"{"module":nul,"module""#, "config.json", "byte"),
  ])
  func wrongConfigurations(_ from: String, _ to: String, _ subject: String, _ cause: String) throws {
    let failure = Self.failure(try Self.configured(from, to))
    #expect(failure?.kind == .badInput)
    #expect(failure?.description.contains(subject) == true, "\(failure?.description ?? "accepted")")
    #expect(failure?.description.contains(cause) == true, "\(failure?.description ?? "accepted")")
  }

  @Test func missingMembers() throws {
    let bytes = try Self.bytes(Self.model())
    for name in ["config.json", "model.weights.h5"] {
      let failure = Self.failure(try Self.archive(bytes) { $0.removeAll { $0.name == name } })
      #expect(failure?.description.contains("member \(name)") == true)
      #expect(failure?.description.contains("missing") == true)
    }
  }

  @Test func wrongWeights() throws {
    func with(_ body: (HDF5Writer) throws(Failure) -> Void) throws -> Failure? {
      let weights = try HDF5Library.run { () throws(Failure) in
        let writer = try HDF5Writer()
        try body(writer)
        return try writer.contents()
      }
      return Self.failure(
        try Self.archive(Self.bytes(Self.model())) { members in
          for index in members.indices where members[index].name.hasSuffix("h5") {
            members[index].contents = weights
          }
        })
    }
    let nothing = try with { (_) throws(Failure) in }
    #expect(
      nothing?.description.contains("layer first: reading weights: 0 in the file, the layer has 2") == true)
    let shape = try with { (writer) throws(Failure) in
      try writer.group("layers/conv2d/vars")
      try writer.write("layers/conv2d/vars/0", [3, 3, 1, 5], [Float](repeating: 0, count: 45))
      try writer.write("layers/conv2d/vars/1", [4], [Float](repeating: 0, count: 4))
    }
    #expect(shape?.description.contains("its shape is [3, 3, 1, 5], the layer needs [3, 3, 1, 4]") == true)
  }

  @Test func weightsThatAreNotNumbersAreMentioned() throws {
    var model = try Self.model()
    try model.graph.setWeight("bias", ofLayer: 2, to: [0, .nan, .infinity, 1])
    let read = try ModelFile(bytes: Self.bytes(model))
    #expect(read.warnings == ["layer first: 2 of its weights are not finite numbers"])
  }

  @Test func bytesThatAreNoModel() throws {
    let bytes = try Self.bytes(Self.model())
    #expect(Self.failure([])?.description.contains("empty") == true)
    #expect(Self.failure(Array("hello".utf8))?.description.contains("neither") == true)
    #expect(Self.failure(Array(bytes.prefix(bytes.count / 2)))?.kind == .badInput)
    let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    #expect(Self.failure(hdf5)?.description.contains("HDF5") == true)
    // One bit of the weights: the checksum detects it.
    var damaged = bytes
    damaged[bytes.count / 2] ^= 1
    #expect(Self.failure(damaged)?.description.contains("CRC") == true)
  }

  /// Truncated anywhere, or with any byte changed in the archive's own structure, it is refused or read, never worse.
  @Test func truncatedAndDamagedArchives() throws {
    let bytes = try Self.bytes(Self.model())
    var noise = Noise(5)
    for _ in 0..<150 {
      #expect(Self.failure(Array(bytes.prefix(noise.below(bytes.count))))?.kind == .badInput)
    }
    for _ in 0..<300 {
      var damaged = bytes
      // The directory at the end, and local headers, are where structure is.
      let place = noise.below(2) == 0 ? bytes.count - 1 - noise.below(300) : noise.below(2000)
      damaged[place] = UInt8(truncatingIfNeeded: noise.next())
      if let failure = Self.failure(damaged) { #expect(failure.kind == .badInput) }
    }
  }

  /// The same for the HDF5 file inside, where no checksum helps: its structure comes first, values after.
  @Test func damagedWeightFiles() throws {
    let weights = try ZipArchive(FileContents(Self.bytes(Self.model()))).member(
      "model.weights.h5", limit: 1 << 24)
    let graph = try Self.model().graph
    var noise = Noise(6)
    var refused = 0
    for _ in 0..<1500 {
      var damaged = weights.withBytes { Array($0) }
      for _ in 0..<(1 + noise.below(4)) {
        damaged[noise.below(damaged.count)] =
          [0, 0xFF, UInt8(truncatingIfNeeded: noise.next())][noise.below(3)]
      }
      if noise.below(4) == 0 { damaged.removeLast(noise.below(damaged.count)) }
      var copy = graph
      do throws(Failure) {
        try KerasWeights(file: HDF5File(FileContents(damaged))).load(into: &copy)
      } catch {
        #expect(error.kind == .badInput)
        refused += 1
      }
    }
    #expect(refused > 300)
  }

  /// A nested model's name is in front of its layers' names, and many long ones would fill the memory.
  @Test func namesAreBounded() throws {
    func named(_ length: Int) throws -> [UInt8] {
      try Self.configured("\"name\":\"first\"", "\"name\":\"\(String(repeating: "f", count: length))\"")
    }
    #expect(try Self.failure(named(ModelLimits.name)) == nil)
    let failure = try #require(try Self.failure(named(ModelLimits.name + 1)))
    #expect(failure.kind == .badInput && failure.cause.contains("name of more than 1024 bytes"))
  }

  @Test func membersAreBounded() throws {
    let more = (0..<ModelLimits.members).map { (name: "other/\($0)", contents: FileContents([])) }
    let failure = try #require(Self.failure(try Self.archive(Self.bytes(Self.model())) { $0 += more }))
    #expect(failure.kind == .badInput && failure.cause.contains("members"))
    let few = try Self.archive(Self.bytes(Self.model())) { $0 += more.prefix(100) }
    #expect(Self.failure(few) == nil)
  }

  @Test func aSizeThatCannotBeTrueIsRefused() throws {
    var bytes = try Self.bytes(Self.model())
    // The uncompressed size in each directory entry (offset 24; APPNOTE.TXT, 4.3.12) says 1 GiB.
    for at in 0..<(bytes.count - 46) where Array(bytes[at..<(at + 4)]) == [0x50, 0x4B, 1, 2] {
      bytes.replaceSubrange((at + 24)..<(at + 28), with: [0, 0, 0, 0x40])
    }
    #expect(Self.failure(bytes)?.kind == .badInput)
  }
}

/// Published files that must be refused. Skipped where the reference data are not there.
@Suite(.enabled(if: Reference.hasGolden, "the reference data are not beside the repository"))
struct RefusedModelTests {
  @Test(arguments: [
    ("binni24_not_a_zip.keras", "HDF5 file, not the zip archive"),
    ("dafa_emotion_model.keras", "layer time_distributed: reading the model: TimeDistributed layers"),
  ])
  func isRefusedWithItsReason(_ name: String, _ reason: String) {
    let path = Reference.keras.appendingPathComponent("refused/\(name)").path
    #expect {
      _ = try ModelFile(path: path)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.kind == .badInput && failure.description.hasPrefix(path)
        && failure.description.contains(reason)
    }
  }
}
