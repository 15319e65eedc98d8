import NetworkModel

extension ExpressionModel {
  /// What the network takes: `44x44 gray`, width before height; for what is no picture its size.
  package var inputSize: String {
    var sides = graph.inputShape
    guard sides.count == 3 else { return sides.map(String.init).joined(separator: "x") }
    let isGrey = sides.remove(at: graph.channelsFirst ? 0 : 2) == 1
    return "\(sides[1])x\(sides[0]) \(isGrey ? "grey" : "in three channels")"
  }

  /// A line of a model's description, on how faces become its input:
  /// `Input: 44x44 gray, standardized pixel * 1 + 0, margin -0.0417`.
  package var inputDescription: String {
    let preprocessing = information.preprocessing ?? Preprocessing()
    let pixel = preprocessing.standardize ? "standardized pixel" : "pixel"
    let margin = (preprocessing.margin * 10_000).rounded() / 10_000
    let (scale, offset) = (short(preprocessing.scale), short(preprocessing.offset))
    return "Input: \(inputSize), \(pixel) * \(scale) + \(offset), margin \(short(margin == 0 ? 0 : margin))"
  }

  /// Without the fraction of a whole number.
  private func short(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
