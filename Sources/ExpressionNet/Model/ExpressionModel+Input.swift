import NetworkModel
import TextTables

extension ExpressionModel {
  /// Whether faces can be put into the network: pictures of one or three channels.
  package var takesPictures: Bool { channels.map { $0 == 1 || $0 == 3 } ?? false }

  /// The channels of the picture that the network takes; nil if it takes none.
  private var channels: Int? {
    graph.inputShape.count == 3 ? graph.inputShape[graph.channelsFirst ? 0 : 2] : nil
  }

  /// What the network takes, width before height: `44x44 gray`; what no face can be put into is said so.
  package var inputSize: String {
    let sides = graph.inputShape
    guard let channels else {
      return sides.map(String.init).joined(separator: "x")
        + " values, no picture: faces cannot be put into it"
    }
    let (height, width) = graph.channelsFirst ? (sides[1], sides[2]) : (sides[0], sides[1])
    let size = "\(width)x\(height)"
    return switch channels {
    case 1: "\(size) gray"
    case 3: "\(size) in 3 channels, each the gray picture"
    default: "\(size) in \(channels) channels: faces cannot be put into it, only pictures of 1 or 3"
    }
  }

  /// A line of a model's description, on how faces become its input:
  /// `Input: 44x44 gray, standardized pixel * 1 + 0, margin -0.0417`.
  package var inputDescription: String {
    guard takesPictures else { return "Input: \(inputSize)" }
    let preprocessing = information.preprocessing ?? Preprocessing()
    let pixel = preprocessing.standardize ? "standardized pixel" : "pixel"
    let margin = DecimalText.value(preprocessing.margin, 4)
    let (scale, offset) = (
      DecimalText.shortest(preprocessing.scale), DecimalText.shortest(preprocessing.offset)
    )
    let edge = DecimalText.shortest(margin == 0 ? 0 : margin)
    return "Input: \(inputSize), \(pixel) * \(scale) + \(offset), margin \(edge)"
      + (statesNoRange ? " (assumed: the file does not say)" : "")
  }

  /// What a user should know of pixels that are put in as they are; nil if the file says how they are prepared, or its
  /// network prepares them itself.
  package var inputNote: String? {
    guard takesPictures, statesNoRange else { return nil }
    return
      "the file does not say how pixels are prepared, and its first layer is a convolution: they are put in as "
      + "0 to 255; other usual ranges are 0 to 1 (--input-scale 0.003921569) and -1 to 1 (--input-scale 0.007843138 "
      + "--input-offset -1); fm-train evaluate --try-inputs measures which is right"
  }

  /// True if neither the file nor the network's first layer says which range pixels have.
  private var statesNoRange: Bool {
    guard information.preprocessing == nil,
      var index = graph.layers.firstIndex(where: { $0.operation == .input })
    else { return false }
    while let next = graph.layers.firstIndex(where: { $0.inputs.contains(index) }) {
      switch graph.layers[next].operation {
      case .identity, .dropout, .zeroPadding, .flatten, .reshape, .transpose: index = next
      case .convolution, .depthwiseConvolution, .separableConvolution, .dense: return true
      default: return false
      }
    }
    return false
  }
}
