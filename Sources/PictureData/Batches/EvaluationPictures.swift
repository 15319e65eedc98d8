import FaceInput
import NetworkModel
import SystemIO

/// Gives a network the pictures of a set in their order, unchanged but for the crop.
///
/// A set whose pictures are larger than the input gives its middle, or the corners. Where there is no room,
/// ``PictureViews/tenCrop`` moves the picture by a 24th of its side instead, edge pixels repeated.
package struct EvaluationPictures: Sendable {
  /// The set, as it was loaded.
  package let pictures: PictureSet
  /// Which parts of each picture the network sees.
  package let views: PictureViews
  private let input: NetworkInput
  private let offsets: [(x: Int, y: Int)]

  /// - Parameters:
  ///   - inputShape: height, width, channels, or channels first.
  ///   - preprocessing: as ``BatchLoader/Options/preprocessing``.
  /// - Throws: ``Failure`` (`badInput`) if the pictures are smaller than the network's input.
  package init(
    _ set: PictureSet, inputShape: [Int], channelsFirst: Bool = false,
    preprocessing: Preprocessing = Preprocessing(), views: PictureViews = .single
  ) throws(Failure) {
    pictures = set
    self.views = views
    input = try NetworkInput(inputShape, channelsFirst: channelsFirst, preprocessing)
    try input.check(set)
    let across = Self.places(set.width, input.width)
    let down = Self.places(set.height, input.height)
    let middle = (across.middle, down.middle)
    offsets =
      views == .tenCrop
      ? [
        (across.first, down.first), (across.last, down.first), (across.first, down.last),
        (across.last, down.last), middle,
      ] : [middle]
  }

  private static func places(_ stored: Int, _ side: Int) -> (first: Int, middle: Int, last: Int) {
    let room = stored - side
    if room > 0 { return (0, room / 2, room) }
    let shift = max(1, Int((Double(side) / 24).rounded()))
    return (-shift, 0, shift)
  }

  /// The number of pictures, each of which is shown in as many ways as ``views`` says.
  package var count: Int { pictures.count }
  /// Values of one view.
  package var inputCount: Int { input.count }

  /// Writes the views of the pictures in `range`: all of the first, all of the second, and so on.
  /// - Parameter output: room for range.count · views.count · ``inputCount`` values.
  /// - Throws: ``Failure`` (`failed`) if there is not that much room or the set has no such pictures.
  package func write(_ range: Range<Int>, to output: UnsafeMutableBufferPointer<Float>) throws(Failure) {
    guard range.lowerBound >= 0, range.upperBound <= count,
      output.count >= range.count * views.count * input.count
    else {
      throw Failure(.failed, step: "evaluation", cause: "no room for pictures \(range)")
    }
    guard var target = output.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: input.width * input.height) { picture in
      for index in range {
        pictures.withPixels(index) { pixels in
          for offset in offsets {
            for isFlipped in views == .single ? [false] : [false, true] {
              copy(pixels, offset, isFlipped, to: picture)
              input.write(picture.baseAddress!, to: target)
              target += input.count
            }
          }
        }
      }
    }
  }

  private func copy(
    _ pixels: UnsafeBufferPointer<UInt8>, _ offset: (x: Int, y: Int), _ isFlipped: Bool,
    to picture: UnsafeMutableBufferPointer<Float>
  ) {
    for y in 0..<input.height {
      let row = min(max(y + offset.y, 0), pictures.height - 1) * pictures.width
      for x in 0..<input.width {
        let column = isFlipped ? input.width - 1 - x : x
        picture[y * input.width + x] = Float(pixels[row + min(max(column + offset.x, 0), pictures.width - 1)])
      }
    }
  }

  /// The mean of each picture's views.
  /// - Parameter outputs: the network's outputs for the views, in the order in which they were written.
  package func average(_ outputs: [Float]) -> [Float] {
    var means = outputs
    views.average(&means, classes: pictures.classes.count)
    return means
  }
}
