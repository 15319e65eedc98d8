import FaceNetwork
import FrameMedia
import FrameStream
import SystemIO

/// A picture file decoded as fm-decode decodes it: in its own pixel format, packed.
struct StoredPicture {
  let layout: PictureLayout
  let colors: FrameColors
  /// The planes one after the other.
  let bytes: [UInt8]

  /// The most pixels that are taken.
  private static let mostPixels = 1 << 26

  /// - Throws: ``Failure`` naming the file, if it cannot be decoded or is too large.
  init(path: String) throws(Failure) {
    var options = MediaInputOptions()
    options.withTracks = false
    options.threads = 1
    options.kind = .regular
    let input = try MediaInput(path: path, options: options)
    while let event = try input.next() {
      guard case .frame(let frame) = event else { continue }
      layout = frame.layout
      guard layout.width * layout.height <= Self.mostPixels, frame.planes.count == layout.planes.count else {
        throw Failure(
          .badInput, step: "decoding", subject: path,
          cause:
            "\(layout.width)x\(layout.height) pixels are more than \(Self.mostPixels), or planes are missing")
      }
      colors = FrameColors(
        range: frame.colorRange, space: input.video.colorSpace, chromaLocation: input.video.chromaLocation)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(layout.byteCount)
      for plane in frame.planes { for y in 0..<plane.height { bytes += plane.row(y) } }
      self.bytes = bytes
      return
    }
    throw Failure(.badInput, step: "decoding", subject: path, cause: "there is no picture in it")
  }
}
