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
  private func pair(_ key: String, range: ClosedRange<Int>) throws(Failure) -> Window.Pair? {
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

  func zeroPadding() throws(Failure) -> Operation {
    let value = configuration["padding"] ?? .null
    var sides: [Int?] = []
    if let list = value.array, list.count == 2, list.allSatisfy({ $0.array?.count == 2 }) {
      sides = list.flatMap { $0.array?.map(\.int) ?? [] }
    } else if let both = try pair("padding", range: 0...4096) {
      sides = [both.height, both.height, both.width, both.width]
    }
    let valid = sides.compactMap { $0 }.filter { (0...4096).contains($0) }
    guard valid.count == 4 else { throw refuse("padding is not 1, 2 or 2x2 numbers of 0…4096") }
    return .zeroPadding(top: valid[0], bottom: valid[1], left: valid[2], right: valid[3])
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
