import FrameStream
import SystemIO

// Parts of a layer's configuration.
extension KerasLayerReader {
  func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "reading the model", cause: cause) }

  func flag(_ key: String, else standard: Bool) -> Bool {
    configuration[key]?.bool ?? configuration[key]?.int.map { $0 != 0 } ?? standard
  }

  func number(_ key: String, else standard: Double) throws(Failure) -> Double {
    guard let value = configuration[key], !value.isNull else { return standard }
    // Keras 2 wrote NumPy scalars as {"type": "ndarray", "value": 0.3}.
    guard let number = value.double ?? value["value"]?.double ?? value["config"]?["value"]?.double else {
      throw refuse("\(key) is not a number")
    }
    return number
  }

  /// A positive whole number of a size that a layer can have.
  func count(_ key: String, else standard: Int? = nil) throws(Failure) -> Int {
    if let standard, configuration[key] == nil { return standard }
    guard let value = configuration[key]?.int, value > 0, value <= ModelLimits.dimension else {
      throw refuse("\(key) is not a number between 1 and \(ModelLimits.dimension)")
    }
    return value
  }

  /// Numbers, one or a (nested) list of them.
  func floats(_ key: String, else standard: Float) throws(Failure) -> [Float] {
    guard let value = configuration[key], !value.isNull else { return [standard] }
    var result: [Float] = []
    var isValid = true
    func add(_ value: JSONValue) {
      if let number = value.double {
        result.append(Float(number))
      } else if let list = value.array {
        list.forEach(add)
      } else if let inner = value["config"]?["value"] ?? value["value"] {
        add(inner)
      } else {
        isValid = false
      }
    }
    add(value)
    guard isValid, !result.isEmpty else { throw refuse("\(key) is not a number or a list of numbers") }
    return result
  }

  /// One number for both sides, or a list of two.
  func pair(_ key: String, range: ClosedRange<Int>) throws(Failure) -> Window.Pair? {
    guard let value = configuration[key], !value.isNull else { return nil }
    let list = value.array?.map(\.int) ?? [value.int, value.int]
    guard list.count == 2, let height = list[0], let width = list[1], range.contains(height),
      range.contains(width)
    else { throw refuse("\(key) is not one or two numbers of \(range.lowerBound)…\(range.upperBound)") }
    return .init(height, width)
  }

  func window(_ kernelKey: String, _ dilationKey: String?) throws(Failure) -> Window {
    let range = 1...4096
    guard let kernel = try pair(kernelKey, range: range) ?? (kernelKey == "pool_size" ? .init(2, 2) : nil)
    else {
      throw refuse("\(kernelKey) is missing")
    }
    let strides = try pair("strides", range: range) ?? (kernelKey == "pool_size" ? kernel : .init(1, 1))
    var dilation = Window.Pair(1, 1)
    if let dilationKey, let given = try pair(dilationKey, range: range) { dilation = given }
    switch configuration["padding"]?.string ?? configuration["border_mode"]?.string ?? "valid" {
    case "valid": return Window(kernel: kernel, strides: strides, dilation: dilation)
    case "same": return Window(kernel: kernel, strides: strides, dilation: dilation, same: true)
    case let other: throw refuse("padding \(other) is not supported (only valid and same)")
    }
  }

  /// A list of whole numbers; -1 is one.
  func whole(_ key: String) throws(Failure) -> [Int] {
    var result: [Int] = []
    for element in configuration[key]?.array ?? [] {
      guard let number = element.int, abs(number) <= ModelLimits.dimension else {
        throw refuse("\(key) is not a list of whole numbers")
      }
      result.append(number)
    }
    guard !result.isEmpty else { throw refuse("\(key) is not a list of whole numbers") }
    return result
  }

  /// One side or several, counted without the batch, or from the end.
  func axes(_ key: String, else standard: [Int]) throws(Failure) -> [Int] {
    guard let value = configuration[key], !value.isNull else { return standard }
    var axes: [Int] = []
    for axis in value.array ?? [value] {
      guard let number = axis.int, abs(number) < 8 else { throw refuse("\(key) is not a list of axes") }
      guard number != 0 else { throw refuse("\(key) 0 is the batch's") }
      axes.append(number < 0 ? number : number - 1)
    }
    return axes
  }

  /// Sides along which a Dropout drops together: those where `noise_shape` has a 1.
  func sidesDroppedTogether() throws(Failure) -> [Int] {
    guard let value = configuration["noise_shape"], !value.isNull else { return [] }
    guard let shape = value.array, shape.count > 1, shape[0].isNull else {
      throw refuse("noise_shape is not [null, …]: pictures would be dropped together")
    }
    // A known side that is not 1 has to be the input's own, as null is.
    return shape.indices.dropFirst().filter { shape[$0].int == 1 }.map { $0 - 1 }
  }

  func interpolation(_ standard: String) throws(Failure) -> Resizing.Interpolation {
    let name = configuration["interpolation"]?.string ?? standard
    guard let known = Resizing.Interpolation(rawValue: name) else {
      throw refuse("interpolation \(name) is not supported (only nearest and bilinear)")
    }
    return known
  }

  func cropping() throws(Failure) -> Operation {
    let (top, bottom, left, right) = try edges("cropping")
    func slice(_ first: Int, _ last: Int) -> Slice { Slice(start: first, stop: last > 0 ? -last : nil) }
    let whole = Slice()
    let picture = [slice(top, bottom), slice(left, right)]
    return .slice(configuration["data_format"]?.string == "channels_first" ? [whole] + picture : picture)
  }

  func zeroPadding() throws(Failure) -> Operation {
    let (top, bottom, left, right) = try edges("padding")
    return .zeroPadding(top: top, bottom: bottom, left: left, right: right)
  }

  /// One number for all edges, one for each direction, or one for each edge.
  private func edges(_ key: String) throws(Failure) -> (top: Int, bottom: Int, left: Int, right: Int) {
    let value = configuration[key] ?? .null
    var sides: [Int?] = []
    if let list = value.array, list.count == 2, list.allSatisfy({ $0.array?.count == 2 }) {
      sides = list.flatMap { $0.array?.map(\.int) ?? [] }
    } else if let both = try pair(key, range: 0...4096) {
      sides = [both.height, both.height, both.width, both.width]
    }
    let valid = sides.compactMap { $0 }.filter { (0...4096).contains($0) }
    guard valid.count == 4 else { throw refuse("\(key) is not 1, 2 or 2x2 numbers of 0…4096") }
    return (valid[0], valid[1], valid[2], valid[3])
  }

  func normalization() throws(Failure) -> Operation {
    let invert = flag("invert", else: false)
    guard let mean = configuration["mean"], !mean.isNull else {
      return .normalization(perChannel: try channelAxis() != nil, inverse: invert)
    }
    let means = try floats("mean", else: 0)
    let variances = try floats("variance", else: 1)
    guard means.count == variances.count else { throw refuse("mean and variance differ in number") }
    let deviations = variances.map { max($0.squareRoot(), 1e-7) }
    if invert { return .affine(scale: deviations, offset: means) }
    return .affine(
      scale: deviations.map { 1 / $0 }, offset: zip(means, deviations).map { -$0 / $1 })
  }
}
