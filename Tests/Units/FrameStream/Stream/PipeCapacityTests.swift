import FrameStream
import Glibc
import SystemIO
import Testing

/// How much of a stream may wait in a pipe.
struct PipeCapacityTests {
  /// F_GETPIPE_SZ of fcntl(2), a macro that needs _GNU_SOURCE.
  private static let getPipeSize: Int32 = 1032

  /// A user who has many pipes, or a system with other limits, gets no large ones.
  private static let getsLargePipes: Bool = {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    defer { for end in ends { close(end) } }
    return fcntl(ends[0], getPipeSize - 1, 1 << 20) >= 1 << 20
  }()

  /// A picture's width, liveness, and what the pipe should hold: the system makes it a power of two.
  static let cases: [(width: Int, isLive: Bool, capacity: Int32)] = [
    (320, false, 1 << 20), (32, true, 1 << 16), (320, true, 1 << 17),
    (640, true, 1 << 19), (1920, true, 1 << 20),
  ]

  private func header(_ width: Int, _ isLive: Bool) -> RecordLine {
    let video = VideoDescription(
      width: width, height: width * 9 / 16, pixelFormat: .yuv420p, timeBase: Rational(1, 25), colorRange: .tv)
    return StreamHeader(video: video, isLive: isLive).makeLine()
  }

  @Test(.enabled(if: getsLargePipes, "the system gives no large pipes"), arguments: cases)
  func liveStreamsHaveRoomForAPicture(
    _ stream: (width: Int, isLive: Bool, capacity: Int32)
  ) throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let size = fcntl(ends[0], Self.getPipeSize)
    let writer = StreamWriter(Descriptor(ends[1]))
    let reader = StreamReader(Descriptor(ends[0]))
    #expect(fcntl(ends[0], Self.getPipeSize) == size, "before anything is known")
    try writer.write(streamRecord: header(stream.width, stream.isLive))
    #expect(fcntl(ends[1], Self.getPipeSize) == stream.capacity)
    // What another program has written.
    _ = fcntl(ends[1], Self.getPipeSize - 1, 1 << 16)
    let record = Record()
    #expect(try reader.read(into: record) == .record)
    #expect(fcntl(ends[0], Self.getPipeSize) == stream.capacity)
  }
}
