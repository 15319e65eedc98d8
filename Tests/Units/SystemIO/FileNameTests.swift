import Glibc
import SystemIO
import Testing

struct FileNameTests {
  /// Every name of one and two bytes, and many of up to six, has a text of its own that leads back to it.
  @Test func everyNameComesBack() {
    var texts: Set<[UInt8]> = []
    var count = 0
    func check(_ bytes: [UInt8]) {
      let text = FileName.text(bytes)
      count += 1
      texts.insert(Array(text.utf8))
      if FileName.bytes(text) != bytes { Issue.record("\(bytes) came back as \(FileName.bytes(text))") }
    }
    for first in UInt8(1)...255 {
      check([first])
      for second in UInt8(1)...255 { check([first, second]) }
    }
    // Sequences that are cut short, too long, surrogates, and the characters that stand for bytes.
    let parts: [[UInt8]] = [
      [0x61], [0xC3, 0xA9], [0xC3], [0xA9], [0xE2, 0x82, 0xAC], [0xE2, 0x82], [0xED, 0xA0, 0x80],
      [0xC0, 0xAF],
      [0xEE, 0xBE, 0xA9], [0xEE, 0xBE], [0xEE, 0xBF, 0xBF], [0xF0, 0x9F, 0x98, 0x80], [0xF0, 0x9F], [0xFF],
    ]
    var joined: Set<[UInt8]> = []
    for a in parts { for b in parts { for c in parts { joined.insert(a + b + c) } } }
    texts.removeAll()
    count = 0
    for bytes in joined { check(bytes) }
    #expect(texts.count == count)
  }

  @Test func textIsItself() {
    for name in ["plain.png", "été.png", "日本.mp4", "\u{EF7F}\u{F000}"] {
      #expect(FileName.text(Array(name.utf8)) == name && FileName.bytes(name) == Array(name.utf8))
      #expect(FileName.readable(name) == name && FileName.isText(name))
    }
    #expect(FileName.text([0x63, 0xE9, 0x2E]) == "c\u{EFE9}.")
    #expect(!FileName.isText("c\u{EFE9}."))
    #expect(FileName.readable("c\u{EFE9}.") == #"c\xE9."#)
    #expect(FileName.text([0xEE, 0xBE, 0xA9]) == "\u{EFEE}\u{EFBE}\u{EFA9}")
  }

  /// Each call of the system gets the name's own bytes.
  @Test func filesOfSuchNames() throws {
    let folder = try TemporaryFolder()
    let name = FileName.text([0xE9, 0x2E, 0x74])
    let path = folder[name]
    try WholeFile.write([1, 2], to: path)
    #expect(try FolderListing.pathNames(in: folder.path) == [name])
    let status = try #require(FileStatus(path: path))
    var known = stat()
    #expect(stat(Array(folder.path.utf8CString.dropLast()) + [47, -23, 46, 116, 0], &known) == 0)
    #expect(status.inode == UInt64(known.st_ino) && FilePath.exists(path) && FilePath.isReadable(path))
    #expect(try WholeFile.read(path, limit: 9) == [1, 2])
    #expect(FilePath.resolved(path).map { FilePath.lastComponent($0) } == name)
    #expect(FilePath.fileExtension(path) == "t")
    let link = folder[FileName.text([0xEA])]
    #expect(symlink(name.fileNameBytes, link.fileNameBytes) == 0)
    try WholeFile.write([3], to: link)
    #expect(try WholeFile.read(path, limit: 9) == [3])
    try WholeFile.makeFolder(folder[FileName.text([0xEB]) + "/" + name])
    #expect(FilePath.isFolder(folder[FileName.text([0xEB])]))
    let updated = try Descriptor.openForUpdating(path)
    #expect(updated.fileLength == 1)
    updated.close()
    let lock = try FileLock(path, use: "test")
    #expect(FolderListing.names(in: folder.path)?.contains(".\(name).lock") == true)
    withExtendedLifetime(lock) {}
  }
}
