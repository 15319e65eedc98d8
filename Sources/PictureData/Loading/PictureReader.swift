import FaceInput
import FrameMedia
import FrameStream
import SystemIO

/// Decodes picture files to gray pictures, all of one size or each of its own; for one thread.
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
    let resampler = resampler
    try withPicture(path) { (plane, range) throws(Failure) in
      try resampler.resample(plane, plane.bounds, range: range, into: output)
    }
  }

  /// Decodes a file in its own shape, smaller if a side is longer than `longestSide`.
  /// - Returns: The picture, and the columns that the file has.
  /// - Throws: ``Failure`` without the file's name in it.
  func read(_ path: String, longestSide: Int) throws(Failure) -> (picture: GrayPixels, fileWidth: Int) {
    try withPicture(path) { (plane, range) throws(Failure) in
      let scale = min(1, Double(longestSide) / Double(max(plane.width, plane.height, 1)))
      let width = max(Int((Double(plane.width) * scale).rounded()), 1)
      let height = max(Int((Double(plane.height) * scale).rounded()), 1)
      var pixels = [UInt8](repeating: 0, count: width * height)
      let resampler = PictureResampler(width: width, height: height)
      try pixels.withUnsafeMutableBufferPointer { (pixels) throws(Failure) in
        try resampler.resample(plane, plane.bounds, range: range, into: pixels.baseAddress!)
      }
      return (GrayPixels(width: width, height: height, values: pixels), plane.width)
    }
  }

  /// Runs `body` with a file's first picture.
  private func withPicture<Result>(
    _ path: String, _ body: (PlaneView, ColorRange) throws(Failure) -> Result
  ) throws(Failure) -> Result {
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
        try check(frame.layout.width, frame.layout.height)
        guard let plane = frame.planes.first else { break }
        return try body(plane, input.video.colorRange)
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
