import FaceInput
import FrameMedia
import FrameStream
import SystemIO

/// Decodes picture files to gray pictures of one size; for one thread.
///
/// What FFmpeg reads is read (the first picture of an animation); EXIF rotations are applied; colors become gray
/// as FrameMedia makes them; limited range is expanded.
struct PictureReader {
  private let resampler: PictureResampler
  private let maximumPixels: Int
  private var media = MediaInputOptions()

  init(_ options: LoadingOptions) {
    resampler = PictureResampler(width: options.width, height: options.height)
    maximumPixels = options.maximumPixels
    media.pixelFormat = .gray
    media.withTracks = false
    media.threads = 1
    // Named pipes and devices in a data folder are no pictures.
    media.kind = .regular
    // A picture of which a part is missing would teach the network that part's gray.
    media.strict = true
  }

  /// Decodes a file into width·height bytes.
  /// - Throws: ``Failure`` without the file's name in it.
  mutating func read(_ path: String, into output: UnsafeMutablePointer<UInt8>) throws(Failure) {
    if let size = PictureFileSize(path: path) { try check(size.width, size.height) }
    let input: MediaInput
    do throws(Failure) {
      input = try MediaInput(path: path, options: media)
    } catch {
      throw Self.withoutName(error, path)
    }
    do throws(Failure) {
      while let event = try input.next() {
        guard case .frame(let frame) = event else { continue }
        let (width, height) = (frame.layout.width, frame.layout.height)
        try check(width, height)
        guard let plane = frame.planes.first else { break }
        try resampler.resample(
          plane, PixelRectangle(x: 0, y: 0, width: width, height: height),
          range: input.video.colorRange, into: output)
        return
      }
    } catch {
      throw Self.withoutName(error, path)
    }
    throw Failure(.badInput, step: "decoding", cause: "there is no picture in it")
  }

  private func check(_ width: Int, _ height: Int) throws(Failure) {
    guard width <= PictureLimits.fileSide, height <= PictureLimits.fileSide,
      width * height <= maximumPixels
    else {
      throw Failure(
        .badInput, step: "too large", cause: "\(width)x\(height) is more than \(maximumPixels) pixels")
    }
  }

  private static func withoutName(_ failure: Failure, _ path: String) -> Failure {
    var failure = failure
    if failure.subject == path { failure.subject = "" }
    return failure
  }
}
