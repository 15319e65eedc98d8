import NetworkModel
import ONNXParts

extension FuzzTarget {
  /// An ONNX file, read and turned into layers for a small picture, or, if the first byte says so, a larger one.
  static let onnx = FuzzTarget(
    name: "onnx", words: ONNXSeeds.words, seeds: { ONNXSeeds.all },
    run: { bytes in
      guard let kind = bytes.first, let model = try? ONNXModel(bytes: Array(bytes.dropFirst())) else {
        return
      }
      let side = kind % 2 == 0 ? 16 : 200
      _ = try? model.network(height: side, width: side)
      // What it says of itself, written into it once more, is read back.
      guard let calibration = try? model.calibration(), let bytes = try? model.encoded(with: calibration)
      else { return }
      precondition((try? ONNXModel(bytes: bytes).calibration()) == calibration, "written otherwise than read")
    })
}

enum ONNXSeeds {
  private static func graph(
    _ shape: [Int?] = [1, 3, nil, nil], operatorSet: Int = 13, _ make: (inout ONNXParts) -> Void
  ) -> [UInt8] {
    var parts = ONNXParts()
    parts.input("x", shape)
    parts.output("y")
    make(&parts)
    return [0] + parts.file(operatorSet: operatorSet)
  }

  private static func ones(_ shape: [Int], _ parts: inout ONNXParts) -> String {
    parts.constant(shape, [Float](repeating: 1, count: shape.reduce(1, *)))
  }

  static var all: [[UInt8]] {
    let pads: [String: ONNXParts.Attribute] = ["pads": .integers([1, 1, 1, 1])]
    let convolutions = graph {
      let (wide, deep) = (ones([4, 3, 3, 3], &$0), ones([4, 1, 3, 3], &$0))
      let (up, slopes) = (ones([4, 2, 2, 2], &$0), ones([2, 1, 1], &$0))
      $0.node("Conv", ["x", wide], ["a"], ["strides": .integers([2, 2]), "auto_pad": .text("SAME_UPPER")])
      $0.node("Conv", ["a", deep], ["b"], pads.merging(["group": .integer(4)]) { $1 })
      $0.node("MaxPool", ["b"], ["c"], ["kernel_shape": .integers([2, 2]), "ceil_mode": .integer(1)])
      $0.node("ConvTranspose", ["c", up], ["d"], ["strides": .integers([2, 2])])
      $0.node("PRelu", ["d", slopes], ["e"])
      $0.node(
        "AveragePool", ["e"], ["f"],
        pads.merging(["kernel_shape": .integers([3, 3]), "count_include_pad": .integer(1)]) { $1 })
      $0.node("Clip", ["f", $0.constant([], [0]), $0.constant([], [6])], ["g"])
      let factor = ones([2], &$0)
      $0.node("BatchNormalization", ["g", factor, factor, factor, factor], ["y"])
    }
    let shapes = graph(operatorSet: 11) {
      let (zero, rest) = ($0.integers([0], shape: []), $0.integers([-1, 3]))
      $0.node("Transpose", ["x"], ["t"], ["perm": .integers([0, 2, 3, 1])])
      $0.node("Shape", ["x"], ["s"])
      $0.node("Gather", ["s", zero], ["g"], ["axis": .integer(0)])
      $0.node("Unsqueeze", ["g"], ["u"], ["axes": .integers([0])])
      $0.node("Concat", ["u", rest], ["c"], ["axis": .integer(0)])
      $0.node("Reshape", ["t", "c"], ["r"])
      $0.node("Softmax", ["r"], ["y"], ["axis": .integer(2)])
    }
    let folding = graph {
      let (sides, low, high) = ($0.integers([4]), $0.integers([0]), $0.integers([2]))
      $0.node("ConstantOfShape", [sides], ["a"], ["value": .tensor(ONNXParts.tensor("", [1], integers: [7]))])
      $0.node("Cast", ["a"], ["b"], ["to": .integer(1)])
      $0.node("Slice", ["b", low, high, low], ["c"])
      $0.node("Expand", ["c", sides], ["e"])
      $0.node("Range", [$0.constant([], [0]), $0.constant([], [4]), $0.constant([], [1])], ["f"])
      $0.node("Mul", ["e", "f"], ["h"])
      $0.node("Equal", ["h", "f"], ["i"])
      $0.node("Where", ["i", "h", "f"], ["j"])
      $0.node("ReduceMean", ["x"], ["k"], ["axes": .integers([3]), "keepdims": .integer(1)])
      $0.node("Add", ["k", "j"], ["y"])
    }
    let arrangements = graph([1, 3, 16, 16]) {
      let (first, pads) = ($0.integers([1, 2]), $0.integers([0, 1, 1, 1, 0, 0, 2, 0]))
      let (low, high, axes, steps) = ($0.integers([1]), $0.integers([-1]), $0.integers([3]), $0.integers([2]))
      let scales = $0.constant([4], [1, 1, 2, 1.5])
      $0.node("Split", ["x", first], ["a", "b"], ["axis": .integer(1)])
      $0.node("Concat", ["b", "a"], ["c"], ["axis": .integer(1)])
      $0.node("Pad", ["c", pads], ["d"])
      $0.node("Slice", ["d", low, high, axes, steps], ["e"])
      $0.node("Resize", ["e", "", scales], ["f"], ["mode": .text("linear")])
      $0.node("GlobalAveragePool", ["f"], ["g"])
      $0.node("Flatten", ["g"], ["h"])
      $0.node("Gemm", ["h", ones([2, 4], &$0), ones([2], &$0)], ["i"], ["transB": .integer(1)])
      $0.node("MatMul", ["i", ones([2, 3], &$0)], ["y"])
    }
    // The largest and smallest whole numbers, which overflow where sums are not guarded.
    let extremes = graph([1, 3, 16, 16]) {
      let (most, least) = ($0.integers([Int.max, 0]), $0.integers([Int.min]))
      let (start, end, step) = (
        $0.integers([Int.max], shape: []), $0.integers([Int.min], shape: []),
        $0.integers([-Int.max], shape: [])
      )
      $0.node("Range", [start, end, step], ["a"])
      $0.node("Gather", ["x", most], ["b"], ["axis": .integer(2)])
      $0.node("Slice", ["x", least, most, start, end], ["c"])
      $0.node("Unsqueeze", ["x", least], ["d"])
      $0.node("Split", ["x", most], ["e", "f"], ["axis": .integer(Int.min)])
      $0.node("Concat", ["a", "b", "c", "d", "e", "f"], ["y"], ["axis": .integer(Int.max)])
    }
    let note =
      #"{"pictures":2,"ranges":{"x":[0,2,1.5],"y":[-1,1,1]},"detections":{"pictures":2,"faces":3,"bf16":null,"#
      + #""int8":{"kept":0.5,"added":0,"box":[0,0.1],"score":[0,0.01]},"vnni":true}}"#
    let calibrated =
      shapes + ONNXParts.field(14, ONNXParts.field(1, "fm.calibration") + ONNXParts.field(2, note))
    return [convolutions, shapes, folding, arrangements, extremes, [1] + shapes.dropFirst(), calibrated]
  }

  static let words = """
    Conv ConvTranspose BatchNormalization Relu LeakyRelu PRelu Clip Sigmoid HardSigmoid Softmax MaxPool AveragePool
    GlobalAveragePool ReduceMean ReduceSum Add Sub Mul Div Pow Max Concat Resize Upsample Pad Slice Split Reshape Flatten
    Squeeze Unsqueeze Transpose Shape Gather Cast Gemm MatMul Identity Dropout Constant ConstantOfShape Expand Range Where
    Equal Floor axis axes perm pads strides dilations group kernel_shape output_padding output_shape auto_pad SAME_LOWER
    fm.calibration pictures ranges detections faces kept added score vnni ceil_mode keepdims value transB alpha mode nearest linear coordinate_transformation_mode align_corners location offset
    """
    .split { $0 == " " || $0 == "\n" }.map(String.init)
}
