import DetectorFixtures
import FrameStream
import Testing

@testable import FaceNetwork

/// After the first picture of a size, searching allocates nothing.
@Suite(.serialized) struct DetectorAllocationTests {
  @Test(arguments: [PixelFormat.rgb24, .yuv420p, .nv12, .yuv420p10le])
  func nothingAfterTheFirstPicture(format: PixelFormat) throws {
    for bytes in [DetectorFixtures.redCells, DetectorFixtures.brightCells] {
      let detector = NetworkDetector(try DetectorFile.model(bytes))
      let layout = try PictureLayout(format, width: 96, height: 64)
      // Red in RGB; bright luma and much Cr in the others.
      var picture = [UInt8](repeating: 0, count: layout.byteCount)
      for index in picture.indices where index % 11 < 5 { picture[index] = 255 }
      var faces: [NetworkDetector.Face] = []
      let colors = FrameColors(range: .pc)
      func search() throws {
        try picture.withUnsafeBufferPointer {
          try detector.detect($0.baseAddress!, layout, colors, into: &faces)
        }
      }
      for _ in 0..<3 { try search() }
      let count = try AllocationCounter.count((AllocationCounter.thread, 0)) {
        for _ in 0..<10 { try search() }
      }
      #expect(count == 0, "\(format): in 10 pictures")
    }
  }
}
