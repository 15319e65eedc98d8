import NetworkModel
import TextTables

extension ExpressionModel {
  /// What the network takes: `44x44 gray`, width before height; the shape alone if it is not a picture.
  package var inputSize: String {
    var sides = graph.inputShape
    guard sides.count == 3 else { return sides.map(String.init).joined(separator: "x") }
    let isGray = sides.remove(at: graph.channelsFirst ? 0 : 2) == 1
    return "\(sides[1])x\(sides[0]) \(isGray ? "gray" : "in three channels")"
  }

  /// A line of a model's description, on how faces become its input:
  /// `Input: 44x44 gray, standardized pixel * 1 + 0, margin -0.0417`.
  package var inputDescription: String {
    let preprocessing = information.preprocessing ?? Preprocessing()
    let pixel = preprocessing.standardize ? "standardized pixel" : "pixel"
    let margin = DecimalText.value(preprocessing.margin, 4)
    let (scale, offset) = (
      DecimalText.shortest(preprocessing.scale), DecimalText.shortest(preprocessing.offset)
    )
    let edge = DecimalText.shortest(margin == 0 ? 0 : margin)
    return "Input: \(inputSize), \(pixel) * \(scale) + \(offset), margin \(edge)"
  }
}
