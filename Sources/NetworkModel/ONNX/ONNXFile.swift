import SystemIO

/// What an ONNX file says (`ModelProto`), as far as it is needed: nodes in their order, tensors whose values are read when
/// asked for, and what goes in and out.
///
/// The messages are few and simple, so they are read by hand: a library for protobufs would be a dependency of every
/// build, with thousands of generated lines, and would copy the weights.
struct ONNXFile {
  /// A graph's input or output (`ValueInfoProto`).
  struct Value {
    var name = ""
    /// The number of the element type; 0 if it is not a tensor.
    var type = 0
    /// The sides; nil for those that are free. Nil if nothing is said.
    var shape: [Int?]?
  }

  private(set) var nodes: [ONNXNode] = []
  private(set) var tensors: [String: ONNXTensorData] = [:]
  private(set) var inputs: [Value] = []
  private(set) var outputs: [Value] = []
  private(set) var producer = ""
  /// The version of ONNX's own operators; nil if none is named.
  private(set) var operatorSet: Int?
  /// Where the value of each note on the model lies (`metadata_props`), by its key; the last one of a key.
  private(set) var notes: [String: Range<Int>] = [:]
  private let contents: FileContents
  private var hasGraph = false
  /// Bytes of the file.
  var byteCount: Int { contents.count }

  /// The most nodes, tensors, inputs or outputs.
  static let most = 1 << 16

  /// - Throws: ``Failure`` (`badInput`) if it is no ONNX file, damaged, or beyond a limit.
  init(_ contents: FileContents) throws(Failure) {
    self.contents = contents
    var version = ""
    var reader = ProtobufReader(contents)
    while let field = try reader.next() {
      switch field.number {
      case 2: producer = try field.text(contents)
      case 3: version = try field.text(contents)
      case 7:
        guard !hasGraph else { throw ProtobufReader.damaged("two graphs") }
        hasGraph = true
        try readGraph(field.range)
      case 8: try readOperatorSet(field.range)
      case Self.noteField:
        if let note = try Self.note(contents, field.range) { notes[note.key] = note.value }
        guard notes.count <= Self.most else { throw ProtobufReader.damaged("more than \(Self.most) notes") }
      default: break
      }
    }
    if !version.isEmpty { producer += (producer.isEmpty ? "" : " ") + version }
    guard hasGraph else {
      throw Failure(.badInput, step: "reading ONNX", cause: "the file has no graph: it is no ONNX network")
    }
  }

  /// The number of the field that has a note on the model.
  static let noteField = 14

  /// A note's key, and where its value lies (`StringStringEntryProto`); nil for one whose key is longer than a name.
  static func note(_ contents: FileContents, _ range: Range<Int>) throws(Failure) -> (
    key: String, value: Range<Int>
  )? {
    var reader = ProtobufReader(contents, range)
    var (key, value): (String?, Range<Int>) = ("", range.upperBound..<range.upperBound)
    while let field = try reader.next() {
      if field.number == 1 { key = try field.range.count > ModelLimits.name ? nil : field.text(contents) }
      if field.number == 2 { value = try field.range }
    }
    return key.map { ($0, value) }
  }

  private mutating func readOperatorSet(_ range: Range<Int>) throws(Failure) {
    var reader = ProtobufReader(contents, range)
    var (domain, version) = ("", 0)
    while let field = try reader.next() {
      if field.number == 1 { domain = try field.text(contents) }
      if field.number == 2 { version = try field.integer }
    }
    if domain.isEmpty || domain == "ai.onnx" { operatorSet = version }
  }

  private mutating func readGraph(_ range: Range<Int>) throws(Failure) {
    var reader = ProtobufReader(contents, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: nodes.append(try ONNXNode(contents, field.range))
      case 5:
        let tensor = try ONNXTensorData(contents, field.range)
        guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
          throw ProtobufReader.damaged("two tensors are called \(tensor.name)")
        }
      case 11: inputs.append(try value(field.range))
      case 12: outputs.append(try value(field.range))
      case 15: throw ProtobufReader.damaged("it has sparse tensors, which are not supported")
      default: break
      }
      guard max(nodes.count, tensors.count, inputs.count, outputs.count) <= Self.most else {
        throw Failure(
          .badInput, step: "reading ONNX", cause: "more than \(Self.most) nodes, tensors, inputs or outputs")
      }
    }
  }

  private func value(_ range: Range<Int>) throws(Failure) -> Value {
    var result = Value()
    var reader = ProtobufReader(contents, range)
    while let field = try reader.next() {
      if field.number == 1 { result.name = try field.text(contents) }
      guard field.number == 2 else { continue }
      var type = ProtobufReader(contents, try field.range)
      while let field = try type.next() {
        guard field.number == 1 else { continue }
        var tensor = ProtobufReader(contents, try field.range)
        while let field = try tensor.next() {
          if field.number == 1 { result.type = try field.integer }
          if field.number == 2 { result.shape = try shape(field.range) }
        }
      }
    }
    return result
  }

  private func shape(_ range: Range<Int>) throws(Failure) -> [Int?] {
    var sides: [Int?] = []
    var reader = ProtobufReader(contents, range)
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      var side: Int?
      var dimension = ProtobufReader(contents, try field.range)
      while let field = try dimension.next() {
        if field.number == 1 { side = try field.integer }
      }
      // Some writers put 0 or -1 for a side that is free.
      sides.append(side.flatMap { $0 > 0 ? $0 : nil })
      guard sides.count <= 8 else { throw ProtobufReader.damaged("a value of more than 8 axes") }
    }
    return sides
  }
}
