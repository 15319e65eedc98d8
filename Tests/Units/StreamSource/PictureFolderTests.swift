import Foundation
import SystemIO
import Testing

@testable import StreamSource

/// A folder of empty files, removed with its object.
final class FileFolder {
  let path = NSTemporaryDirectory() + "stream-source-\(UUID().uuidString)"

  init(_ names: [String]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in names {
      if name.hasSuffix("/") {
        try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
      } else {
        try Data().write(to: URL(fileURLWithPath: self[name]))
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(_ name: String) -> String { path + "/" + name }
}

private func pictures(
  _ paths: [String], _ origin: PictureFolder.Picture.Origin, name: String
) -> PictureFolder.Source {
  .pictures(paths.map { PictureFolder.Picture($0, origin) }, name: name)
}

struct PictureFolderTests {
  @Test func foldersAreListedByName() throws {
    let folder = try FileFolder([
      "b.png", "a.JPG", "c.gif", ".hidden.png", "notes.txt", "raw.cr2", "sub.png/",
    ])
    #expect(
      PictureFolder.sources([folder.path], format: nil) == [
        pictures(["a.JPG", "b.png", "c.gif", "sub.png"].map { folder[$0] }, .listed, name: folder.path)
      ])
    #expect(
      PictureFolder.sources([folder.path + "/"], format: nil) == [
        pictures(["a.JPG", "b.png", "c.gif", "sub.png"].map { folder[$0] }, .listed, name: folder.path + "/")
      ])
    #expect(PictureFolder.skippedFiles(in: folder.path) == ["notes.txt", "raw.cr2"])
  }

  @Test func picturesInARowMakeOneStream() throws {
    let folder = try FileFolder(["a.png", "b.png", "film.mp4", "more/", "more/c.png"])
    let (a, b, film, more) = (folder["a.png"], folder["b.png"], folder["film.mp4"], folder["more"])
    #expect(
      PictureFolder.sources([a, b, film, more], format: nil) == [
        pictures([a, b], .named, name: "\(a) \(b)"), .media(film),
        pictures([more + "/c.png"], .listed, name: more),
      ])
    // One picture is a stream as a video is, and so is what does not exist.
    #expect(
      PictureFolder.sources([a, film, "none.png", "-"], format: nil) == [
        .media(a), .media(film), .media("none.png"), .media("-"),
      ])
    #expect(PictureFolder.sources([a, b], format: "image2") == [.media(a), .media(b)])
  }

  @Test func numberedPicturesBeginAnywhere() throws {
    let folder = try FileFolder([
      "p007.png", "p1000.png", "p010.png", "p9.png", "p011.jpg", "xp012.png", "p-01.png",
    ])
    let pattern = folder["p%03d.png"]
    let files = ["p007.png", "p010.png", "p1000.png"].map { folder[$0] }
    #expect(PictureFolder.sources([pattern], format: nil) == [pictures(files, .numbered, name: pattern)])
    #expect(
      PictureFolder.sources(["file://" + pattern], format: nil) == [
        pictures(files, .numbered, name: "file://" + pattern)
      ])
    #expect(PictureFolder.gaps(in: pattern) == "8 to 9, 11 to 999")
    #expect(PictureFolder.sources([pattern], format: nil, hasTimes: true) == [.media(pattern)])
    #expect(PictureFolder.sources([folder["q%d.png"]], format: nil) == [.media(folder["q%d.png"])])
    // A file of that name, and a video's.
    try WholeFile.write([], to: pattern)
    #expect(PictureFolder.sources([pattern], format: nil) == [.media(pattern)])
    #expect(PictureFolder.sources([folder["p%d.mp4"]], format: nil) == [.media(folder["p%d.mp4"])])
    #expect(PictureFolder.gaps(in: folder.path) == nil)
  }

  @Test func anEmptyFolderIsASourceOfNoPictures() throws {
    let folder = try FileFolder(["notes.txt"])
    #expect(PictureFolder.sources([folder.path], format: nil) == [.pictures([], name: folder.path)])
  }
}
