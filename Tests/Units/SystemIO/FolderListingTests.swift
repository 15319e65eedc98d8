import Glibc
import SystemIO
import Testing

@Suite struct FolderListingTests {
  @Test func namesAreInTheOrderOfTheirBytes() throws {
    let folder = try TemporaryFolder()
    for name in ["b", "a", "B", "é", "10", "2", ".hidden"] { folder.write("", to: name) }
    #expect(FolderListing.names(in: folder.path) == [".hidden", "10", "2", "B", "a", "b", "é"])
    #expect(FolderListing.names(in: folder["nowhere"]) == nil)
    #expect(FolderListing.names(in: folder["a"]) == nil)
  }

  @Test func namesThatAreNoTextLeadToTheirFiles() throws {
    let folder = try TemporaryFolder()
    for name in ["b", "é", ".hidden"] { folder.write("", to: name) }
    #expect(try FolderListing.pathNames(in: folder.path) == ["b", "é"])
    #expect(
      #expect(throws: Failure.self) { try FolderListing.pathNames(in: folder["b"]) }?.kind == .inputOutput)
    // "été\" in Latin-1, as a hidden folder and as one that is seen.
    let name = [0xE9, 0x74, 0xE9, 0x5C].map { CChar(truncatingIfNeeded: $0) }
    for (mark, isSeen) in [(".", false), ("", true)] {
      let path = (folder.path + "/" + mark).utf8CString.dropLast() + name + [0]
      try #require(mkdir(Array(path), 0o755) == 0)
      defer { rmdir(Array(path)) }
      let names = try FolderListing.pathNames(in: folder.path)
      #expect(names == (isSeen ? ["b", "é", "\u{EFE9}t\u{EFE9}\\"] : ["b", "é"]))
      for name in names.dropFirst(2) { #expect(FilePath.isFolder(folder[name])) }
    }
  }

  @Test func status() throws {
    let folder = try TemporaryFolder()
    folder.write("four", to: "file")
    #expect(symlink("file", folder["link"]) == 0)
    let file = try #require(FileStatus(path: folder["file"]))
    #expect(file.isRegularFile && !file.isFolder && file.byteCount == 4)
    #expect(file.modification > 1_600_000_000_000_000_000)
    #expect(FileStatus(path: folder["link"]) == file)
    #expect(FileStatus(path: folder.path)?.isFolder == true)
    #expect(FileStatus(path: folder["nowhere"]) == nil)
    #expect(FilePath.resolved(folder["link"]) == FilePath.resolved(folder["file"]))
  }

  @Test func positionsAndLocks() throws {
    let folder = try TemporaryFolder()
    let first = try Descriptor.openForUpdating(folder["file"])
    let second = try Descriptor.openForUpdating(folder["file"])
    defer { second.close() }
    #expect(first.lockWithoutWaiting())
    #expect(!second.lockWithoutWaiting())
    try Array("abc".utf8).withUnsafeBytes { try first.write($0, at: 2) }
    #expect(second.fileLength == 5)
    var bytes = [UInt8](repeating: 9, count: 8)
    let count = try bytes.withUnsafeMutableBytes { try second.read(at: 1, into: $0) }
    #expect(count == 4 && bytes == [0, 97, 98, 99, 9, 9, 9, 9])
    try first.setFileLength(3)
    #expect(second.fileLength == 3)
    first.close()
    #expect(second.lockWithoutWaiting())
  }

  @Test func clockGoesForward() {
    let start = MonotonicClock.seconds()
    usleep(2000)
    #expect(MonotonicClock.seconds() - start >= 0.002)
  }
}
