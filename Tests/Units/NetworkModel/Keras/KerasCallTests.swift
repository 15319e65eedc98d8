import FrameStream
import SystemIO
import Testing

@testable import NetworkModel

/// Calls of layers and operations: every argument is part of the network that is read, or the file is refused.
struct KerasCallTests {
  private static let tensor =
    #"{"class_name":"__keras_tensor__","config":{"shape":[null,4,4,2],"dtype":"float32","keras_history":["in",0,0]}}"#
  private static let layers = "keras.layers"
  private static let numpy = "keras.src.ops.numpy"

  /// A model of an input and one call.
  private static func model(
    _ kind: String, module: String?, node: String, configuration: String = "", registered: String = "null"
  ) -> String {
    let origin = module.map { #""module":\#($0),"registered_name":\#(registered),"# } ?? ""
    return """
      {"class_name":"Functional","config":{"name":"m","layers":[
      {"class_name":"InputLayer","name":"in","config":{"batch_shape":[null,4,4,2],"name":"in"},"inbound_nodes":[]},
      {"class_name":"\(kind)",\(origin)"name":"called","config":{"name":"called"\(configuration)},
      "inbound_nodes":[\(node)]}],
      "input_layers":[["in",0,0]],"output_layers":[["called",0,0]]}}
      """
  }

  private static func read(_ text: String) throws(Failure) -> ModelGraph {
    try KerasGraphReader.read(JSONValue(JSONText(parsing: Array(text.utf8)))).graph
  }

  private static func call(_ arguments: String, _ named: String = "") -> String {
    #"{"args":[\#(arguments)],"kwargs":{\#(named)}}"#
  }

  /// Forms of a constant, and how many values each has.
  private static let constants = [
    ("2.0", 1), ("-3", 1), (#"{"class_name":"__numpy__","config":{"value":[1.5,2],"dtype":"float32"}}"#, 2),
    (#"{"class_name":"__tensor__","config":{"value":[[[[1,2]]]],"dtype":"bfloat16"}}"#, 2),
    (#"{"class_name":"__tensor__","config":{"value":0.5,"dtype":"int32"}}"#, 1),
  ]

  @Test(arguments: ["Add", "Subtract", "Multiply", "TrueDivide", "Divide", "Maximum", "Minimum", "Power"])
  func operationsTakeConstants(_ kind: String) throws {
    for (constant, count) in Self.constants {
      let calls = [
        Self.call("\(Self.tensor),\(constant)"), Self.call("\(constant),\(Self.tensor)"),
        Self.call("", #""x1":\#(Self.tensor),"x2":\#(constant)"#),
        Self.call("", #""x2":\#(Self.tensor),"x1":\#(constant)"#),
        Self.call(Self.tensor, #""x2":\#(constant)"#),
      ]
      for (index, call) in calls.enumerated() {
        let graph = try Self.read(Self.model(kind, module: "\"\(Self.numpy)\"", node: call))
        let layer = graph.layers[graph.output]
        guard case .arithmetic = layer.operation, layer.inputs.count == 2 else {
          Issue.record("\(kind) \(call): \(layer.operation)")
          continue
        }
        let isFirst = index == 1 || index == 3
        guard case .constant(let found) = graph.layers[layer.inputs[isFirst ? 0 : 1]].operation else {
          Issue.record("\(kind) \(call): the constant is not in its place")
          continue
        }
        #expect(found.values.count == count)
        #expect(graph.layers[layer.inputs[isFirst ? 1 : 0]].operation == .input)
      }
    }
  }

  /// Things that a call may hold beside the tensor it is for.
  private static let others = [
    "2.0", "true", #""text""#, "[1,2]", tensor, "[\(tensor)]",
    #"{"class_name":"__numpy__","config":{"value":[1,2],"dtype":"float32"}}"#,
    #"{"class_name":"__tensor__","config":{"value":[[[[1,2]]]],"dtype":"float32"}}"#,
    #"{"class_name":"__slice__","config":{"start":null,"stop":null,"step":null}}"#,
    #"{"class_name":"__bytes__","config":{"value":"x"}}"#, #"{"other":1}"#,
  ]

  /// Nothing that stands among a call's arguments is passed over: it is an operand of the layer, or the file is refused by
  /// the layer's name.
  @Test func noArgumentIsIgnored() throws {
    let kinds: [(kind: String, module: String, configuration: String)] = [
      ("Conv2D", Self.layers, #","filters":2,"kernel_size":[1,1]"#),
      ("Dropout", Self.layers, #","rate":0.5"#),
      ("BatchNormalization", Self.layers, ""), ("ReLU", Self.layers, ""), ("Flatten", Self.layers, ""),
      ("Dense", Self.layers, #","units":3"#), ("Add", Self.layers, ""), ("Multiply", Self.layers, ""),
      ("Concatenate", Self.layers, ""), ("GlobalAveragePooling2D", Self.layers, ""),
      ("Reshape", Self.layers, #","target_shape":[-1]"#), ("Add", Self.numpy, ""),
      ("Multiply", Self.numpy, ""),
      ("Relu", "keras.src.ops.nn", ""), ("Mean", Self.numpy, #","axis":-1,"keepdims":true"#),
      ("Clip", Self.numpy, #","x_min":0,"x_max":1"#), ("Concatenate", Self.numpy, #","axis":-1"#),
      ("Reshape", Self.numpy, #","newshape":[-1,32]"#), ("Square", Self.numpy, ""),
      ("GetItem", Self.numpy, ""),
    ]
    for (kind, module, configuration) in kinds {
      for other in Self.others {
        let calls = [
          Self.call("\(Self.tensor),\(other)"), Self.call("\(other),\(Self.tensor)"),
          Self.call("[\(Self.tensor),\(other)]"), Self.call("[\(other),\(Self.tensor)]"),
          Self.call("\(Self.tensor),\(Self.tensor),\(other)"), Self.call(Self.tensor, #""y":\#(other)"#),
          Self.call(Self.tensor, #""training":\#(other)"#), Self.call(Self.tensor, #""mask":\#(other)"#),
          Self.call("[\(Self.tensor),\(Self.tensor)]", #""inputs":\#(other)"#),
          #"{"args":[\#(Self.tensor)],"kwargs":{},"more":\#(other)}"#,
        ]
        for call in calls {
          let text = Self.model(kind, module: "\"\(module)\"", node: call, configuration: configuration)
          do throws(Failure) {
            let graph = try Self.read(text)
            // What was read has an operand for each element of the call.
            let elements = call.components(of: "__keras_tensor__") + (other.isConstant ? 1 : 0)
            let isHarmless =
              call.contains(#""training":true"#) && graph.layers[graph.output].kind != "Dropout"
            #expect(
              graph.layers[graph.output].inputs.count == elements || isHarmless,
              "\(kind) of \(module): \(call)")
          } catch {
            #expect(error.subject.contains("layer called"), "\(kind): \(call): \(error)")
          }
        }
      }
    }
  }

  @Test func aClassIsKnownByModuleAndName() throws {
    let node = Self.call(Self.tensor)
    func read(_ module: String?, _ registered: String = "null") throws(Failure) {
      _ = try Self.read(
        Self.model(
          "Dense", module: module, node: node, configuration: #","units":3"#, registered: registered))
    }
    for module in [
      "\"keras.layers\"", "\"keras.src.layers.core.dense\"", "\"tf_keras.src.layers.core.dense\"", nil,
    ] {
      try read(module)
    }
    for (module, registered) in [
      ("null", "\"Dense\""), ("\"mine.layers\"", "\"Dense\""), ("\"keras.layers\"", "\"Custom>Dense\""),
      ("\"keras_cv.layers\"", "null"), ("\"builtins\"", "null"),
    ] {
      #expect(throws: Failure.self, "\(module)") { try read(module, registered) }
    }
  }

  /// Keras 2's calls: nested lists, with keyword arguments in the fourth place.
  @Test(arguments: [
    (#"[["in",0,0,{}]]"#, true), (#"[["in",0,0]]"#, true), (#"[["in",0,0,{"training":null}]]"#, true),
    (#"[["in",0,0,{"training":false}]]"#, true), (#"[["in",0,0,{"training":true}]]"#, false),
    (#"[["in",0,0,{"y":2.0}]]"#, false), (#"[["in",0,1,{}]]"#, false),
    (#"[["in",0,0,{}],["in",0,0,{}]]"#, false), (#"[["_CONSTANT_VALUE",-1,2.0,{}]]"#, false),
  ])
  func olderCalls(_ node: String, _ isRead: Bool) throws {
    let text = Self.model("Dropout", module: nil, node: node, configuration: #","rate":0.5"#)
    let graph = try? Self.read(text)
    #expect((graph != nil) == isRead)
    if node.contains("false") { #expect(graph?.layers.last?.operation == .dropout(rate: 0)) }
  }
}

extension String {
  fileprivate func components(of word: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: word) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }

  /// True for a number or an array of numbers.
  fileprivate var isConstant: Bool { self == "2.0" || contains("__numpy__") || contains("__tensor__") }
}
