import FrameStream
import NetworkModel
import SystemIO

/// Crops faces from gray pictures as a network's input: the one way from a face to a network.
///
/// The box grows by the model's margin, is resampled to the input's size in 8 bits (``PictureResampler``), and becomes
/// numbers (``NetworkInput``). Data sets for training keep the 8-bit pictures; so what is classified is what was
/// trained with. The memory is kept from face to face; it belongs to one thread at a time.
package final class FaceCropper {
  /// The network's input.
  package let input: NetworkInput
  /// The views of a face that are written.
  package let views: PictureViews
  /// Values of a face's views together.
  package var count: Int { views.count * input.count }
  private let margin: Double
  private let resampler: PictureResampler
  /// One face before it becomes numbers, and its pixels as such.
  private let bytes: UnsafeMutablePointer<UInt8>
  private let values: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - shape: Height, width and channels of the network's input, or channels first.
  ///   - channelsFirst: Which of the two.
  ///   - preprocessing: How much a box grows, and how pixels become numbers.
  ///   - views: A single view, or the face and its mirror image.
  /// - Throws: ``Failure``: (`badInput`) for a shape that is not that of a gray or color picture; (`usage`) for views
  ///   that need more than the face's box.
  package init(
    _ shape: [Int], channelsFirst: Bool, _ preprocessing: Preprocessing, views: PictureViews = .single
  ) throws(Failure) {
    guard views != .tenCrop else {
      throw Failure(
        .usage, step: "cropping a face", cause: "the views \(views.rawValue) need more than its box")
    }
    let input = try NetworkInput(shape, channelsFirst: channelsFirst, preprocessing)
    self.input = input
    self.views = views
    margin = preprocessing.margin
    resampler = PictureResampler(width: input.width, height: input.height)
    bytes = .allocate(capacity: input.width * input.height)
    values = .allocate(capacity: input.width * input.height)
  }

  deinit {
    bytes.deallocate()
    values.deallocate()
  }

  /// Writes the views of the face in `box` of `plane` to `output`, one after the other.
  /// - Parameters:
  ///   - pixelShape: Width of a pixel divided by its height; the face is cut out as it is displayed.
  ///   - output: Room for ``count`` values, in the network's data format. Color models get the gray value in every
  ///     channel.
  /// - Throws: ``Failure`` (`badInput`) for a box that is empty or out of range, or a plane without pixels.
  package func crop(
    _ plane: PlaneView, _ range: ColorRange, _ box: PixelRectangle, pixelShape: Double = 1,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(Failure) {
    precondition(output.count >= count, "no room for the network's input")
    let part = try box.enlarged(by: margin)
      .displayed(withPixels: pixelShape, as: Double(input.width) / Double(input.height))
    try resampler.resample(plane, part, range: range, into: bytes)
    let pixels = input.width * input.height
    for index in 0..<pixels { values[index] = Float(bytes[index]) }
    input.write(values, to: output.baseAddress!)
    guard views == .flip else { return }
    for start in stride(from: 0, to: pixels, by: input.width) {
      let end = start + input.width - 1
      for column in 0..<input.width { values[start + column] = Float(bytes[end - column]) }
    }
    input.write(values, to: output.baseAddress! + input.count)
  }
}
