import DetectorFixtures
import Foundation
import FrameStream

@testable import FaceNetwork

/// A file for the length of a test.
final class DetectorFile {
  let path = NSTemporaryDirectory() + "detector-\(UUID().uuidString).onnx"

  init(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  /// The network in a file of these bytes.
  static func model(_ bytes: [UInt8]) throws -> DetectionModel {
    let file = try DetectorFile(bytes)
    return try withExtendedLifetime(file) { try DetectionModel(path: file.path) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A dark gray or color picture with a bright or red rectangle.
struct PlainPicture {
  let layout: PictureLayout
  var bytes: [UInt8]

  init(_ format: PixelFormat, _ width: Int, _ height: Int, _ squares: [PixelRectangle]) throws {
    layout = try PictureLayout(format, width: width, height: height)
    bytes = [UInt8](repeating: 40, count: layout.byteCount)
    let channels = format == .rgb24 ? 3 : 1
    for square in squares {
      for y in square.y..<square.maxY {
        for x in square.x..<square.maxX {
          bytes[(y * width + x) * channels] = 255
          for channel in 1..<max(channels, 1) { bytes[(y * width + x) * channels + channel] = 0 }
        }
      }
    }
  }

  func faces(_ detector: NetworkDetector, _ colors: FrameColors = FrameColors(range: .pc)) throws
    -> [NetworkDetector.Face]
  {
    var faces: [NetworkDetector.Face] = []
    try bytes.withUnsafeBufferPointer { try detector.detect($0.baseAddress!, layout, colors, into: &faces) }
    return faces
  }
}
