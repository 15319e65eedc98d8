import Foundation
import Testing

@testable import SystemIO

/// Opening and reading by name: what is waited for, until when, and what is not opened.
struct OpeningTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A request to stop that has been made, or that is made after a while.
  private func stop(after seconds: Double = 0) -> Descriptor {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0)
    let end = ends[1]
    Thread.detachNewThread {
      usleep(UInt32(seconds * 1e6))
      _ = write(end, "x", 1)
    }
    return Descriptor(ends[0])
  }

  @Test func aRequestEndsWaitingForAPipe() throws {
    mkfifo(folder["pipe"], 0o600)
    let path = folder["pipe"]
    let start = MonotonicClock.seconds()
    let calls: [(Descriptor) throws -> Void] = [
      { _ = try Descriptor.openForReading(path, unless: $0) },
      { _ = try WholeFile.read(path, limit: 100, unless: $0) },
      { _ = try FileReplacement(path: path, unless: $0) },
    ]
    for (number, call) in calls.enumerated() {
      let failure = #expect(throws: Failure.self) { try call(stop(after: 0.05)) }
      #expect(failure?.cause == "interrupted" && failure?.subject == path, "call \(number)")
    }
    // Somebody writes, but never all of it.
    let writer = open(path, O_RDWR)
    #expect(write(writer, "half", 4) == 4)
    let failure = #expect(throws: Failure.self) {
      try WholeFile.read(path, limit: 100, unless: stop(after: 0.05))
    }
    #expect(failure?.description == "\(path): reading: interrupted")
    close(writer)
    #expect(MonotonicClock.seconds() - start < 2)
  }

  /// The end of the work may have to read a file after the signal.
  @Test func aFileIsReadAfterTheRequest() throws {
    folder.write("whole", to: "file")
    #expect(try WholeFile.read(folder["file"], limit: 100, unless: stop()).count == 5)
    // A large one is not read to its end.
    let large = folder["large"]
    #expect(truncate(large, 0) == 0 || FileManager.default.createFile(atPath: large, contents: nil))
    #expect(truncate(large, 9 << 20) == 0)
    let stopped = stop()
    try stopped.waitUntilReadable()
    #expect(throws: Failure.self) { try WholeFile.read(large, limit: 1 << 30, unless: stopped) }
    #expect(try WholeFile.read(large, limit: 1 << 30).count == 9 << 20)
  }

  /// Where a regular file is meant nothing else is opened.
  @Test func specialFilesAreRefused() throws {
    mkfifo(folder["pipe"], 0o600)
    symlink("/dev/zero", folder["zero"])
    symlink("nowhere", folder["dangling"])
    try FileManager.default.createDirectory(atPath: folder["folder"], withIntermediateDirectories: false)
    let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isBound = withUnsafeMutableBytes(of: &address.sun_path) { bytes -> Bool in
      let name = Array(folder["socket"].utf8)
      guard name.count < bytes.count else { return false }
      bytes.copyBytes(from: name)
      return true
    }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    for (name, kind) in [
      ("pipe", "a named pipe"), ("zero", "a device"), ("folder", "a folder"), ("socket", "a socket"),
    ] where name != "socket" || isBound && bound == 0 {
      let calls: [(String) throws -> Void] = [
        { _ = try Descriptor.openForReading($0, only: .regular) },
        { _ = try WholeFile.read($0, limit: 100, only: .regular) },
        { _ = try Descriptor.openForUpdating($0) }, { _ = try Descriptor.openForAppending($0) },
      ]
      for call in calls {
        let failure = #expect(throws: Failure.self) { try call(folder[name]) }
        #expect(failure?.kind == .badInput && failure?.cause == "it is \(kind), not a regular file")
      }
      if name != "folder" {
        #expect(throws: Failure.self) { try FileReplacement(path: folder[name], over: .regular) }
      }
    }
    close(socket)
    let dangling = #expect(throws: Failure.self) {
      try Descriptor.openForReading(folder["dangling"], only: .regular)
    }
    #expect(dangling?.kind == .inputOutput && dangling?.cause == "No such file or directory")
  }

  /// A device without end costs as much as the beginning that shows what it is not.
  @Test func theBeginningIsLookedAtFirst() throws {
    var largest = 0
    let beginning = WholeFile.Beginning(4) { (bytes) throws(Failure) in
      guard bytes.elementsEqual("magi".utf8) else {
        throw Failure(.badInput, step: "reading", cause: "no magic")
      }
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
    defer { memory.deallocate() }
    func read(_ path: String) throws -> Int {
      try WholeFile.read(path, limit: 1 << 15, beginning: beginning) { (count, _) in
        largest = max(largest, count)
        return memory
      }
    }
    let failure = #expect(throws: Failure.self) { _ = try read("/dev/zero") }
    #expect(failure?.cause == "no magic" && largest == 4)
    folder.write("magician", to: "file")
    #expect(try read(folder["file"]) == 8 && memory.prefix(8).elementsEqual("magician".utf8))
    for short in ["", "ma"] {
      folder.write(short, to: "short")
      #expect(throws: Failure.self) { _ = try read(folder["short"]) }
    }
    folder.write("magi", to: "exact")
    #expect(try read(folder["exact"]) == 4)
  }

  /// A file server lends files out (a lease); others wait until it has taken them back.
  @Test func aFileThatIsLentOutIsWaitedFor() throws {
    let setLease: Int32 = 1024
    folder.write("lent", to: "file")
    let lender = open(folder["file"], O_RDWR)
    defer { close(lender) }
    signal(SIGIO, SIG_IGN)
    guard fcntl(lender, setLease, F_WRLCK) == 0 else { return }
    #expect(throws: Failure.self) { try Descriptor.openForReading(folder["file"], unless: stop()) }
    Thread.detachNewThread {
      usleep(120_000)
      _ = fcntl(lender, setLease, F_UNLCK)
    }
    #expect(try WholeFile.read(folder["file"], limit: 9) == Array("lent".utf8))
  }
}
