import Foundation
import Testing

@testable import SystemIO

struct FileReplacementTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func nothingHasTheFinalNameBeforeCommit() throws {
    let file = try FileReplacement(path: folder["new.txt"])
    try file.write("whole")
    #expect(folder.read("new.txt") == nil)
    #expect(folder.names.count == 1, "the part is beside it: \(folder.names)")
    #expect(folder.names.allSatisfy { $0.hasPrefix(".new.txt.") && $0.hasSuffix(".part") })
    try file.commit()
    #expect(folder.read("new.txt") == "whole")
    #expect(folder.names == ["new.txt"])
  }

  @Test func discardLeavesWhatWasThere() throws {
    folder.write("old", to: "kept.txt")
    let file = try FileReplacement(path: folder["kept.txt"])
    try file.write("new")
    file.discard()
    file.discard()
    #expect(folder.read("kept.txt") == "old")
    #expect(folder.names == ["kept.txt"])
  }

  @Test func anObjectThatIsDroppedRemovesItsPart() throws {
    do {
      let file = try FileReplacement(path: folder["dropped.txt"])
      try file.write("new")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func committingTwiceAndDiscardingAfterwardsDoNoHarm() throws {
    let file = try FileReplacement(path: folder["a"])
    try file.write("a")
    try file.commit()
    try file.commit()
    file.discard()
    #expect(folder.read("a") == "a")
  }

  @Test(arguments: [mode_t(0o600), 0o640, 0o755])
  func anExistingFileKeepsItsMode(_ mode: mode_t) throws {
    folder.write("old", to: "file")
    chmod(folder["file"], mode)
    let file = try FileReplacement(path: folder["file"])
    try file.write("new")
    try file.commit()
    #expect(folder.read("file") == "new")
    #expect(try folder.mode("file") == mode)
  }

  /// As root: nobody else has files of other people.
  @Test(
    .enabled(if: geteuid() == 0),
    arguments: [(uid_t(0), gid_t(0), mode_t(0o6755)), (1, 0, 0o755), (0, 1, 0o755)])
  func anotherOwnersProgramIsNoLongerOne(_ user: uid_t, _ group: gid_t, _ mode: mode_t) throws {
    folder.write("old", to: "file")
    #expect(chown(folder["file"], user, group) == 0 && chmod(folder["file"], 0o6755) == 0)
    let file = try FileReplacement(path: folder["file"])
    try file.commit()
    #expect(try folder.mode("file") == mode)
  }

  @Test func flushingIsDoneAgainOrNotAtAll() {
    func flush(_ codes: [Int32]) -> Int32 {
      var codes = codes
      return FileReplacement.flush {
        guard !codes.isEmpty else { return 0 }
        errno = codes.removeFirst()
        return -1
      }
    }
    #expect(flush([]) == 0 && flush([EINTR, EINTR]) == 0)
    for code in [EINVAL, ENOTSUP, ENOSYS, EROFS] { #expect(flush([code]) == 0 && flush([EINTR, code]) == 0) }
    for code in [EIO, ENOSPC, EDQUOT] { #expect(flush([code]) == code && flush([EINTR, code]) == code) }
  }

  /// For names that nobody gave: what has been planted there is not written into.
  @Test func aLinkThatIsNotFollowedIsReplaced() throws {
    folder.write("victim", to: "victim")
    symlink("victim", folder["link"])
    symlink("nowhere", folder["dangling"])
    for name in ["link", "dangling"] {
      let file = try FileReplacement(path: folder[name], over: .regular, followsLinks: false)
      try file.write("new")
      try file.commit(isDurable: false)
      var status = stat()
      #expect(lstat(folder[name], &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
      #expect(folder.read(name) == "new")
    }
    #expect(folder.read("victim") == "victim" && folder.names == ["dangling", "link", "victim"])
  }

  @Test func aNewFileHasTheRightsOfAPlainOpen() throws {
    close(open(folder["plain"], O_WRONLY | O_CREAT, 0o666))
    try FileReplacement(path: folder["ours"]).commit()
    #expect(try folder.mode("ours") == folder.mode("plain"))
  }

  @Test func aSymbolicLinkIsKept() throws {
    try FileManager.default.createDirectory(atPath: folder["elsewhere"], withIntermediateDirectories: false)
    folder.write("old", to: "elsewhere/target")
    symlink("elsewhere/target", folder["link"])
    let file = try FileReplacement(path: folder["link"])
    try file.write("new")
    try file.commit()
    #expect(folder.read("elsewhere/target") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"]) == "elsewhere/target")
    #expect(folder.names == ["elsewhere", "link"])
  }

  @Test func aLinkToNothingYetGetsItsFile() throws {
    try FileManager.default.createDirectory(atPath: folder["elsewhere"], withIntermediateDirectories: false)
    symlink("elsewhere/second", folder["first"])
    symlink("target", folder["elsewhere/second"])
    let file = try FileReplacement(path: folder["first"])
    try file.write("new")
    try file.commit()
    #expect(folder.read("elsewhere/target") == "new")
    #expect(folder.names == ["elsewhere", "first"])
  }

  @Test func linksInACircleAreRefused() {
    symlink("b", folder["a"])
    symlink("a", folder["b"])
    #expect(throws: Failure.self) { try FileReplacement(path: folder["a"]) }
    #expect(folder.names == ["a", "b"])
  }

  @Test func aDeviceIsWrittenDirectly() throws {
    let file = try FileReplacement(path: "/dev/null")
    try file.write("gone")
    try file.commit()
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func aFullDeviceIsTold() throws {
    let file = try FileReplacement(path: "/dev/full")
    let failure = #expect(throws: Failure.self) { try file.write("gone") }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.cause == "No space left on device")
  }

  @Test func aFolderIsRefused() throws {
    let failure = #expect(throws: Failure.self) { try FileReplacement(path: folder.path) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.description == "\(folder.path): cannot write: Is a directory")
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let path = folder["absent/file"]
    let failure = #expect(throws: Failure.self) { try FileReplacement(path: path) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.description == "\(path): cannot write: No such file or directory")
  }

  /// Nobody can keep root from writing.
  @Test(.enabled(if: geteuid() != 0)) func anUnwritableFolderIsTold() throws {
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    let failure = #expect(throws: Failure.self) { try FileReplacement(path: folder["file"]) }
    #expect(failure?.cause == "Permission denied")
  }

  @Test func aNameOfTheGreatestLengthHasRoomForItsPart() throws {
    let name = String(repeating: "n", count: 255)
    let file = try FileReplacement(path: folder[name])
    try file.write("long")
    try file.commit()
    #expect(folder.read(name) == "long")
  }
}

extension FileReplacement {
  func write(_ text: String) throws {
    try Array(text.utf8).withUnsafeBytes { (bytes) throws in try descriptor.write(bytes) }
  }
}
