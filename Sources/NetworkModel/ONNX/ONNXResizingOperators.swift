import SystemIO

/// Operators that make pictures larger or smaller.
struct ONNXResizingOperators: ONNXOperators {
  let layers: ONNXLayers

  func values(_ call: ONNXCall) throws(Failure) -> [ONNXValue]? {
    switch call.node.kind {
    case "Resize", "Upsample": [.computed(try resize(call))]
    default: nil
    }
  }

  private func resize(_ call: ONNXCall) throws(Failure) -> ONNXComputed {
    let value = try call.computed()
    let picture = try layers.picture(value)
    let sides = layers.shape(picture)
    let isOld = call.node.kind == "Upsample" || call.operatorSet < 11
    var scales: [Float] = []
    var sizes: [Int] = []
    if call.node.kind == "Upsample", call.operatorSet < 9 {
      scales = call.node.attributes["scales"]?.floats ?? []
    } else if isOld {
      scales = try call.floats(1).values
    } else {
      if call.optional(2) != nil { scales = try call.floats(2).values }
      if scales.isEmpty { sizes = try call.integers(3) ?? [] }
    }
    for name in ["antialias", "exclude_outside"] where call.flag(name) {
      throw call.refusal("\(name) is not supported")
    }
    let policy = call.text("keep_aspect_ratio_policy", else: "stretch")
    guard policy == "stretch" || sizes.isEmpty else { throw call.refusal("\(policy) is not supported") }
    let axes = try call.axes(call.list("axes") ?? [0, 1, 2, 3], 4)
    guard (scales.isEmpty ? sizes.count : scales.count) == axes.count else {
      throw call.refusal("neither scales nor sizes for the axes \(axes)")
    }
    var size = (height: sides[0], width: sides[1])
    var scale: (height: Float, width: Float) = (1, 1)
    for (index, axis) in axes.enumerated() {
      let length = axis == 2 ? sides[0] : axis == 3 ? sides[1] : value.shape[axis]
      let factor = scales.isEmpty ? Float(sizes[index]) / Float(length) : scales[index]
      let result = scales.isEmpty ? Float(sizes[index]) : (Float(length) * factor).rounded(.down)
      guard factor.isFinite, factor > 0, result >= 1, result <= Float(ModelLimits.dimension) else {
        throw call.refusal("a scale of \(factor) for \(length)")
      }
      switch axis {
      case 2: (size.height, scale.height) = (Int(result), factor)
      case 3: (size.width, scale.width) = (Int(result), factor)
      default:
        guard Int(result) == length else { throw call.refusal("it resizes axis \(axis), not only pictures") }
      }
    }
    var resizing = Resizing(.pixels(.init(size.height, size.width)), try interpolation(call))
    resizing.scale = .init(height: scale.height, width: scale.width)
    resizing.coordinates = isOld ? .asymmetric : try coordinates(call)
    resizing.rounding = isOld ? .down : try rounding(call)
    let result = try layers.append(.resize(resizing), [picture])
    return layers.picture(from: result)
  }

  private func interpolation(_ call: ONNXCall) throws(Failure) -> Resizing.Interpolation {
    switch call.text("mode", else: "nearest") {
    case "nearest": return .nearest
    case "linear", "bilinear": return .bilinear
    case let mode: throw call.refusal("mode \(mode) is not supported")
    }
  }

  private func coordinates(_ call: ONNXCall) throws(Failure) -> Resizing.Coordinates {
    switch call.text("coordinate_transformation_mode", else: "half_pixel") {
    case "half_pixel": return .halfPixel
    case "pytorch_half_pixel": return .halfPixelUnlessOne
    case "asymmetric": return .asymmetric
    case "align_corners": return .alignedCorners
    case "tf_half_pixel_for_nn": return .centered
    case let mode: throw call.refusal("coordinate_transformation_mode \(mode) is not supported")
    }
  }

  private func rounding(_ call: ONNXCall) throws(Failure) -> Resizing.Rounding {
    switch call.text("nearest_mode", else: "round_prefer_floor") {
    case "round_prefer_floor": return .nearestDown
    case "round_prefer_ceil": return .nearestUp
    case "floor": return .down
    case "ceil": return .up
    case let mode: throw call.refusal("nearest_mode \(mode) is not known")
    }
  }
}
