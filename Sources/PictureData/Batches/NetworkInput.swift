import ExpressionNet
import SystemIO

/// Writes grey pictures as a network takes them: standardised, scaled, in every channel.
struct NetworkInput {
  let width: Int
  let height: Int
  let channels: Int
  private let channelsFirst: Bool
  private let preprocessing: Preprocessing

  /// - Throws: ``Failure`` (`badInput`) for a shape that is not that of a picture.
  init(_ shape: [Int], channelsFirst: Bool, _ preprocessing: Preprocessing) throws(Failure) {
    let limits = 1...PictureLimits.side
    guard shape.count == 3, shape.allSatisfy(limits.contains) else {
      throw Failure(
        .badInput, step: "the network's input", cause: "the shape \(shape) is not that of a picture")
    }
    (height, width, channels) =
      channelsFirst ? (shape[1], shape[2], shape[0]) : (shape[0], shape[1], shape[2])
    self.channelsFirst = channelsFirst
    self.preprocessing = preprocessing
  }

  /// Values of one picture.
  var count: Int { width * height * channels }

  /// Writes one picture of width·height values.
  func write(
    _ picture: UnsafePointer<Float>, _ statistics: PictureAugmenter.Statistics,
    to output: UnsafeMutablePointer<Float>
  ) {
    let pixels = width * height
    var (scale, offset) = (preprocessing.scale, preprocessing.offset)
    if preprocessing.standardize {
      // As tf.image.per_image_standardization: a picture of one grey is not divided by nothing.
      let deviation = max(statistics.deviation, 1 / Float(count).squareRoot())
      offset -= statistics.mean / deviation * scale
      scale /= deviation
    }
    if channels == 1 || channelsFirst {
      for channel in 0..<channels {
        let to = output + channel * pixels
        for place in 0..<pixels { to[place] = picture[place] * scale + offset }
      }
    } else {
      for place in 0..<pixels {
        let value = picture[place] * scale + offset
        for channel in 0..<channels { output[place * channels + channel] = value }
      }
    }
  }

  /// - Throws: ``Failure`` (`badInput`) if the set's pictures are smaller than the network's input.
  func check(_ set: PictureSet) throws(Failure) {
    guard set.width >= width, set.height >= height else {
      throw Failure(
        .badInput, step: "the network's input",
        cause: "pictures of \(set.width)x\(set.height) are smaller than its \(width)x\(height)")
    }
  }
}
