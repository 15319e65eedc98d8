/// Configurations of models as Keras wrote them, for the seeds.
enum KerasConfigurations {
  /// Keras 2, Sequential.
  static let legacy = """
    {"class_name":"Sequential","config":{"name":"sequential","layers":[
    {"class_name":"Flatten","config":{"name":"flat","batch_input_shape":[null,4,4,1],"dtype":"float32"}},
    {"class_name":"Dense","config":{"name":"last","units":3,"activation":"softmax","use_bias":true}}]},
    "keras_version":"2.4.0","backend":"tensorflow"}
    """

  /// Keras 2, Functional: nodes are lists.
  static let concatenation = """
    {"class_name":"Functional","config":{"name":"f","layers":[
    {"class_name":"InputLayer","name":"in","config":{"name":"in","batch_shape":[null,8,9,1]},"inbound_nodes":[]},
    {"class_name":"ZeroPadding2D","name":"p","config":{"name":"p","padding":[[1,0],[0,1]]},
    "inbound_nodes":[[["in",0,0,{}]]]},
    {"class_name":"Concatenate","name":"c","config":{"name":"c","axis":-1},
    "inbound_nodes":[[["in",0,0,{}],["p",0,0,{}]]]}],
    "input_layers":[["in",0,0]],"output_layers":[["c",0,0]]}}
    """

  /// Keras 3, Functional: a layer that is called twice, and layers whose order is not that of the calls.
  static let functional =
    begin + "["
    + layer("Add", "sum", "", inputs: [("a", 0), ("a", 1)])
    + "," + layer("ReLU", "a", #""max_value":null,"negative_slope":0.0,"threshold":0.0"#, calls: ["in", "b"])
    + "," + layer("ELU", "b", #""alpha":1.0"#, inputs: [("in", 0)])
    + "," + input + "]" + end(output: "sum")

  /// Keras 3: a Functional model with a Sequential one in it.
  static let nested =
    begin + "[" + input + "," + inner + ","
    + layer(
      "Conv2D", "side",
      #""filters":2,"kernel_size":[1,1],"padding":"valid","use_bias":true,"activation":{"module":"keras.activations","#
        + #""class_name":"function","config":"tanh","registered_name":"tanh"}"#, inputs: [("in", 0)])
    + "," + layer("Add", "sum", "", inputs: [("inner", 0), ("side", 0)])
    + "," + layer("GlobalAveragePooling2D", "mean", #""keepdims":false"#, inputs: [("sum", 0)])
    + ","
    + layer("Dense", "out", #""units":3,"activation":"softmax","use_bias":true"#, inputs: [("mean", 0)])
    + "]" + end(output: "out")

  /// The weights of ``nested``: a name and the sides of each.
  static let nestedWeights = """
    layers/sequential/layers/conv2d/vars/0 3 3 1 2
    layers/sequential/layers/conv2d/vars/1 2
    layers/conv2d/vars/0 1 1 1 2
    layers/conv2d/vars/1 2
    layers/dense/vars/0 2 3
    layers/dense/vars/1 3
    """

  private static let begin =
    #"{"module":"keras.src.models.functional","class_name":"Functional","config":{"name":"f","layers":"#

  private static func end(output: String) -> String {
    #","input_layers":["in",0,0],"output_layers":["\#(output)",0,0]},"registered_name":"Functional","#
      + #""build_config":{"input_shape":null}}"#
  }

  private static let input =
    #"{"module":"keras.layers","class_name":"InputLayer","config":{"batch_shape":[null,8,9,1],"name":"in"},"#
    + #""registered_name":null,"name":"in","inbound_nodes":[]}"#

  private static let inner =
    #"{"module":"keras","class_name":"Sequential","config":{"name":"inner","layers":["#
    + #"{"class_name":"InputLayer","config":{"batch_shape":[null,8,9,1],"name":"begin"}},"#
    + #"{"class_name":"Conv2D","config":{"name":"c","filters":2,"kernel_size":[3,3],"strides":[1,1],"padding":"same","#
    + #""data_format":"channels_last","dilation_rate":[1,1],"groups":1,"activation":"linear","use_bias":true}},"#
    + #"{"class_name":"ReLU","config":{"name":"r","max_value":6.0,"negative_slope":0.1,"threshold":0.0}}],"#
    + #""build_input_shape":[null,8,9,1]},"name":"inner","inbound_nodes":[\#(node([("in", 0)]))]}"#

  /// A layer that is called once.
  private static func layer(
    _ kind: String, _ name: String, _ configuration: String, inputs: [(String, Int)]
  ) -> String {
    entry(kind, name, configuration, nodes: [node(inputs)])
  }

  /// A layer that is called with each of the others' first results.
  private static func layer(
    _ kind: String, _ name: String, _ configuration: String, calls: [String]
  ) -> String {
    entry(kind, name, configuration, nodes: calls.map { node([($0, 0)]) })
  }

  private static func entry(
    _ kind: String, _ name: String, _ configuration: String, nodes: [String]
  ) -> String {
    #"{"module":"keras.layers","class_name":"\#(kind)","config":{"name":"\#(name)""#
      + (configuration.isEmpty ? "" : "," + configuration)
      + #"},"registered_name":null,"name":"\#(name)","inbound_nodes":[\#(nodes.joined(separator: ","))]}"#
  }

  private static func node(_ inputs: [(String, Int)]) -> String {
    let tensors = inputs.map { name, call in
      #"{"class_name":"__keras_tensor__","config":{"shape":[null,8,9,1],"dtype":"float32","#
        + #""keras_history":["\#(name)",\#(call),0]}}"#
    }
    let list = tensors.joined(separator: ",")
    return #"{"args":[\#(inputs.count > 1 ? "[" + list + "]" : list)],"kwargs":{}}"#
  }
}
