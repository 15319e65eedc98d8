import FrameMedia
import FrameStream
import SystemIO

extension Destination {
  /// Writes an RGB picture that was made here, with square pixels.
  /// - Parameter number: its number among the pictures of the output, from 0.
  func write(picture bytes: [UInt8], layout: PictureLayout, number: Int) throws(Failure) {
    let description = VideoDescription(
      width: layout.width, height: layout.height, pixelFormat: layout.format, timeBase: Rational(1, 25),
      frameRate: Rational(25, 1), sampleAspectRatio: Rational(1, 1), colorRange: .pc)
    let media = try media(description, tracks: [])
    hasPicture = true
    let failure = bytes.withUnsafeBufferPointer { bytes -> Failure? in
      guard let base = bytes.baseAddress else { return nil }
      do throws(Failure) {
        try media.write(frame: base, layout: layout, pts: number, duration: 1)
      } catch { return error }
      return nil
    }
    if let failure { throw failure }
  }
}
