import NetworkModel
import SystemIO

/// Writes gray pictures as a network takes them: standardized, scaled, in every channel.
package struct NetworkInput {
  /// The size of the network's input.
  package let width: Int
  /// Rows of the input.
  package let height: Int
  /// 1 for gray, 3 for color.
  package let channels: Int
  private let channelsFirst: Bool
  private let preprocessing: Preprocessing

  /// - Parameters:
  ///   - shape: Height, width and channels, or channels first.
  ///   - channelsFirst: Which of the two.
  ///   - preprocessing: Its margin is not looked at.
  /// - Throws: ``Failure`` (`badInput`) for a shape that is not that of a gray or color picture.
  package init(_ shape: [Int], channelsFirst: Bool, _ preprocessing: Preprocessing) throws(Failure) {
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }), [1, 3].contains(shape[channelsFirst ? 0 : 2]) else {
      throw Failure(
        .badInput, step: "the network's input",
        cause: "\(shape) is not the shape of a picture of 1 or 3 channels")
    }
    (height, width, channels) =
      channelsFirst ? (shape[1], shape[2], shape[0]) : (shape[0], shape[1], shape[2])
    self.channelsFirst = channelsFirst
    self.preprocessing = preprocessing
  }

  /// Values of one input.
  package var count: Int { width * height * channels }

  /// Writes one picture, standardized by its own statistics if the model wants that.
  /// - Parameters:
  ///   - picture: width·height values from 0 to 255.
  ///   - output: Room for ``count`` values in the network's data format.
  package func write(_ picture: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>) {
    let statistics = preprocessing.standardize ? PictureStatistics(picture, width * height) : nil
    write(picture, statistics, to: output)
  }

  /// Writes one picture.
  /// - Parameters:
  ///   - picture: width·height values from 0 to 255.
  ///   - statistics: The mean and deviation that standardize the picture; its own unless
  ///     it was changed since. Nil only where nothing is standardized.
  ///   - output: Room for ``count`` values in the network's data format.
  package func write(
    _ picture: UnsafePointer<Float>, _ statistics: PictureStatistics?, to output: UnsafeMutablePointer<Float>
  ) {
    let pixels = width * height
    var (scale, offset) = (preprocessing.scale, preprocessing.offset)
    if preprocessing.standardize, let statistics {
      // As tf.image.per_image_standardization: a picture of a single gray is divided by 1/√N, not by 0.
      let deviation = max(statistics.deviation, 1 / Float(count).squareRoot())
      offset -= statistics.mean / deviation * scale
      scale /= deviation
    }
    if channels == 1 || channelsFirst {
      for channel in 0..<channels {
        let to = output + channel * pixels
        for index in 0..<pixels { to[index] = picture[index] * scale + offset }
      }
    } else {
      for index in 0..<pixels {
        let value = picture[index] * scale + offset
        for channel in 0..<channels { output[index * channels + channel] = value }
      }
    }
  }
}
