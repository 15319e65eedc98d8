import CAllocationCounter
import DetectorFixtures
import FrameStream
import NetworkEngine
import SystemIO
import Testing

@testable import FaceNetwork

/// After the first picture of a size, searching allocates nothing but what oneDNN does in running its primitives.
@Suite(.serialized) struct DetectorAllocationTests {
  /// The fewest allocations of this thread in some runs of `body`: the first ones may be to make room.
  private func fewestAllocations(_ body: () throws -> Void) throws -> Int {
    var fewest = Int.max
    for _ in 0..<5 {
      counting_begin(counting_thread(), 0)
      let result = Result { try body() }
      fewest = min(fewest, counting_end())
      try result.get()
    }
    return fewest
  }

  @Test(arguments: [PixelFormat.rgb24, .yuv420p, .nv12, .yuv420p10le])
  func nothingAfterTheFirstPicture(format: PixelFormat) throws {
    for bytes in [DetectorFixtures.redCells, DetectorFixtures.brightCells] {
      let detector = NetworkDetector(try DetectorFile.model(bytes))
      let layout = try PictureLayout(format, width: 96, height: 64)
      var picture = [UInt8](repeating: 0, count: layout.byteCount)
      for index in picture.indices where index % 11 < 5 { picture[index] = 255 }
      var faces: [NetworkDetector.Face] = []
      let colors = FrameColors(range: .pc)
      let ours = try fewestAllocations {
        try picture.withUnsafeBufferPointer {
          try detector.detect($0.baseAddress!, layout, colors, into: &faces)
        }
      }
      let networks = try #require(detector.prepared.last).networks
      let oneDNN = try fewestAllocations {
        for network in networks {
          try network.predict { (_) throws(Failure) in
          } results: { (_) throws(Failure) in
          }
        }
      }
      #expect(ours == oneDNN, "\(format)")
    }
  }
}
