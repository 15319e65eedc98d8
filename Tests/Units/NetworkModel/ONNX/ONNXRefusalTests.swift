import Foundation
import ONNXParts
import SystemIO
import Testing

@testable import NetworkModel

/// Files that are no such networks, or hostile: one clear error that names the node, and never a crash.
struct ONNXRefusalTests {
  private static func refusal(_ file: [UInt8]) -> Failure? {
    do throws(Failure) {
      _ = try ONNXModel(bytes: file).network(height: 8, width: 8)
      return nil
    } catch {
      return error
    }
  }

  /// A graph from `x` of [1, 3, 8, 8] to `y`.
  private static func graph(operatorSet: Int = 13, _ make: (inout ONNXParts) -> Void) -> [UInt8] {
    var parts = ONNXParts()
    parts.input("x", [1, 3, 8, 8])
    parts.output("y")
    make(&parts)
    return parts.file(operatorSet: operatorSet)
  }

  private static func kernel(_ shape: [Int], group: Int = 1) -> [UInt8] {
    graph {
      let kernel = $0.constant(shape, .init(repeating: 1, count: shape.reduce(1, *)))
      $0.node("Conv", ["x", kernel], ["y"], ["group": .integer(group)], name: "first")
    }
  }

  private static func tensor(_ fields: [UInt8]) -> [UInt8] {
    graph {
      $0.graph += ONNXParts.field(5, ONNXParts.field(8, "w") + fields)
      $0.node("Mul", ["x", "w"], ["y"], name: "factor")
    }
  }

  /// A file, and what the message has to name.
  private static let cases: [(name: String, file: [UInt8], words: [String])] = [
    ("empty", [], ["no ONNX network"]),
    ("text", Array("hello, world".utf8), ["damaged"]),
    ("no graph", ONNXParts.field(1, 8), ["no ONNX network"]),
    (
      "unknown operator", graph { $0.node("GridSample", ["x"], ["y"], name: "warp") }, ["warp", "GridSample"]
    ),
    ("unnamed node", graph { $0.node("Loop", ["x"], ["y"]) }, ["node y (Loop)", "not supported"]),
    (
      "another's operator", graph { $0.node("Gelu", ["x"], ["y"], name: "n", domain: "com.example") },
      ["n (Gelu)", "com.example"]
    ),
    (
      "cycle",
      graph {
        $0.node("Add", ["x", "b"], ["a"], name: "round")
        $0.node("Relu", ["a"], ["b"])
        $0.node("Relu", ["b"], ["y"])
      }, ["cycle"]
    ),
    ("itself", graph { $0.node("Add", ["x", "y"], ["y"], name: "loop") }, ["loop", "cycle"]),
    (
      "given twice",
      graph {
        $0.node("Relu", ["x"], ["y"])
        $0.node("Neg", ["x"], ["y"], name: "second")
      }, ["second", "twice"]
    ),
    ("given by nothing", graph { $0.node("Relu", ["z"], ["y"], name: "n") }, ["node n", "z"]),
    ("no such output", graph { $0.node("Relu", ["x"], ["z"]) }, ["output y"]),
    (
      "of no picture",
      graph {
        let constant = $0.constant([1, 3, 8, 8], .init(repeating: 1, count: 192))
        $0.node("Neg", [constant], ["y"])
      }, ["output y", "does not depend"]
    ),
    ("no outputs", ONNXParts().file(), ["no outputs"]),
    ("old", graph(operatorSet: 6) { $0.node("Relu", ["x"], ["y"]) }, ["version 6"]),
    ("new", graph(operatorSet: 99) { $0.node("Relu", ["x"], ["y"]) }, ["version 99"]),
    (
      "two inputs",
      graph {
        $0.input("z", [1, 3, 8, 8])
        $0.node("Add", ["x", "z"], ["y"])
      }, ["2 inputs", "x, z"]
    ),
    ("whole numbers in", picture([1, 3, 8, 8], type: 2), ["input x", "UINT8"]),
    ("no picture", picture([1, 3, 8]), ["input x", "no picture"]),
    ("free channels", picture([1, nil, 8, 8]), ["input x", "channels"]),
    ("channels of a kernel", kernel([2, 4, 3, 3]), ["first", "channels"]),
    ("groups of a kernel", kernel([2, 1, 3, 3], group: 0), ["first", "group"]),
    ("a group too large", kernel([2, 1, 3, 3], group: Int.max), ["first", "group"]),
    ("a kernel of one axis", kernel([6]), ["first", "not for pictures"]),
    ("a kernel larger than the picture", kernel([1, 3, 9, 9]), ["first", "does not fit"]),
    (
      "a kernel of whole numbers",
      graph {
        let kernel = $0.integers(.init(repeating: 1, count: 3), shape: [1, 3, 1, 1])
        $0.node("Conv", ["x", kernel], ["y"], name: "n")
      }, ["node n", "whole numbers"]
    ),
    (
      "a kernel that is computed",
      graph { $0.node("Conv", ["x", "x"], ["y"], name: "n") }, ["node n", "depends on the picture"]
    ),
    (
      "shapes that differ",
      graph {
        let addend = $0.constant([5], [1, 2, 3, 4, 5])
        $0.node("Add", ["x", addend], ["y"], name: "n")
      }, ["node n", "differ"]
    ),
    (
      "a shape of floats",
      graph {
        let shape = $0.constant([1], [192])
        $0.node("Reshape", ["x", shape], ["y"], name: "n")
      }, ["node n", "floats"]
    ),
    (
      "a shape too large",
      graph {
        let shape = $0.integers([Int.max, Int.max])
        $0.node("Reshape", ["x", shape], ["y"], name: "n")
      }, ["node n", "does not fit"]
    ),
    (
      "a padding too large",
      graph {
        let pads = $0.integers([0, 0, 0, 0, 0, 0, Int.max, 0])
        $0.node("Pad", ["x", pads], ["y"], name: "n")
      }, ["node n", "pads"]
    ),
    (
      "a scale too large",
      graph {
        let scales = $0.constant([4], [1, 1, 1e30, 1])
        $0.node("Resize", ["x", "", scales], ["y"], name: "n")
      }, ["node n", "scale"]
    ),
    (
      "values without end",
      graph {
        let sides = $0.integers([1 << 40, 1 << 40])
        $0.node("ConstantOfShape", [sides], ["c"], name: "n")
        $0.node("Add", ["x", "c"], ["y"])
      }, ["node n", "too many"]
    ),
    (
      "values that double",
      graph {
        var last = $0.constant([1024], .init(repeating: 0, count: 1024))
        for index in 0..<40 {
          $0.node("Concat", [last, last], ["d\(index)"], ["axis": .integer(0)])
          last = "d\(index)"
        }
        $0.node("Add", ["x", last], ["y"])
      }, ["too many"]
    ),
    (
      "a result that is not given",
      graph {
        $0.node("MaxPool", ["x"], ["y0", "indices"], ["kernel_shape": .integers([2, 2])])
        $0.node("Relu", ["indices"], ["y"], name: "n")
      }, ["node n", "indices"]
    ),
    (
      "bytes that are too few",
      tensor(ONNXParts.field(1, 3) + ONNXParts.field(2, 1) + ONNXParts.field(9, [1, 2])), ["tensor w"]
    ),
    ("a side below 0", tensor(ONNXParts.field(1, -3) + ONNXParts.field(2, 1)), ["tensor w", "negative"]),
    (
      "sides too large",
      tensor(ONNXParts.field(1, 1 << 40) + ONNXParts.field(1, 1 << 40) + ONNXParts.field(2, 1)), ["tensor w"]
    ),
    (
      "no values", tensor(ONNXParts.field(1, 0) + ONNXParts.field(1, Int.max) + ONNXParts.field(2, 1)),
      ["tensor w"]
    ),
    ("texts as elements", tensor(ONNXParts.field(1, 1) + ONNXParts.field(2, 8)), ["tensor w", "STRING"]),
    ("many axes", tensor((0..<9).flatMap { _ in ONNXParts.field(1, 1) } + ONNXParts.field(2, 1)), ["8 axes"]),
    ("another file", external("weights.bin"), ["tensor w", "weights.bin", "another file"]),
    ("a number that does not end", [0x08] + .init(repeating: 0xFF, count: 20), ["ten bytes"]),
    (
      "a length beyond the end", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1],
      ["bytes in a message"]
    ),
    (
      "an index beyond all",
      graph {
        let indices = $0.integers([Int.max, 0])
        $0.node("Gather", ["x", indices], ["y"], ["axis": .integer(2)], name: "n")
      }, ["node n", "do not follow"]
    ),
    (
      "a range of the largest numbers", range(Int.max, Int.min, -Int.max), ["node n", "a range from"]
    ),
    ("a range without end", range(0, Int.max, 1), ["node n", "more than 16777216 values"]),
    ("a range without steps", range(0, 8, 0), ["node n", "step is 0"]),
    (
      "a value of many axes",
      graph {
        let axes = $0.integers(Array(0..<20_000))
        $0.node("Unsqueeze", ["x", axes], ["y"], name: "n")
      }, ["node n", "20004 axes"]
    ),
    (
      "packed numbers that are too many",
      tensor(ONNXParts.field(1, 3) + ONNXParts.field(2, 7) + ONNXParts.field(7, [1, 2, 3, 4])),
      ["field 7 has more than 3 numbers"]
    ),
    (
      "packed sides", tensor(ONNXParts.field(1, [UInt8](repeating: 1, count: 9)) + ONNXParts.field(2, 1)),
      ["8 axes"]
    ),
    ("groups of old protobufs", [0x0B, 0x0C], ["wire type"]),
    (
      "a name without end", graph { $0.node(String(repeating: "x", count: 2000), ["x"], ["y"]) },
      ["2000 bytes"]
    ),
  ]

  private static func range(_ start: Int, _ end: Int, _ step: Int) -> [UInt8] {
    graph {
      var numbers: [String] = []
      for number in [start, end, step] { numbers.append($0.integers([number], shape: [])) }
      $0.node("Range", numbers, ["r"], name: "n")
      $0.node("Add", ["x", "r"], ["y"])
    }
  }

  private static func picture(_ shape: [Int?], type: Int = 1) -> [UInt8] {
    var parts = ONNXParts()
    parts.input("x", shape, type: type)
    parts.output("y")
    parts.node("Relu", ["x"], ["y"])
    return parts.file()
  }

  private static func external(_ location: String) -> [UInt8] {
    tensor(
      ONNXParts.field(1, 3) + ONNXParts.field(1, 1) + ONNXParts.field(1, 1) + ONNXParts.field(2, 1)
        + ONNXParts.field(13, ONNXParts.field(1, "location") + ONNXParts.field(2, location))
        + ONNXParts.field(13, ONNXParts.field(1, "offset") + ONNXParts.field(2, "4"))
        + ONNXParts.field(14, 1))
  }

  @Test func oneClearError() {
    for (name, file, words) in Self.cases {
      guard let error = Self.refusal(file) else {
        Issue.record("\(name): not refused")
        continue
      }
      #expect(error.kind == .badInput, "\(name)")
      for word in words { #expect("\(error)".contains(word), "\(name): \(error)") }
      #expect(!"\(error)".contains("\n"), "\(name)")
    }
  }

  /// The smallest and largest whole numbers wherever a node of any kind takes one: refused or read, never a crash. A message
  /// stays short however long a list is.
  @Test func extremeNumbers() {
    let numbers = [Int.min, -1 << 31, -1, 0, 1, 2, 1 << 31, 1 << 53, Int.max - 1, Int.max]
    let lists = numbers.flatMap { a in [[a], [a, 1], [1, a], [a, a], [0, a, a, 1]] }
    let names = [
      "axis", "axes", "perm", "pads", "paddings", "strides", "dilations", "kernel_shape", "output_padding",
      "output_shape", "split", "shape", "starts", "ends", "group", "to", "keepdims", "start", "end", "sizes",
    ]
    let kinds = """
      Gather Slice Split Squeeze Unsqueeze Reshape Flatten Transpose Concat Pad Resize Upsample Expand Range ReduceMean
      ReduceSum Conv ConvTranspose MaxPool AveragePool Softmax Shape Cast ConstantOfShape Gemm MatMul Where Add Mul Div
      """.split { " \n".contains($0) }.map(String.init)
    var longest = 0
    func attributes(_ list: [Int]) -> [String: ONNXParts.Attribute] {
      let value = list.count == 1 ? ONNXParts.Attribute.integer(list[0]) : .integers(list)
      return Dictionary(uniqueKeysWithValues: names.map { ($0, value) })
    }
    for kind in kinds {
      for (index, list) in lists.enumerated() {
        let operatorSet = index % 2 == 0 ? 9 : 18
        // An operator on the picture, and on what is known before it.
        let computed = Self.graph(operatorSet: operatorSet) {
          let constant = $0.integers(list)
          $0.node(kind, ["x", constant, constant], ["y"], attributes(list))
        }
        let known = Self.graph(operatorSet: operatorSet) {
          let (constant, scalar) = ($0.integers(list), $0.integers([list[0]], shape: []))
          $0.node("Shape", ["x"], ["s"])
          $0.node(kind, ["s", constant, constant], ["a"], attributes(list))
          $0.node(kind, [scalar, scalar, constant], ["b"])
          $0.node("Add", ["a", "b"], ["c"])
          $0.node("Add", ["x", "c"], ["y"])
        }
        for file in [computed, known] {
          longest = max(longest, Self.refusal(file)?.description.utf8.count ?? 0)
        }
      }
    }
    #expect(longest > 0 && longest < 600)
    let long = Self.graph {
      let pads = $0.integers([Int](repeating: Int.min, count: 5000))
      $0.node("Pad", ["x", pads], ["y"])
    }
    #expect((Self.refusal(long)?.description.utf8.count ?? 0) < 600)
  }

  /// Ranges of whole numbers are whole, up to the largest.
  @Test func rangesAreExact() throws {
    for (start, end, step, count) in [
      (0, 8, 1, 8), (8, 0, -1, 8), (Int.max - 9, Int.max - 1, 1, 8), (Int.min, Int.min + 15, 2, 8),
      (0, Int.max, 1 << 60, 8), (0, 7, Int.max, 1), (3, 3, 1, 0), (3, 0, 5, 0),
    ] {
      let file = Self.graph {
        var numbers: [String] = []
        for number in [start, end, step] { numbers.append($0.integers([number], shape: [])) }
        $0.node("Range", numbers, ["r"])
        $0.node("Cast", ["r"], ["c"], ["to": .integer(1)])
        // As many columns as the picture has, or one; nothing can be added.
        $0.node("Add", ["x", "c"], ["y"], name: "n")
      }
      #expect((Self.refusal(file) == nil) == (count > 0), "\(start) \(end) \(step)")
    }
  }

  /// Any number of tensors may name the same bytes, of the model or of a file beside it: all count.
  @Test func valuesOfAllTensorsAreLimited() throws {
    let files = ONNXExternalData(folder: nil)
    try files.charge(ModelLimits.parameters - 5, isFloat: true)
    let bytes = ONNXParts.tensor("w", [3], [1, 2, 3])
    let data = try ONNXTensorData(FileContents(bytes), 0..<bytes.count)
    #expect(try data.values(files).count == 3)
    #expect {
      try data.values(files)
    } throws: {
      ($0 as? Failure)?.description.contains("tensor w: reading ONNX: the tensors have more than") ?? false
    }
  }

  /// A network with most kinds of fields: cut at every byte, and with every byte changed.
  @Test func damagedAnywhere() throws {
    let file = Self.graph {
      let kernel = $0.constant([2, 3, 3, 3], .init(repeating: 0.5, count: 54))
      let (shape, zero) = ($0.integers([-1, 2]), $0.integers([0], shape: []))
      $0.node(
        "Conv", ["x", kernel], ["a"], ["pads": .integers([1, 1, 1, 1]), "strides": .integers([2, 2])])
      $0.node("Clip", ["a", "", $0.constant([], [6])], ["b"])
      $0.node("Shape", ["b"], ["s"])
      $0.node("Gather", ["s", zero], ["g"])
      $0.node("Transpose", ["b"], ["t"], ["perm": .integers([2, 3, 0, 1])])
      $0.node("Reshape", ["t", shape], ["r"])
      $0.node("Softmax", ["r"], ["y"], ["axis": .integer(-1)])
    }
    #expect(Self.refusal(file) == nil)
    for count in file.indices { #expect(Self.refusal(Array(file[..<count])) != nil, "\(count) bytes") }
    var refused = 0
    for index in file.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
        var changed = file
        changed[index] = value
        refused += Self.refusal(changed) == nil ? 0 : 1
      }
    }
    #expect(refused > file.count)
  }

  /// Values of tensors may lie in a file beside the model, and nowhere else.
  @Test func filesBesideTheModel() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fm-\(UUID().uuidString)")
    let inner = folder.appendingPathComponent("inner")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let values: [Float] = [9, 2, 3, 4]
    for place in [inner, folder] {
      try values.withUnsafeBytes { try Data($0).write(to: place.appendingPathComponent("w.bin")) }
      try values.withUnsafeBytes {
        try Data($0.prefix(12)).write(to: place.appendingPathComponent("short.bin"))
      }
    }
    let path = inner.appendingPathComponent("net.onnx").path
    func refusal(_ location: String) throws -> String? {
      try Data(Self.external(location)).write(to: URL(fileURLWithPath: path))
      do throws(Failure) {
        let graph = try ONNXModel(path: path).network().graph
        #expect(graph.layers[1].operation == .affine(scale: [2, 3, 4], offset: [0]))
        return nil
      } catch {
        return error.description
      }
    }
    #expect(try refusal("w.bin") == nil)
    for wrong in ["../w.bin", "/etc/hostname", "", ".", "..", "a/../w.bin", "inner/w.bin"] {
      #expect(try refusal(wrong)?.contains("plain name") == true, "\(wrong)")
    }
    #expect(try refusal("short.bin")?.contains("short.bin, which has 12") == true)
    #expect(try refusal("none.bin")?.contains("none.bin") == true)
    #expect(mkfifo(inner.appendingPathComponent("pipe.bin").path, 0o600) == 0)
    #expect(try refusal("pipe.bin")?.contains("pipe.bin") == true)
  }
}
