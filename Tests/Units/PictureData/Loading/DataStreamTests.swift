import FrameStream
import Glibc
import SystemIO
import Testing

@testable import PictureData

/// Pictures from a stream.
@Suite struct DataStreamTests {
  /// Two labeled pictures and an end.
  private func pictures(endingIn end: String) throws -> PictureSet {
    var bytes = Array((#"{"fm":1,"type":"stream","source":"a"}"# + "\n").utf8)
    for (frame, label) in ["even", "odd"].enumerated() {
      let line =
        #"{"type":"frame","seq":\#(frame),"pts":0,"width":4,"height":4,"pixel_format":"gray","bytes":16,"label":"\#(label)"}"#
      bytes += Array((line + "\n").utf8) + [UInt8](repeating: 7, count: 16) + [0x0A]
    }
    bytes += Array((#"{"type":"end","frames":2,\#(end)}"# + "\n").utf8)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    // Less than a pipe holds.
    try bytes.withUnsafeBytes { try Descriptor(ends[1]).write($0) }
    close(ends[1])
    return try PictureSet(
      stream: StreamReader(Descriptor(ends[0])), options: LoadingOptions(width: 8, height: 8))
  }

  @Test func aWholeStreamIsTaken() throws {
    let set = try pictures(endingIn: #""status":"ok""#)
    #expect(set.classes == ["even", "odd"] && set.count == 2)
  }

  /// Anything but `ok` means that the pictures are not those that were wanted.
  @Test(arguments: [
    (#""status":"error","message":"too dark""#, "too dark"), (#""status":"melted""#, #"status "melted""#),
    (#""status":"interrupted""#, #"status "interrupted""#),
  ])
  func aStreamThatIsNotWholeIsRefused(_ end: String, _ cause: String) throws {
    let failure = #expect(throws: Failure.self) { try pictures(endingIn: end) }
    #expect(failure?.description == "a: stopped upstream: \(cause)" && failure?.kind == .failed)
  }
}
