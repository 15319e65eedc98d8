import Foundation
import SystemIO
import Testing

@testable import PictureData

/// What lies in data folders and is no picture, or has a name by which it cannot be found.
@Suite struct DataFoldersTests {
  private func load(_ folder: DataFolder, _ messages: Messages? = nil) throws(Failure) -> PictureSet {
    var options = LoadingOptions.small(messages)
    if let messages { options.onNote = { messages.add("note: " + $0) } }
    return try PictureSet(folder: folder.path, options: options)
  }

  @Test func filesThatAreNoPicturesByNameAreCounted() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2])
    let plain = Messages()
    _ = try load(folder, plain)
    #expect(plain.all.isEmpty)
    for name in ["a/noext", "b/inner/e.heic", ".hidden/x", "a/.hidden", "README"] {
      try folder.write(folder.read("a/0.png"), to: name)
    }
    let messages = Messages()
    let set = try load(folder, messages)
    #expect(set.count == 4)
    #expect(
      messages.all == [
        "\(folder.path): 2 files skipped: not images by extension",
        "note: \(folder.path): skipped: a/noext", "note: \(folder.path): skipped: b/inner/e.heic",
      ])
    for name in ["a/0.png", "a/1.png", "b/0.png", "b/1.png"] {
      try FileManager.default.removeItem(atPath: folder[name])
    }
    let none = failure { () throws(Failure) in _ = try load(folder) }
    #expect(none?.cause.hasSuffix("only files that are not images by extension, such as a/noext") == true)
  }

  @Test func namesThatAreNoTextAreRead() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2])
    let name = FileName.text([0xE9, 0x74, 0xE9])
    try WholeFile.makeFolder(folder[name])
    try WholeFile.write(folder.read("a/0.png"), to: folder["\(name)/\(name).png"])
    try WholeFile.write(folder.read("b/0.png"), to: folder["b/\(name).png"])
    let set = try load(folder)
    #expect(set.classes == ["a", "b", name] && set.count == 6)
    #expect(set.examples.map(\.name).suffix(2) == ["b/\(name).png", "\(name)/\(name).png"])
    // A manifest may have the name as the disk has it, or as JSON and other tables do.
    for bytes in [FileName.bytes("b/\(name).png"), Array("b/\(name).png".utf8)] {
      let lines = Array("filename,label\na/0.png,a\n".utf8) + bytes + Array(",b\n".utf8)
      try folder.write(lines, to: "list.csv")
      let listed = try PictureSet(
        folder: folder.path, manifest: folder["list.csv"], classes: ["a", "b"], options: .small())
      #expect(listed.count == 2 && listed.unreadable.isEmpty, "\(listed.unreadable)")
    }
  }

  /// Accents in one character and in two: different files, and equal text.
  @Test func namesThatAreEqualAsTextOnly() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2])
    let names = ["e\u{301}.png", "\u{E9}.png"]
    for (name, source) in zip(names, ["b/0.png", "b/1.png"]) {
      try WholeFile.write(folder.read(source), to: folder["b/\(name)"])
    }
    #expect(try load(folder).count == 6)
    let list = "filename,label\na/0.png,a\n" + names.map { "b/\($0),b\n" }.joined()
    try folder.write(list, to: "list.csv")
    let messages = Messages()
    let listed = try PictureSet(
      folder: folder.path, manifest: folder["list.csv"], classes: ["a", "b"], options: .small(messages))
    #expect(listed.count == 3 && !messages.contain("already"), "\(messages.all)")
    try WholeFile.makeFolder(folder["e\u{301}"])
    try WholeFile.makeFolder(folder["\u{E9}"])
    let refusal = failure { () throws(Failure) in _ = try load(folder) }
    #expect(refusal?.kind == .badInput && refusal?.cause.contains("composed accents") == true)
  }

  /// Named pipes and devices would be read for ever.
  @Test func specialFilesAreCountedAsUnreadable() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2])
    mkfifo(folder["a/pipe.png"], 0o600)
    symlink("/dev/zero", folder["a/zero.jpg"])
    symlink("/dev/full", folder["b/full.bmp"])
    symlink("/dev/urandom", folder["b/random.webp"])
    symlink("nowhere", folder["b/dangling.png"])
    let messages = Messages()
    let set = try load(folder, messages)
    #expect(set.count == 4 && set.unreadable.count == 5)
    #expect(
      messages.contain("a/pipe.png: left out: cannot open: it is a named pipe, not a regular file"),
      "\(messages.all)")
    #expect(messages.contain("5 of 9 pictures left out"))
    var strict = LoadingOptions.small()
    strict.strict = true
    #expect(throws: Failure.self) { _ = try PictureSet(folder: folder.path, options: strict) }
    let cache = LoadingOptions.small(nil, cache: folder["a/pipe.png"])
    #expect(throws: Failure.self) { _ = try PictureSet(folder: folder.path, options: cache) }
  }

  @Test func picturesOfNoClassAreNotCountedByClass() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 1])
    try folder.write(folder.read("a/0.png"), to: "loose.png")
    try folder.write("x", to: "list.csv")
    let messages = Messages()
    let loose = try CalibrationPictures(folder: folder.path, classes: ["x", "y"], options: .small(messages))
    #expect(!loose.areLabelled && loose.pictures.count == 1)
    #expect(
      messages.all == [
        "\(folder.path): the folder \"a\" is not one of the model's classes, and is left out",
        "\(folder.path): 1 file skipped: not an image by extension",
      ])
    let few = Messages()
    _ = try CalibrationPictures(folder: folder.path, classes: ["a", "y"], options: .small(few))
    #expect(few.contain("the class \"y\" has no picture"))
  }

  /// All pictures in one folder, their classes in the manifest alone.
  @Test func classesOfAManifestMayBeItsLabels() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["imgs": 4])
    func classes(_ rows: String) throws(Failure) -> [String] {
      do { try folder.write("filename,label\n" + rows, to: "list.csv") } catch {}
      return try PictureSet(folder: folder.path, manifest: folder["list.csv"], options: .small()).classes
    }
    #expect(try classes("imgs/0.png,b\nimgs/1.png,a\nimgs/2.png,b\n") == ["a", "b"])
    // Where a label is a folder's name, the others are mistakes.
    try folder.writeClasses(["a": 1])
    let mistake = failure { () throws(Failure) in _ = try classes("imgs/0.png,b\nimgs/1.png,a\n") }
    #expect(mistake?.cause.contains("\"b\" is not one of the classes") == true)
    let one = failure { () throws(Failure) in _ = try classes("imgs/0.png,c\nimgs/1.png,c\n") }
    #expect(one?.cause.contains("the only class is \"c\"") == true)
  }
}
