import NetworkModel
import ONNXParts

extension WorstInput {
  private static func network(_ name: String, _ make: @escaping @Sendable (inout ONNXParts, Int) -> String)
    -> WorstInput
  {
    WorstInput(name: "onnx: " + name) { count in
      var parts = ONNXParts()
      parts.input("x", [1, 1, 8, 8])
      let last = make(&parts, count)
      parts.output(last)
      return parts.file()
    } read: {
      _ = try? ONNXModel(bytes: $0).network()
    }
  }

  static let onnx: [WorstInput] = [
    network("layers in a row") { parts, count in
      let nodes = max(count / 40, 4)
      for index in 0..<nodes { parts.node("Relu", [index == 0 ? "x" : "n\(index)"], ["n\(index + 1)"]) }
      return "n\(nodes)"
    },
    // Each is given before those that it reads.
    network("nodes from the end to the beginning") { parts, count in
      let nodes = min(max(count / 40, 4), 4000)
      for index in (0..<nodes).reversed() {
        parts.node("Relu", [index == 0 ? "x" : "n\(index)"], ["n\(index + 1)"])
      }
      return "n\(nodes)"
    },
    network("shapes that are computed") { parts, count in
      let nodes = max(count / 60, 4)
      let one = parts.integers([1])
      parts.node("Shape", ["x"], ["n0"])
      for index in 0..<nodes { parts.node("Mul", ["n\(index)", one], ["n\(index + 1)"]) }
      parts.node("Reshape", ["x", "n\(nodes)"], ["y"])
      return "y"
    },
    network("a row that grows") { parts, count in
      let nodes = max(count / 60, 4)
      let one = parts.integers([1])
      parts.node("Concat", [one], ["n0"], ["axis": .integer(0)])
      for index in 0..<nodes {
        parts.node("Concat", ["n\(index)", one], ["n\(index + 1)"], ["axis": .integer(0)])
      }
      parts.node("Reshape", ["x", "n\(nodes)"], ["y"])
      return "y"
    },
    network("tensors") { parts, count in
      let tensors = max(count / 50, 4)
      var last = "x"
      for index in 0..<tensors {
        let constant = parts.constant([], [1])
        if index < 1000 {
          parts.node("Add", [last, constant], ["n\(index)"])
          last = "n\(index)"
        }
      }
      return last
    },
    network("numbers of an attribute") { parts, count in
      parts.node("Relu", ["x"], ["y"], ["axes": .integers([Int](repeating: 1, count: max(count / 2, 1)))])
      return "y"
    },
    network("inputs of a node") { parts, count in
      let names = [String](repeating: "x", count: min(max(count / 3, 1), 4000))
      parts.node("Concat", names, ["y"], ["axis": .integer(2)])
      return "y"
    },
    network("parts of a picture") { parts, count in
      let nodes = min(max(count / 60, 2), 4000)
      let names = (0..<nodes).map { "n\($0)" }
      for name in names { parts.node("Neg", ["x"], [name]) }
      parts.node("Sum", names, ["y"])
      return "y"
    },
    network("a kernel that many nodes share") { parts, count in
      let kernel = parts.constant([1, 1, 1, 1], [2])
      let nodes = min(max(count / 60, 4), 4000)
      for index in 0..<nodes {
        parts.node("Conv", [index == 0 ? "x" : "n\(index)", kernel], ["n\(index + 1)"])
      }
      return "n\(nodes)"
    },
  ]
}
