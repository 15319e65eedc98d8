import Foundation
import SystemIO
import Testing

@testable import PictureData

@Suite struct DataPictureSetTests {
  @Test func classesAndPicturesAreInKerasOrder() throws {
    let folder = try DataFolder()
    for name in ["b/2.png", "b/10.png", "b/z/1.png", "b/a/1.png", "B/0.png", "a, \"b\" c/0.png", "快乐/1.png"] {
      try folder.write(PNG.gray([UInt8](repeating: 9, count: 4), width: 2, height: 2), to: name)
    }
    try folder.write("x", to: "b/notes.txt")
    try folder.write("x", to: "b/.hidden.png")
    try folder.write("x", to: ".git/a.png")
    try folder.write("x", to: "loose.png")
    let messages = Messages()
    let set = try PictureSet(folder: folder.path + "/", options: .small(messages))
    #expect(set.classes == ["B", "a, \"b\" c", "b", "快乐"])
    #expect(
      set.names == [
        "B/0.png", "a, \"b\" c/0.png", "b/10.png", "b/2.png", "b/a/1.png", "b/z/1.png", "快乐/1.png",
      ])
    #expect(set.labels == [0, 1, 2, 2, 2, 2, 3])
    #expect(set.classCounts == [1, 1, 4, 1])
    #expect(set.targets(6) == [0, 0, 0, 1])
    #expect(messages.contain("in no class folder"))
    #expect(messages.contain("has one picture"))
  }

  @Test func picturesOfTheRightSizeAreExact() throws {
    let folder = try DataFolder()
    let pixels = (0..<144).map { UInt8($0) }
    try folder.write(PNG.gray(pixels, width: 12, height: 12), to: "a/gray.png")
    try folder.write(PNG.rgb(pixels.flatMap { [$0, $0, $0] }, width: 12, height: 12), to: "a/rgb.png")
    try folder.write(PNG.rgba(pixels.flatMap { [$0, $0, $0, 255] }, width: 12, height: 12), to: "a/rgba.png")
    try folder.write(PNG.gray16(pixels.map { UInt16($0) * 257 }, width: 12, height: 12), to: "a/deep.png")
    try folder.write(
      PNG.palette(
        pixels, width: 12, height: 12, colors: (0..<144).map { [UInt8($0), UInt8($0), UInt8($0)] }),
      to: "a/palette.png")
    try folder.write(Array("P5 12 12 255\n".utf8) + pixels, to: "b/plain.pgm")
    let set = try PictureSet(folder: folder.path, options: .small())
    #expect(set.count == 6)
    for index in 0..<set.count {
      let difference = set.withPixels(index) { zip($0, pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255 }
      #expect(difference <= (set.name(index).contains("gray") || set.name(index).contains("pgm") ? 0 : 1))
    }
  }

  @Test func unreadablePicturesAreListedAndSkipped() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 3, "b": 3])
    try folder.write("no picture", to: "a/0.png")
    try folder.write([], to: "a/empty.png")
    try folder.write(PNG.header(width: 10_000, height: 10_000), to: "b/huge.png")
    try folder.write(Array(try folder.read("b/1.png").prefix(80)), to: "b/cut.png")
    try FileManager.default.createSymbolicLink(atPath: folder["b/gone.png"], withDestinationPath: "nowhere")
    let messages = Messages()
    let set = try PictureSet(folder: folder.path, options: .small(messages))
    #expect(set.names == ["a/1.png", "a/2.png", "b/0.png", "b/1.png", "b/2.png"])
    #expect(
      set.unreadable.map(\.name) == ["a/0.png", "a/empty.png", "b/cut.png", "b/gone.png", "b/huge.png"])
    #expect(set.unreadable[4].cause.contains("10000x10000"))
    #expect(messages.contain("a/empty.png"))
    #expect(messages.contain("5 of 10 pictures left out"))
    #expect(messages.all.filter { $0.contains("a/empty.png") }.count == 1)
    var strict = LoadingOptions.small()
    strict.strict = true
    let refusal = failure { () throws(Failure) in _ = try PictureSet(folder: folder.path, options: strict) }
    #expect(refusal?.kind == .badInput)
    #expect(refusal?.subject.hasSuffix("a/0.png") == true)
    strict.maximumPixels = 100
    strict.strict = false
    let small = failure { () throws(Failure) in _ = try PictureSet(folder: folder.path, options: strict) }
    #expect(small?.cause.contains("none of") == true)
  }

  @Test func foldersThatCannotBeTrainedOnAreRefused() throws {
    func refusal(_ folder: DataFolder, _ name: String = "", _ classes: [String]? = nil) -> Failure? {
      failure { () throws(Failure) in
        _ = try PictureSet(folder: folder[name], classes: classes, options: .small())
      }
    }
    let folder = try DataFolder()
    #expect(refusal(folder)?.cause == "no class folders found; expected one folder per class")
    #expect(refusal(folder, "nowhere")?.kind == .inputOutput)
    try folder.write(PNG.gray([1], width: 1, height: 1), to: "loose.png")
    #expect(refusal(folder)?.cause.contains("1 pictures outside any folder") == true)
    #expect(refusal(folder, "loose.png")?.kind == .badInput)
    try folder.makeFolder("a")
    #expect(refusal(folder)?.cause.contains("only class is \"a\"") == true)
    try folder.makeFolder("b")
    #expect(refusal(folder)?.cause.contains("no pictures") == true)
    try folder.write(PNG.gray([1], width: 1, height: 1), to: "a/0.png")
    #expect(refusal(folder) == nil)
    #expect(refusal(folder, "", ["a", "c"])?.cause.contains("\"b\" is not one of the classes") == true)
    let set = try PictureSet(folder: folder.path, classes: ["c", "b", "a"], options: .small())
    #expect(set.classCounts == [0, 0, 1])
  }

  @Test func classesOfTheDataMayComeBeforeSettledOnes() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2, "c": 2])
    var options = LoadingOptions.small()
    func classes(_ settled: [String]) throws -> [String] {
      try PictureSet(folder: folder.path, classes: settled, options: options).classes
    }
    #expect(throws: Failure.self) { try classes(["b", "a"]) }
    options.mayHaveOtherClasses = true
    #expect(try classes(["b", "a"]) == ["a", "b", "c"])
    // As many, or only some of them: those that are settled.
    #expect(try classes(["c", "b", "a"]) == ["c", "b", "a"])
    #expect(try classes(["d", "c", "b", "a"]) == ["d", "c", "b", "a"])
    #expect(throws: Failure.self) { try classes(["d", "b", "a"]) }
  }

  @Test func calibrationTakesFoldersOfClassesOrLoosePictures() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 3, "other": 4])
    try folder.write(folder.read("a/0.png"), to: "a/inner/deep.png")
    try folder.write(folder.read("a/0.png"), to: "loose.png")
    let messages = Messages()
    let both = try CalibrationPictures(
      folder: folder.path, classes: ["b", "a"], options: .small(messages))
    #expect(both.areLabelled && both.pictures.classCounts == [3, 3])
    #expect(messages.contain("\"other\" is not one of the model's classes"))
    let loose = try CalibrationPictures(folder: folder.path, classes: ["x", "y"], options: .small())
    #expect(!loose.areLabelled && loose.pictures.names == ["loose.png"])
    try folder.makeFolder("empty/a")
    let wrong: [(String, Failure.Kind)] = [
      ("nowhere", .inputOutput), ("empty", .badInput), ("empty/a", .badInput),
    ]
    for (name, kind) in wrong {
      let none = failure { () throws(Failure) in
        _ = try CalibrationPictures(folder: folder[name], classes: ["a"], options: .small())
      }
      #expect(none?.kind == kind, "\(name)")
    }
  }

  @Test func linksInCirclesEnd() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["a": 2, "b": 2])
    try FileManager.default.createSymbolicLink(atPath: folder["a/again"], withDestinationPath: "..")
    let set = try PictureSet(folder: folder.path, options: .small())
    #expect(set.classes == ["a", "b"] && set.count >= 4)
  }

  @Test func splitIsStratifiedAndRepeatable() throws {
    let labels = [Int](repeating: 0, count: 100) + [Int](repeating: 1, count: 11) + [2]
    let set = try PictureSet(
      classes: ["a", "b", "c"], width: 1, height: 1, names: labels.indices.map { "\($0)" }, labels: labels,
      pixels: labels.indices.map { UInt8($0) })
    let (training, validation) = try set.split(fraction: 0.2, seed: 7)
    #expect(validation.classCounts == [20, 2, 0])
    #expect(training.classCounts == [80, 9, 1])
    #expect(Set(training.names + validation.names).count == 112)
    #expect(training.withPixels(3) { $0[0] } == UInt8(training.name(3)))
    #expect(try set.split(fraction: 0.2, seed: 7).validation.names == validation.names)
    #expect(try set.split(fraction: 0.2, seed: 8).validation.names != validation.names)
    #expect(throws: Failure.self) { try set.split(fraction: 1, seed: 0) }
    // A picture more, in the middle, moves one other at most.
    var names = labels.indices.map { "\($0)" }
    var more = labels
    names.insert("new", at: 50)
    more.insert(0, at: 50)
    let larger = try PictureSet(
      classes: ["a", "b", "c"], width: 1, height: 1, names: names, labels: more,
      pixels: more.indices.map { UInt8($0) })
    let old = Set(validation.names)
    let new = Set(try larger.split(fraction: 0.2, seed: 7).validation.names)
    #expect(old.symmetricDifference(new).subtracting(["new"]).count <= 1)
    // Pictures of the same name are distinguished.
    let alike = try PictureSet(
      classes: ["a", "b"], width: 1, height: 1, names: [String](repeating: "x", count: 100),
      labels: (0..<100).map { $0 / 50 }, pixels: (0..<100).map { UInt8($0) })
    let part = try alike.split(fraction: 0.5, seed: 7).validation
    let places = (0..<part.count).map { part.withPixels($0) { Int($0[0]) } }
    #expect(part.classCounts == [25, 25])
    #expect((5...20).contains(places.filter { $0 < 25 }.count), "\(places)")
  }
}
