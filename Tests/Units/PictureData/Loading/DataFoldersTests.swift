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

  @Test(arguments: ["", "a/"]) func aNameThatIsNoTextIsAnError(_ place: String) throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2])
    let name: [CChar] = [CChar(truncatingIfNeeded: 0xE9), 0x74, CChar(truncatingIfNeeded: 0xE9), 0]
    let path = Array(folder[place].utf8CString.dropLast() + name)
    try #require(mkdir(path, 0o755) == 0)
    defer { rmdir(path) }
    let refusal = failure { () throws(Failure) in _ = try load(folder) }
    #expect(
      refusal?.kind == .badInput && refusal?.cause.contains(#""\351t\351""#) == true,
      "\(String(describing: refusal))")
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
