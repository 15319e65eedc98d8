import Foundation
import SystemIO
import Testing

struct WholeFileTests {
  @Test func filesComeWholeUpToTheLimit() throws {
    let folder = try TemporaryFolder()
    folder.write("0123456789", to: "file")
    #expect(try WholeFile.read(folder["file"], limit: 10) == Array("0123456789".utf8))
    let failure = #expect(throws: Failure.self) { try WholeFile.read(folder["file"], limit: 9) }
    #expect(failure?.kind == .badInput && failure?.subject == folder["file"])
    #expect(failure?.cause == "larger than 9 bytes")
    folder.write("", to: "empty")
    #expect(try WholeFile.read(folder["empty"], limit: 0) == [])
    let absent = #expect(throws: Failure.self) { try WholeFile.read(folder["absent"], limit: 9) }
    #expect(absent?.kind == .inputOutput && absent?.subject == folder["absent"])
  }

  /// A pipe does not say its length: memory grows with what comes, and no further than the limit.
  @Test(arguments: [3 << 20, 3 << 20 | 1]) func pipesAreReadToTheirEnd(_ byteCount: Int) throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder["pipe"], 0o600) == 0)
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 / 251) }
    let path = folder["pipe"]
    Thread.detachNewThread {
      guard let file = FileHandle(forWritingAtPath: path) else { return }
      signal(SIGPIPE, SIG_IGN)
      try? file.write(contentsOf: Data(bytes))
      try? file.close()
    }
    var largest = 0
    var memory: [UnsafeMutableRawBufferPointer] = []
    defer { for piece in memory { piece.deallocate() } }
    func read() throws -> Int {
      try WholeFile.read(path, limit: 3 << 20) { byteCount, filled in
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        if let last = memory.last {
          piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: last[..<filled]))
        }
        memory.append(piece)
        largest = max(largest, byteCount)
        return piece
      }
    }
    if byteCount <= 3 << 20 {
      #expect(try read() == byteCount)
      #expect(memory.last?.prefix(byteCount).elementsEqual(bytes) == true)
    } else {
      #expect(throws: Failure.self) { _ = try read() }
    }
    #expect(largest == 3 << 20 | 1)
  }

  @Test func foldersAreMade() throws {
    let folder = try TemporaryFolder()
    try WholeFile.makeFolder(folder["a/b/c"])
    #expect(FilePath.isFolder(folder["a/b/c"]))
    try WholeFile.makeFolder(folder["a/b/c"])
    try WholeFile.write(Array("x".utf8), to: folder["a/file"])
    #expect(folder.read("a/file") == "x")
    let failure = #expect(throws: Failure.self) { try WholeFile.makeFolder(folder["a/file/d"]) }
    #expect(failure?.subject == folder["a/file"] && failure?.cause == "Not a directory")
  }
}
