extension ExpressionModel {
  /// A line of a model's description, on how faces become its input:
  /// `Input: 44x44 grey, standardized pixel * 1 + 0, margin -0.0417`.
  public var inputDescription: String {
    let preprocessing = information.preprocessing ?? Preprocessing()
    var sides = graph.inputShape
    var colors = ""
    if sides.count == 3 {
      colors = sides.remove(at: graph.channelsFirst ? 0 : 2) == 1 ? " grey" : " in three channels"
    }
    let size = sides.map(String.init).joined(separator: "x")
    let pixel = preprocessing.standardize ? "standardized pixel" : "pixel"
    let margin = (preprocessing.margin * 10_000).rounded() / 10_000
    let (scale, offset) = (short(preprocessing.scale), short(preprocessing.offset))
    return "Input: \(size)\(colors), \(pixel) * \(scale) + \(offset), "
      + "margin \(short(margin == 0 ? 0 : margin))"
  }

  /// Without the fraction of a whole number.
  private func short(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
