/// The bytes of a small ONNX file, written as protocol buffers by hand.
struct ONNXBytes {
  private var bytes: [UInt8] = []

  /// A field with a whole number.
  mutating func number(_ field: Int, _ value: Int) {
    varint(UInt64(field << 3))
    varint(UInt64(value))
  }

  /// A field with bytes, a string or another message.
  mutating func block(_ field: Int, _ block: [UInt8]) {
    varint(UInt64(field << 3 | 2))
    varint(UInt64(block.count))
    bytes += block
  }

  mutating func text(_ field: Int, _ text: String) { block(field, Array(text.utf8)) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func message(_ body: (inout ONNXBytes) -> Void) -> [UInt8] {
    var message = ONNXBytes()
    body(&message)
    return message.bytes
  }

  /// A tensor of floats.
  static func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> [UInt8] {
    message { tensor in
      for side in shape { tensor.number(1, side) }
      tensor.number(2, 1)
      tensor.text(8, name)
      tensor.block(
        9, values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }
      )
    }
  }

  /// An input or output of floats; nil sides are free.
  static func value(_ name: String, _ shape: [Int?]) -> [UInt8] {
    message { value in
      value.text(1, name)
      value.block(
        2,
        message { type in
          type.block(
            1,
            message { tensor in
              tensor.number(1, 1)
              tensor.block(
                2,
                message { shapes in
                  for side in shape {
                    shapes.block(
                      1, message { if let side { $0.number(1, side) } else { $0.text(2, "free") } })
                  }
                })
            })
        })
    }
  }

  /// A node with attributes that are lists of whole numbers.
  static func node(_ kind: String, _ inputs: [String], _ output: String, _ attributes: [(String, [Int])] = [])
    -> [UInt8]
  {
    message { node in
      for input in inputs { node.text(1, input) }
      node.text(2, output)
      node.text(3, "make " + output)
      node.text(4, kind)
      for (name, values) in attributes {
        node.block(
          5,
          message { attribute in
            attribute.text(1, name)
            for value in values { attribute.number(8, value) }
            attribute.number(20, 7)
          })
      }
    }
  }

  /// A file of operator set 13.
  static func file(nodes: [[UInt8]], weights: [[UInt8]], input: [UInt8], outputs: [[UInt8]]) -> [UInt8] {
    message { model in
      model.number(1, 8)
      model.block(
        7,
        message { graph in
          for node in nodes { graph.block(1, node) }
          graph.text(2, "detector")
          for weight in weights { graph.block(5, weight) }
          graph.block(11, input)
          for output in outputs { graph.block(12, output) }
        })
      model.block(8, message { $0.number(2, 13) })
    }
  }
}
