import Dispatch
import Foundation
import SystemIO
import Testing

struct DescriptorTests {
  /// A pipe that holds one page: every larger write is cut into pieces.
  struct TinyPipe {
    let input: Descriptor
    let output: Descriptor

    init() {
      signal(SIGPIPE, SIG_IGN)
      var ends: [Int32] = [-1, -1]
      precondition(pipe(&ends) == 0)
      input = Descriptor(ends[0])
      output = Descriptor(ends[1])
      let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, a macro that needs _GNU_SOURCE
      _ = fcntl(ends[1], setPipeSize, Int32(4096))
    }
  }

  /// All that comes, read by another thread, a few bytes at a time.
  final class Collector: @unchecked Sendable {
    private var bytes: [UInt8] = []
    private let done = DispatchSemaphore(value: 0)

    init(_ input: Descriptor) {
      Thread.detachNewThread { [self] in
        var first = [UInt8](repeating: 0, count: 7)
        var second = [UInt8](repeating: 0, count: 1000)
        while true {
          let count = first.withUnsafeMutableBytes { a in
            second.withUnsafeMutableBytes { b in (try? input.read(into: a, then: b)) ?? 0 }
          }
          if count == 0 { break }
          bytes += first.prefix(count) + second.prefix(max(0, count - first.count))
        }
        input.close()
        done.signal()
      }
    }

    func finish() -> [UInt8] {
      done.wait()
      return bytes
    }
  }

  private static let sample = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

  @Test(arguments: [false, true]) func allBytesGoThroughATinyPipe(nonBlocking: Bool) throws {
    let pipe = TinyPipe()
    if nonBlocking {
      // As another program may have left it.
      for end in [pipe.input, pipe.output] { _ = fcntl(end.number, F_SETFL, O_NONBLOCK) }
    }
    let collector = Collector(pipe.input)
    try Self.sample.withUnsafeBytes { try pipe.output.write($0) }
    pipe.output.close()
    #expect(collector.finish() == Self.sample)
  }

  @Test func moreVectorsThanOneCallTakes() throws {
    let pipe = TinyPipe()
    let collector = Collector(pipe.input)
    var bytes = Self.sample
    // 5000 regions of 0 to 59 bytes, some empty.
    try bytes.withUnsafeMutableBytes { bytes in
      var vectors: [iovec] = []
      var position = 0
      for index in 0..<5000 {
        vectors.append(iovec(iov_base: bytes.baseAddress! + position, iov_len: index % 60))
        position += index % 60
      }
      vectors.append(iovec(iov_base: bytes.baseAddress! + position, iov_len: bytes.count - position))
      try vectors.withUnsafeMutableBufferPointer { try pipe.output.write($0) }
    }
    pipe.output.close()
    #expect(collector.finish() == Self.sample)
  }

  @Test func aClosedPipeIsABrokenPipe() throws {
    let pipe = TinyPipe()
    pipe.input.close()
    defer { pipe.output.close() }
    let failure = #expect(throws: Failure.self) {
      try [UInt8](repeating: 1, count: 3).withUnsafeBytes { try pipe.output.write($0) }
    }
    #expect(failure?.kind == .brokenPipe)
    var bytes: [UInt8] = [1, 2, 3]
    let vectored = #expect(throws: Failure.self) {
      try bytes.withUnsafeMutableBytes { bytes in
        var vectors = [iovec(iov_base: bytes.baseAddress, iov_len: 3)]
        try vectors.withUnsafeMutableBufferPointer { try pipe.output.write($0) }
      }
    }
    #expect(vectored?.kind == .brokenPipe)
  }

  @Test func readingGivesUpWhenToldTo() throws {
    let pipe = TinyPipe()
    let stop = TinyPipe()
    defer { for end in [pipe.input, pipe.output, stop.input, stop.output] { end.close() } }
    var buffer = [UInt8](repeating: 0, count: 10)
    func read() throws -> Int? {
      try buffer.withUnsafeMutableBytes {
        try pipe.input.read(
          into: UnsafeMutableRawBufferPointer(start: nil, count: 0), then: $0, unless: stop.input)
      }
    }
    try [UInt8]([5, 6]).withUnsafeBytes { try pipe.output.write($0) }
    #expect(try read() == 2)
    try [UInt8]([0]).withUnsafeBytes { try stop.output.write($0) }
    #expect(try read() == nil)
    #expect(try read() == nil, "the word to stop stays")
  }

  @Test func zeroAtTheEnd() throws {
    let pipe = TinyPipe()
    pipe.output.close()
    defer { pipe.input.close() }
    var buffer = [UInt8](repeating: 0, count: 10)
    let count = try buffer.withUnsafeMutableBytes {
      try pipe.input.read(into: $0, then: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
    #expect(count == 0)
  }

  @Test func waitingHasAnEnd() {
    let pipe = TinyPipe()
    defer { for end in [pipe.input, pipe.output] { end.close() } }
    #expect(!pipe.input.isReadable(within: 0.01))
    #expect(!pipe.input.isReadable(within: -.infinity))
  }

  @Test func openingNamesWhatIsWrong() throws {
    let folder = try TemporaryFolder()
    let absent = #expect(throws: Failure.self) { try Descriptor.openForReading(folder["absent"]) }
    #expect(absent?.description == "\(folder["absent"]): cannot open: No such file or directory")
    #expect(absent?.kind == .inputOutput)
    let isFolder = #expect(throws: Failure.self) { try Descriptor.openForReading(folder.path) }
    #expect(isFolder?.description == "\(folder.path): cannot open: Is a directory")
  }
}
