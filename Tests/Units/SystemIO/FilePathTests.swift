import SystemIO
import Testing

struct FilePathTests {
  @Test(arguments: [
    ("a/b.png", "b.png"), ("/a/b/", "b"), ("b", "b"), ("/", "/"), ("", ""),
  ]) func lastComponents(_ path: String, _ expected: String) {
    #expect(FilePath.lastComponent(path) == expected)
  }

  @Test(arguments: [("a/b.png", "a"), ("/b", ""), ("b", nil), ("a/b/", "a/b")] as [(String, String?)])
  func folders(_ path: String, _ expected: String?) {
    #expect(FilePath.folder(of: path) == expected)
  }

  @Test(arguments: [
    ("a/b.PNG", "png"), ("a.b/c", ""), (".hidden", ""), ("a/.hidden", ""), ("a.tar.gz", "gz"), ("a.", ""),
    ("a.\u{301}b/\u{301}.png", "png"), ("a/\u{301}b", ""),
  ]) func extensions(_ path: String, _ expected: String) {
    #expect(FilePath.fileExtension(path) == expected)
  }

  @Test func joining() {
    #expect(FilePath.join("a", "b") == "a/b")
    #expect(FilePath.join("a/", "b") == "a/b")
    #expect(FilePath.join("/", "b") == "/b")
  }

  @Test(
    arguments: [
      ("rtsp://camera/1", "rtsp"), ("HTTP://x", "http"), ("git+ssh://x", "git+ssh"), ("a:b", nil),
      ("://x", nil), ("9p://x", nil), ("a/b://c", nil), ("a b://c", nil), ("é://c", nil), ("file:/x", nil),
    ] as [(String, String?)]) func schemes(_ name: String, _ expected: String?)
  {
    #expect(FilePath.scheme(of: name) == expected)
    #expect(FilePath.isURL(name) == (expected != nil))
  }

  @Test(
    arguments: [
      ("file:///a/b.mp4", "/a/b.mp4"), ("FILE:///a", "/a"), ("file:/a", "/a"), ("file://localhost/a", "/a"),
      ("file://LocalHost/a", "/a"), ("file:a.mp4", "a.mp4"), ("file:///a%20b", "/a b"),
      ("file:///%e9", "/\u{EFE9}"),
      ("file:///%C3%A9", "/é"), ("file:///%03d.png", "/%03d.png"), ("file:///100%", "/100%"),
      ("file:///a%2", "/a%2"), ("file://host/a", nil), ("file://host", nil), ("/a", nil), ("files:/a", nil),
      ("file:", nil), ("http://x/", nil),
    ] as [(String, String?)]) func fileURLs(_ name: String, _ expected: String?)
  {
    #expect(FilePath.ofFileURL(name) == expected)
  }

  @Test func aFileWithAnEscapeInItsNameIsItself() throws {
    let folder = try TemporaryFolder()
    folder.write("", to: "a%20b")
    #expect(FilePath.ofFileURL("file://" + folder["a%20b"]) == folder["a%20b"])
    #expect(FilePath.ofFileURL("file://" + folder["a%20c"]) == folder["a c"])
  }

  @Test func existence() throws {
    let folder = try TemporaryFolder()
    folder.write("", to: "file")
    #expect(FilePath.exists(folder["file"]) && FilePath.isReadable(folder["file"]))
    #expect(!FilePath.isFolder(folder["file"]) && FilePath.isFolder(folder.path))
    #expect(!FilePath.exists(folder["none"]) && !FilePath.isReadable(folder["none"]))
    #expect(FilePath.resolved(folder["none"]) == nil)
  }
}
