import CascadePictures
import FaceCascade
import Foundation
import Testing

/// What is compared with OpenCV, one test at a time, since they share its process. Skipped without Python's OpenCV 4 (see
/// ``Oracle``).
@Suite(.serialized, .enabled(if: Oracle.isPresent)) enum CascadePeers {}

/// An interpreter that is named must have what it is named for: else all tests of peers would be skipped in silence.
@Suite(.enabled(if: Oracle.isNamed)) struct NamedPythonPeerTests {
  @Test(arguments: ["cv2", "keras"]) func hasThePackage(name: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [Oracle.python, "-c", "import \(name)"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(Oracle.python), which FM_PYTHON names, cannot import \(name)")
    if name == "cv2" { #expect(Oracle.isPresent, "OpenCV's version is not 4") }
  }
}

extension Oracle {
  /// What OpenCV finds with the cascade of a file.
  func rectangles(in picture: Picture, _ cascade: String, _ options: DetectionOptions) throws
    -> [Detection]
  {
    try rectangles(
      Question(
        cascade: cascade, width: picture.width, height: picture.height, picture: Data(picture.bytes),
        scale: options.scaleFactor, neighbors: options.minNeighbors,
        minimum: [options.minSize.width, options.minSize.height],
        maximum: [options.maxSize.width, options.maxSize.height]))
  }
}

extension Picture {
  /// What the detector finds.
  func objects(_ detector: CascadeDetector) throws -> [Detection] {
    try withPlane { try detector.detect($0) }
  }
}

/// Objects as numbers, in an order of their own.
func sorted(_ detections: [Detection]) -> [[Int]] {
  detections.map { [$0.box.x, $0.box.y, $0.box.width, $0.box.height, $0.neighbors] }
    .sorted { $0.lexicographicallyPrecedes($1) }
}
