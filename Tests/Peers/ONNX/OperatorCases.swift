import ONNXParts
import SeededNoise

/// A small ONNX network whose answer is compared with ONNX Runtime's.
struct OperatorCase {
  var name: String
  /// The input's sides, the batch's first.
  var shape: [Int]
  var file: [UInt8]
}

/// Every operator that is supported, in the forms that files have had since version 11 of the operators.
struct OperatorCases {
  private(set) var all: [OperatorCase] = []
  private var noise = Noise(17)
  private let picture = [1, 3, 7, 9]

  init() {
    products()
    activations()
    pooling()
    arithmetic()
    arrangements()
    resizing()
    shapes()
    networks()
  }

  private mutating func add(
    _ name: String, _ kind: String, shape: [Int]? = nil, outputs: Int = 1,
    _ attributes: [String: ONNXParts.Attribute] = [:],
    constants: (inout ONNXParts, inout Noise) -> [String] = { _, _ in [] }
  ) {
    add(name, kind, [13], shape: shape, outputs: outputs, attributes, constants: constants)
  }

  private mutating func add(
    _ name: String, _ kind: String, _ versions: [Int], shape: [Int]? = nil, outputs: Int = 1,
    _ attributes: [String: ONNXParts.Attribute] = [:],
    constants: (inout ONNXParts, inout Noise) -> [String] = { _, _ in [] }
  ) {
    for version in versions {
      let shape = shape ?? picture
      let file = ONNXParts.file(kind, shape, operatorSet: version, outputs: outputs, attributes) {
        constants(&$0, &noise)
      }
      all.append(.init(name: "\(kind)-\(name)-\(version)", shape: shape, file: file))
    }
  }

  /// A network of several nodes, whose output is `y`.
  private mutating func add(
    _ name: String, version: Int = 13, shape: [Int], outputs: [String] = ["y"],
    _ make: (inout ONNXParts, inout Noise) -> Void
  ) {
    var parts = ONNXParts()
    parts.input("x", shape)
    for output in outputs { parts.output(output) }
    make(&parts, &noise)
    all.append(.init(name: "network-\(name)", shape: shape, file: parts.file(operatorSet: version)))
  }

  private mutating func products() {
    func kernel(_ shape: [Int], bias: Int? = nil) -> (inout ONNXParts, inout Noise) -> [String] {
      { parts, noise in
        let kernel = parts.constant(shape, noise.values(shape.reduce(1, *), scale: 0.5))
        return [kernel] + (bias.map { [parts.constant([$0], noise.values($0, scale: 0.5))] } ?? [])
      }
    }
    add("plain", "Conv", [11, 13, 21], constants: kernel([4, 3, 3, 3], bias: 4))
    add("wide", "Conv", ["pads": .integers([2, 0, 1, 3])], constants: kernel([2, 3, 3, 2]))
    add(
      "strided", "Conv", ["strides": .integers([2, 3]), "pads": .integers([0, 1, 1, 0])],
      constants: kernel([2, 3, 3, 3]))
    add("dilated", "Conv", ["dilations": .integers([2, 3])], constants: kernel([2, 3, 3, 3], bias: 2))
    add(
      "depthwise", "Conv", ["group": .integer(3), "pads": .integers([1, 1, 1, 1])],
      constants: kernel([3, 1, 3, 3]))
    add("multiplied", "Conv", ["group": .integer(3)], constants: kernel([6, 1, 3, 3], bias: 6))
    add(
      "grouped", "Conv", shape: [1, 4, 6, 6], ["group": .integer(2)],
      constants: kernel([6, 2, 3, 3], bias: 6))
    for mode in ["SAME_UPPER", "SAME_LOWER", "VALID"] {
      add(
        mode, "Conv", ["auto_pad": .text(mode), "strides": .integers([2, 2])],
        constants: kernel([2, 3, 4, 3]))
    }
    add("plain", "ConvTranspose", [11, 13], constants: kernel([3, 4, 2, 2], bias: 4))
    add("strided", "ConvTranspose", ["strides": .integers([2, 2])], constants: kernel([3, 4, 2, 2]))
    add(
      "padded", "ConvTranspose",
      [
        "strides": .integers([2, 3]), "pads": .integers([1, 0, 1, 2]), "output_padding": .integers([1, 0]),
      ],
      constants: kernel([3, 2, 4, 3], bias: 2))
    add("dilated", "ConvTranspose", ["dilations": .integers([2, 2])], constants: kernel([3, 2, 3, 3]))
    add(
      "grouped", "ConvTranspose", shape: [1, 4, 5, 6], ["group": .integer(2), "strides": .integers([2, 2])],
      constants: kernel([4, 3, 3, 3], bias: 6))
    add(
      "depthwise", "ConvTranspose", ["group": .integer(3), "strides": .integers([2, 2])],
      constants: kernel([3, 1, 4, 4]))
    for mode in ["SAME_UPPER", "SAME_LOWER"] {
      add(
        mode, "ConvTranspose", ["auto_pad": .text(mode), "strides": .integers([2, 2])],
        constants: kernel([3, 2, 3, 3]))
    }
    add(
      "shaped", "ConvTranspose", ["output_shape": .integers([14, 18]), "strides": .integers([2, 2])],
      constants: kernel([3, 2, 3, 3]))
    for version in [11, 15] {
      add("plain", "BatchNormalization", [version], ["epsilon": .float(0.01)]) { parts, noise in
        (0..<4).map { index in
          parts.constant([3], noise.values(3).map { index == 3 ? abs($0) + 0.2 : $0 })
        }
      }
    }
  }

  private mutating func activations() {
    for kind in ["Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Abs", "Neg", "Exp", "Elu", "Selu"] {
      add("plain", kind)
    }
    add("plain", "HardSwish", [14])
    add("plain", "Mish", [18])
    add("plain", "Gelu", [20])
    add("tanh", "Gelu", [20], ["approximate": .text("tanh")])
    add("slope", "Elu", ["alpha": .float(0.3)])
    add("plain", "LeakyRelu", [11, 16])
    add("slope", "LeakyRelu", ["alpha": .float(0.3)])
    add("plain", "Celu", [12], ["alpha": .float(0.7)])
    add("plain", "HardSigmoid", [11])
    add("steep", "HardSigmoid", ["alpha": .float(0.5), "beta": .float(0.3)])
    for version in [11, 13] {
      add("both", "Clip", [version]) { parts, _ in [parts.constant([], [-0.3]), parts.constant([], [0.5])] }
      add("lower", "Clip", [version]) { parts, _ in [parts.constant([], [0.1])] }
      add("upper", "Clip", [version]) { parts, _ in ["", parts.constant([], [0.1])] }
      add("none", "Clip", [version])
    }
    add("attributes", "Clip", [9], ["min": .float(-0.2), "max": .float(0.4)])
    add("channels", "PRelu", [11, 16]) { parts, noise in [parts.constant([3, 1, 1], noise.values(3))] }
    add("one", "PRelu") { parts, _ in [parts.constant([1], [0.2])] }
    add("whole", "PRelu") { parts, noise in [parts.constant([3, 7, 9], noise.values(189))] }
    for (name, axis) in [("last", -1), ("channels", 1), ("rows", 2)] {
      add(name, "Softmax", [11, 13], ["axis": .integer(axis)])
      add(name, "LogSoftmax", [13], ["axis": .integer(axis)])
    }
    add("default", "Softmax", [11, 13])
    ofPositive()
  }

  /// Operators on values that are not negative.
  private mutating func ofPositive() {
    for (kind, version) in [("Sqrt", 11), ("Sqrt", 13), ("Log", 13), ("Reciprocal", 13)] {
      add("\(kind)-\(version)", version: version, shape: picture) { parts, _ in
        let one = parts.constant([], [1.5])
        parts.node("Abs", ["x"], ["a"])
        parts.node("Add", ["a", one], ["b"])
        parts.node(kind, ["b"], ["y"])
      }
    }
  }

  private mutating func pooling() {
    for kind in ["MaxPool", "AveragePool"] {
      add("plain", kind, [11, 13], ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
      add("padded", kind, ["kernel_shape": .integers([3, 2]), "pads": .integers([1, 0, 2, 1])])
      add(
        "up", kind, [13],
        ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2]), "ceil_mode": .integer(1)])
      add(
        "same", kind,
        ["kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]), "auto_pad": .text("SAME_UPPER")])
      add(
        "low", kind,
        ["kernel_shape": .integers([2, 2]), "strides": .integers([1, 2]), "auto_pad": .text("SAME_LOWER")])
    }
    add(
      "counted", "AveragePool",
      [
        "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]), "count_include_pad": .integer(1),
      ])
    add("plain", "GlobalAveragePool")
    add("plain", "GlobalMaxPool")
    for kind in ["ReduceMean", "ReduceMax", "ReduceMin"] {
      add("picture", kind, [11, 13], ["axes": .integers([2, 3])])
      add("channels", kind, ["axes": .integers([1]), "keepdims": .integer(0)])
      add("columns", kind, ["axes": .integers([-1])])
      add("input", kind, [18]) { parts, _ in [parts.integers([2, 3])] }
    }
    add("input", "ReduceSum", [13], ["keepdims": .integer(0)]) { parts, _ in [parts.integers([1, 2])] }
  }

  private mutating func arithmetic() {
    let shapes: [(String, [Int])] = [
      ("number", []), ("one", [1]), ("channels", [3, 1, 1]), ("columns", [9]), ("whole", [1, 3, 7, 9]),
      ("rows", [7, 1]), ("picture", [1, 1, 7, 9]), ("pixels", [1, 3, 1, 1]),
    ]
    for kind in ["Add", "Sub", "Mul", "Div"] {
      for (name, shape) in shapes {
        add(name, kind, [name == "number" ? 11 : 14]) { parts, noise in
          [parts.constant(shape, noise.values(shape.reduce(1, *)).map { $0 + ($0 < 0 ? -0.5 : 0.5) })]
        }
      }
    }
    for kind in ["Max", "Min"] {
      for (name, shape) in shapes.suffix(4) {
        add(name, kind) { parts, noise in [parts.constant(shape, noise.values(shape.reduce(1, *)))] }
      }
    }
    for exponent: Float in [1, 2, 3, -2] {
      add("\(exponent)", "Pow") { parts, _ in [parts.constant([], [exponent])] }
    }
    for kind in ["Sub", "Div", "Add", "Pow"] {
      add("turned-\(kind)", shape: picture) { parts, noise in
        let number = parts.constant([3, 1, 1], [0.5, 1.5, 2])
        parts.node("Sigmoid", ["x"], ["s"])
        parts.node(kind, [number, "s"], ["y"])
      }
    }
    add("branches", shape: picture) { parts, noise in
      let kernel = parts.constant([3, 3, 1, 1], noise.values(9))
      parts.node("Conv", ["x", kernel], ["a"])
      parts.node("GlobalAveragePool", ["a"], ["g"])
      parts.node("Sigmoid", ["g"], ["s"])
      parts.node("Mul", ["a", "s"], ["m"])
      parts.node("Add", ["m", "x"], ["n"])
      parts.node("Sum", ["n", "x", "a"], ["o"])
      parts.node("Mean", ["o", "m"], ["y"])
    }
    add("scaled-after-convolution", shape: picture) { parts, noise in
      let kernel = parts.constant([4, 3, 3, 3], noise.values(108))
      let (factor, addend) = (
        parts.constant([1, 4, 1, 1], noise.values(4)), parts.constant([4, 1, 1], noise.values(4))
      )
      parts.node("Conv", ["x", kernel], ["a"])
      parts.node("Mul", ["a", factor], ["b"])
      parts.node("Add", ["b", addend], ["c"])
      parts.node("Relu", ["c"], ["d"])
      parts.node("Mul", ["d", factor], ["e"])
      parts.node("Sub", ["e", addend], ["y"])
    }
  }

  private mutating func arrangements() {
    add("plain", "Identity")
    add("plain", "Dropout", [11])
    add("plain", "Dropout", [13]) { parts, _ in [parts.constant([], [0.3])] }
    add("float", "Cast", ["to": .integer(1)])
    for (name, sides) in [
      ("rows", [1, -1]), ("zero", [0, 0, -1]), ("pixels", [1, -1, 9]), ("ones", [3, 1, 7, 1, 9]),
    ] {
      add(name, "Reshape", [11, 14]) { parts, _ in [parts.integers(sides)] }
    }
    for axis in [0, 1, 2, -1] { add("\(axis)", "Flatten", ["axis": .integer(axis)]) }
    for order in [[0, 2, 3, 1], [0, 3, 1, 2], [2, 3, 0, 1], [3, 2, 1, 0]] {
      add(order.map(String.init).joined(), "Transpose", ["perm": .integers(order)])
    }
    add("default", "Transpose")
    add("old", "Squeeze", [11], shape: [1, 3, 1, 5], ["axes": .integers([2])])
    add("new", "Squeeze", [13], shape: [1, 3, 1, 5]) { parts, _ in [parts.integers([-2])] }
    add("all", "Squeeze", [13], shape: [1, 3, 1, 5])
    add("old", "Unsqueeze", [11], ["axes": .integers([0, 3])])
    add("new", "Unsqueeze", [13]) { parts, _ in [parts.integers([-1])] }
    let parts: [(String, [Int], [Int], [Int], [Int])] = [
      ("columns", [2], [-1], [3], [1]), ("channels", [1], [9_223_372_036_854_775_807], [1], [1]),
      ("steps", [0, 1], [9, 9], [2, 3], [2, 3]), ("several", [-2, 1], [99, 5], [1, 2], [1, 1]),
    ]
    for (name, starts, ends, axes, steps) in parts {
      add(name, "Slice", [11, 13]) { parts, _ in
        [starts, ends, axes, steps].map { parts.integers($0) }
      }
    }
    for axis in [1, 2, -1] {
      add("one-\(axis)", "Gather", ["axis": .integer(axis)]) { parts, _ in [parts.integers([1], shape: [])] }
      add("row-\(axis)", "Gather", ["axis": .integer(axis)]) { parts, _ in [parts.integers([1, 2])] }
    }
    add("old", "Split", [11], outputs: 2, ["axis": .integer(1), "split": .integers([1, 2])])
    add("new", "Split", [13], outputs: 2, ["axis": .integer(3)]) { parts, _ in [parts.integers([4, 5])] }
    add("even", "Split", [18], outputs: 3, ["axis": .integer(1), "num_outputs": .integer(3)])
    for (name, pads) in [
      ("picture", [0, 0, 1, 2, 0, 0, 3, 0]), ("channels", [0, 1, 0, 0, 0, 2, 0, 0]),
      ("all", [0, 1, 1, 1, 0, 0, 2, 1]),
    ] {
      add(name, "Pad", [11, 18]) { parts, _ in [parts.integers(pads)] }
      add("number-" + name, "Pad", [13]) { parts, _ in [parts.integers(pads), parts.constant([], [0.7])] }
    }
    add("axes", "Pad", [18]) { parts, _ in
      [parts.integers([2, 1]), parts.constant([], [0]), parts.integers([3])]
    }
    for axis in [1, 2, 3, -3] {
      add("concat\(axis)", shape: picture) { parts, _ in
        parts.node("Relu", ["x"], ["a"])
        parts.node("Concat", ["a", "x", "a"], ["y"], ["axis": .integer(axis)])
      }
    }
    add("concat-constant", shape: picture) { parts, noise in
      let constant = parts.constant([1, 2, 7, 9], noise.values(126))
      parts.node("Concat", [constant, "x"], ["y"], ["axis": .integer(1)])
    }
    add("concat-rows", shape: picture) { parts, _ in
      let shape = parts.integers([1, -1, 3])
      parts.node("Transpose", ["x"], ["t"], ["perm": .integers([0, 2, 3, 1])])
      parts.node("Reshape", ["t", shape], ["r"])
      parts.node("Neg", ["r"], ["n"])
      parts.node("Concat", ["r", "n"], ["y"], ["axis": .integer(1)])
    }
  }

  private mutating func resizing() {
    for mode in ["nearest", "linear"] {
      for coordinates in ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"] {
        let attributes: [String: ONNXParts.Attribute] = [
          "mode": .text(mode), "coordinate_transformation_mode": .text(coordinates),
        ]
        add("\(mode)-\(coordinates)-scales", "Resize", [11, 13], attributes) { parts, _ in
          ["", parts.constant([4], [1, 1, 2, 1.5])].map { $0.isEmpty ? parts.constant([0], []) : $0 }
        }
        add("\(mode)-\(coordinates)-sizes", "Resize", [13], attributes) { parts, _ in
          ["", "", parts.integers([1, 3, 10, 5])]
        }
      }
    }
    for rounding in ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"] {
      add("\(rounding)", "Resize", [11], ["nearest_mode": .text(rounding)]) { parts, _ in
        [parts.constant([0], []), parts.constant([4], [1, 1, 3, 0.6])]
      }
    }
    add("axes", "Resize", [18], ["axes": .integers([2, 3])]) { parts, _ in
      ["", parts.constant([2], [2, 2])]
    }
    for mode in ["nearest", "linear"] {
      add(mode, "Upsample", [9], ["mode": .text(mode)]) { parts, _ in [parts.constant([4], [1, 1, 2, 2])] }
    }
  }

  /// Shapes that are computed from the input's.
  private mutating func shapes() {
    add("shape-gather", version: 11, shape: picture) { parts, _ in
      let (zero, rest) = (parts.integers([0], shape: []), parts.integers([-1, 9]))
      parts.node("Shape", ["x"], ["s"])
      parts.node("Gather", ["s", zero], ["g"], ["axis": .integer(0)])
      parts.node("Unsqueeze", ["g"], ["u"], ["axes": .integers([0])])
      parts.node("Concat", ["u", rest], ["c"], ["axis": .integer(0)])
      parts.node("Reshape", ["x", "c"], ["y"])
    }
    add("shape-slice", version: 13, shape: picture) { parts, _ in
      let (zero, one) = (parts.integers([0]), parts.integers([2]))
      let rest = parts.integers([63])
      parts.node("Shape", ["x"], ["s"])
      parts.node("Cast", ["s"], ["f"], ["to": .integer(6)])
      parts.node("Slice", ["f", zero, one, zero], ["part"])
      parts.node("Cast", ["part"], ["i"], ["to": .integer(7)])
      parts.node("Concat", ["i", rest], ["c"], ["axis": .integer(0)])
      parts.node("Reshape", ["x", "c"], ["y"])
    }
    add("resize-to-other", version: 13, shape: picture) { parts, noise in
      let kernel = parts.constant([3, 3, 2, 2], noise.values(36))
      let (two, four, zero) = (parts.integers([2]), parts.integers([4]), parts.integers([0]))
      let sides = parts.integers([1, 3])
      parts.node("Conv", ["x", kernel], ["a"], ["strides": .integers([2, 2])])
      parts.node("Shape", ["x"], ["s"])
      parts.node("Slice", ["s", two, four, zero], ["hw"])
      parts.node("Concat", [sides, "hw"], ["size"], ["axis": .integer(0)])
      parts.node("Resize", ["a", "", "", "size"], ["up"], ["mode": .text("nearest")])
      parts.node("Add", ["up", "x"], ["y"])
    }
    add("shape-arithmetic", version: 13, shape: picture) { parts, _ in
      let (index, three) = (parts.integers([3], shape: []), parts.integers([3], shape: []))
      let row = parts.integers([0])
      let open = parts.integers([-1])
      parts.node("Shape", ["x"], ["s"])
      parts.node("Gather", ["s", index], ["w"], ["axis": .integer(0)])
      parts.node("Div", ["w", three], ["d"])
      parts.node("Mul", ["d", three], ["m"])
      parts.node("Unsqueeze", ["m", row], ["u"])
      parts.node("Concat", [open, "u"], ["c"], ["axis": .integer(0)])
      parts.node("Reshape", ["x", "c"], ["y"])
    }
  }

  private mutating func networks() {
    for (name, alpha, turned) in [("plain", Float(1), 0), ("turned", 0.5, 1)] {
      add("gemm-\(name)", version: name == "plain" ? 11 : 13, shape: picture) { parts, noise in
        let matrix = parts.constant(turned == 1 ? [5, 189] : [189, 5], noise.values(945, scale: 0.2))
        let addend = parts.constant(turned == 1 ? [5] : [1, 5], noise.values(5))
        parts.node("Flatten", ["x"], ["f"])
        parts.node(
          "Gemm", ["f", matrix, addend], ["g"],
          ["alpha": .float(alpha), "beta": .float(2), "transB": .integer(turned)])
        parts.node("Softmax", ["g"], ["y"], ["axis": .integer(1)])
      }
    }
    add("matmul", shape: picture) { parts, noise in
      let (matrix, addend) = (parts.constant([9, 4], noise.values(36)), parts.constant([4], noise.values(4)))
      parts.node("MatMul", ["x", matrix], ["m"])
      parts.node("Add", ["m", addend], ["y"])
    }
    add("matmul-rows", shape: picture) { parts, noise in
      let (matrix, shape) = (
        parts.constant([189, 4], noise.values(756, scale: 0.1)), parts.integers([1, -1])
      )
      let addend = parts.constant([4], noise.values(4))
      parts.node("Transpose", ["x"], ["t"], ["perm": .integers([0, 2, 3, 1])])
      parts.node("Reshape", ["t", shape], ["r"])
      parts.node("MatMul", ["r", matrix], ["m"])
      parts.node("Add", ["m", addend], ["a"])
      parts.node("Softmax", ["a"], ["y"])
    }
    // A head of SCRFD: the batch's axis goes between the others.
    add("scrfd-head", version: 11, shape: picture) { parts, noise in
      let kernel = parts.constant([8, 3, 3, 3], noise.values(216))
      let (one, four) = (parts.integers([-1, 1]), parts.integers([-1, 4]))
      parts.node("Conv", ["x", kernel], ["c"], ["pads": .integers([1, 1, 1, 1])])
      parts.node("Transpose", ["c"], ["t"], ["perm": .integers([2, 3, 0, 1])])
      parts.node("Reshape", ["t", four], ["b"])
      parts.node("Reshape", ["t", one], ["s"])
      parts.node("Sigmoid", ["s"], ["p"])
      let scale = parts.constant([], [3])
      parts.node("Mul", ["b", scale], ["q"])
      parts.node("Reshape", ["q", one], ["r"])
      parts.node("Concat", ["p", "r"], ["y"], ["axis": .integer(0)])
    }
    // Boxes from priors, as Ultra-Light RFB has them in its graph.
    add("priors", version: 11, shape: picture, outputs: ["scores", "boxes"]) { parts, noise in
      let (kernel, labels) = (
        parts.constant([4, 3, 1, 1], noise.values(12)), parts.constant([2, 3, 1, 1], noise.values(6))
      )
      let (rows, pairs) = (parts.integers([1, -1, 4]), parts.integers([1, -1, 2]))
      let priors = parts.constant([1, 63, 2], noise.values(126).map { abs($0) + 0.1 })
      let tenth = parts.constant([], [0.1])
      let (zero, two, four, last) = (
        parts.integers([0]), parts.integers([2]), parts.integers([4]), parts.integers([2])
      )
      parts.node("Conv", ["x", kernel], ["a"])
      parts.node("Transpose", ["a"], ["b"], ["perm": .integers([0, 2, 3, 1])])
      parts.node("Reshape", ["b", rows], ["c"])
      parts.node("Conv", ["x", labels], ["d"])
      parts.node("Transpose", ["d"], ["e"], ["perm": .integers([0, 2, 3, 1])])
      parts.node("Reshape", ["e", pairs], ["f"])
      parts.node("Softmax", ["f"], ["scores"], ["axis": .integer(2)])
      parts.node("Slice", ["c", zero, two, last], ["xy"])
      parts.node("Slice", ["c", two, four, last], ["wh"])
      parts.node("Mul", ["xy", tenth], ["g"])
      parts.node("Mul", ["g", priors], ["h"])
      parts.node("Add", ["h", priors], ["center"])
      parts.node("Exp", ["wh"], ["i"])
      parts.node("Mul", ["i", priors], ["size"])
      let half = parts.constant([], [2])
      parts.node("Div", ["size", half], ["half"])
      parts.node("Sub", ["center", "half"], ["low"])
      parts.node("Add", ["center", "half"], ["high"])
      parts.node("Concat", ["low", "high"], ["boxes"], ["axis": .integer(2)])
    }
    // Channels last in the file, as tf2onnx writes networks of Keras.
    add("channels-last", shape: [1, 8, 9, 3]) { parts, noise in
      let kernel = parts.constant([4, 3, 3, 3], noise.values(108))
      parts.node("Transpose", ["x"], ["t"], ["perm": .integers([0, 3, 1, 2])])
      parts.node("Conv", ["t", kernel], ["c"])
      parts.node(
        "MaxPool", ["c"], ["p"], ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
      parts.node("Transpose", ["p"], ["y"], ["perm": .integers([0, 2, 3, 1])])
    }
    add("channels-last-reshaped", shape: [1, 8, 9, 1]) { parts, noise in
      let (kernel, shape) = (parts.constant([4, 1, 3, 3], noise.values(36)), parts.integers([-1, 1, 8, 9]))
      parts.node("Reshape", ["x", shape], ["t"])
      parts.node("Conv", ["t", kernel], ["c"])
      parts.node("GlobalAveragePool", ["c"], ["p"])
      let axes = parts.integers([2, 3])
      parts.node("Squeeze", ["p", axes], ["y"])
    }
    add("shuffle", shape: [1, 6, 4, 5]) { parts, noise in
      let (first, second) = (parts.integers([1, 2, 3, 20]), parts.integers([1, 6, 4, 5]))
      parts.node("Reshape", ["x", first], ["r"])
      parts.node("Transpose", ["r"], ["t"], ["perm": .integers([0, 2, 1, 3])])
      parts.node("Reshape", ["t", second], ["y"])
    }
  }
}
