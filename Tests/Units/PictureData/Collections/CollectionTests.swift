import SystemIO
import Testing

@testable import PictureData

struct CollectionTests {
  private func write(_ picture: GrayPixels, to name: String, in folder: DataFolder) throws {
    try folder.write(PNG.gray(picture.values, width: picture.width, height: picture.height), to: name)
  }

  private func options(_ messages: Messages, longest: Int = 200) -> CollectionOptions {
    var options = CollectionOptions.backgrounds
    options.longestSide = longest
    options.loading.threads = 2
    options.loading.onWarning = { messages.add($0) }
    options.loading.onNote = { messages.add("note: " + $0) }
    return options
  }

  @Test func hashesKnowCopies() throws {
    let picture = GrayPixels.noise(160, 120, seed: 1, cell: 20)
    let hash = try MeanHash(picture)
    let darker = GrayPixels(160, 120) { x, y in Int(picture.values[y * 160 + x]) / 2 + 20 }
    let half = try #require(picture.halved)
    let other = GrayPixels.noise(160, 120, seed: 2, cell: 20)
    #expect(try MeanHash(picture) == hash && hash.distance(to: hash) == 0)
    #expect(try MeanHash(darker).distance(to: hash) <= 4 && MeanHash(half).distance(to: hash) <= 4)
    #expect(try MeanHash(other).distance(to: hash) > 60)
    // A light left half: in each of the 16 rows, 8 bits.
    let left = try MeanHash(GrayPixels(64, 64) { x, _ in x < 32 ? 200 : 10 })
    #expect((0..<4).allSatisfy { left.words[$0] == 0x00FF_00FF_00FF_00FF })
    let inverse = try MeanHash(GrayPixels(64, 64) { x, _ in x < 32 ? 10 : 200 })
    #expect(left.distance(to: inverse) == 256)
  }

  @Test func halvesAreMeansOfFour() throws {
    let half = try #require(GrayPixels(width: 3, height: 2, values: [0, 10, 99, 20, 31, 99]).halved)
    #expect(half == GrayPixels(width: 1, height: 1, values: [15]))
    #expect(GrayPixels.flat(1, 9, 5).halved == nil)
    let levels = BackgroundPictures.levels(of: .flat(520, 300, 7))
    #expect(levels.map(\.width) == [520, 260, 130] && levels.map(\.height) == [300, 150, 75])
  }

  @Test func whatCannotServeIsLeftOutAndCounted() throws {
    let folder = try DataFolder()
    let first = GrayPixels.noise(300, 240, seed: 1, cell: 30)
    try write(first, to: "a/first.png", in: folder)
    try write(#require(first.halved), to: "b/deep/again.png", in: folder)
    try write(.noise(120, 400, seed: 2, cell: 20), to: "tall.png", in: folder)
    try write(.noise(200, 95, seed: 3, cell: 20), to: "a/small.png", in: folder)
    try write(.flat(200, 200, 50), to: "a/flat.png", in: folder)
    try folder.write("nothing", to: "a/broken.png")
    try folder.write("nothing", to: "a/words.txt")
    try write(.noise(150, 150, seed: 4, cell: 20), to: "z/listed.png", in: folder)
    try folder.write(
      "filename,x,y,width,height\nz/listed.png,,,,\na/first.png,30,60,90,120\nnone.png,,,,\nno.png,1,1,1,1\n",
      to: "list.csv")
    let messages = Messages()
    var options = options(messages)
    options.shortestSide = 58
    let (read, summary) = try BackgroundPictures.read(
      folder: folder.path + "/", leaveOut: LeaveOutList(path: folder["list.csv"]), options: options)
    // The folder's own pictures come before those of its folders.
    #expect(read.backgrounds.map(\.name) == ["tall.png", "a/first.png", "a/small.png"])
    #expect(read[1].picture.width == 200 && read[1].picture.height == 160)
    #expect(read[0].picture.width == 60 && read[0].picture.height == 200)
    // A place in the file's pixels is one in those that are kept.
    #expect(read[1].leftOut == [BackgroundPictures.Place(x: 20, y: 40, width: 60, height: 80)])
    #expect(abs(read[1].fileScale - 2 / 3) < 1e-6)
    var expected = CollectionSummary()
    (expected.found, expected.used, expected.unreadable) = (7, 3, 1)
    (expected.uniform, expected.duplicates, expected.listed) = (1, 1, 1)
    #expect(summary == expected)
    #expect(
      messages.contain(
        "4 of 7 pictures left out: 1 cannot be read, 1 show nothing but one gray, 1 look like an earlier one, 1 are on"
      ))
    #expect(messages.contain("a/broken.png: left out: ") && messages.contain("2 files skipped"))
    #expect(messages.contain("note: \(folder.path): b/deep/again.png: left out"))
    #expect(messages.contain("it has no picture no.png, nor 1 others of the list"))
    // One thread reads the same.
    options.loading.threads = 1
    #expect(
      try BackgroundPictures.read(folder: folder.path, options: options).backgrounds.count == 4)
  }

  @Test func memoryIsBounded() throws {
    let folder = try DataFolder()
    for number in 0..<4 {
      try write(.noise(256, 256, seed: UInt64(number), cell: 32), to: "\(number).png", in: folder)
    }
    let messages = Messages()
    var options = options(messages, longest: 256)
    // Each picture needs 256² + 128² + 64² = 86,016.
    options.memoryLimit = 4 * 86_016
    #expect(try BackgroundPictures.read(folder: folder.path, options: options).summary.halvings == 0)
    options.memoryLimit = 4 * 86_016 - 1
    let (read, summary) = try BackgroundPictures.read(folder: folder.path, options: options)
    #expect(
      summary.halvings == 1 && read.backgrounds.allSatisfy { $0.picture.width == 128 && $0.fileScale == 0.5 })
    #expect(messages.contain("all pictures are kept at 1/2 of 256 pixels on the longer side"))
    options.memoryLimit = 4 * 64 * 64 - 1
    let failure = #expect(throws: Failure.self) {
      try BackgroundPictures.read(folder: folder.path, options: options)
    }
    #expect(failure?.cause.contains("even at their smallest") ?? false)
  }

  @Test func cropsKeepTheirShapes() throws {
    let folder = try DataFolder()
    try write(.noise(48, 48, seed: 1), to: "x/1.png", in: folder)
    try write(.noise(48, 48, seed: 1), to: "x/2.png", in: folder)
    try write(.noise(64, 256, seed: 2), to: "y/3.png", in: folder)
    try write(.noise(7, 40, seed: 3), to: "y/4.png", in: folder)
    let (crops, summary) = try ObjectCrops.read(folder: folder.path)
    #expect(crops.names == ["x/1.png", "x/2.png", "y/3.png"] && summary.small == 1)
    #expect(crops.pictures.map(\.width) == [48, 48, 32] && crops.pictures.map(\.height) == [48, 48, 128])
    #expect(crops.pictures[0] == .noise(48, 48, seed: 1))
    #expect(crops.subset([2, 0]).names == ["y/3.png", "x/1.png"])
  }

  @Test func foldersWithoutPicturesAreFailures() throws {
    let folder = try DataFolder()
    try folder.write("x", to: "words.txt")
    try folder.write("x", to: "bad/1.png")
    for (name, kind, cause) in [
      ("nowhere", Failure.Kind.inputOutput, "No such file"), ("words.txt", .badInput, "it is not a folder"),
      ("bad", .badInput, "none of its 1 pictures can be used"),
    ] {
      let failure = #expect(throws: Failure.self) { try ObjectCrops.read(folder: folder[name]) }
      #expect(failure?.kind == kind && failure?.cause.contains(cause) ?? false, "\(name)")
    }
    try folder.makeFolder("empty")
    #expect(
      failure { () throws(Failure) in _ = try BackgroundPictures.read(folder: folder["empty"]) }?.cause
        == "there are no pictures in it")
    var options = CollectionOptions.crops
    options.loading.strict = true
    let strict = #expect(throws: Failure.self) {
      try ObjectCrops.read(folder: folder["bad"], options: options)
    }
    #expect(strict?.subject.hasSuffix("bad/1.png") ?? false)
    options.loading.shouldStop = { true }
    #expect(
      failure { () throws(Failure) in _ = try ObjectCrops.read(folder: folder["bad"], options: options) }?
        .cause
        == "interrupted")
  }

  @Test(arguments: [
    ("", "line 1"), ("name,x\na,1\n", "does not name the column filename"), ("filename,x\na,1\n", "line 2"),
    ("filename,x,y,width,height\na,1,2,3,0\n", "more than 0"),
    ("filename,x,y,width,height\na,1,b,3,4\n", "\"b\""),
    ("filename,x,y,width,height\na,1,nan,3,4\n", "\"nan\""), ("filename\n\"a\n", "quote"),
  ])
  func listsThatMakeNoSenseAreRefused(_ text: String, _ cause: String) throws {
    let folder = try DataFolder()
    try folder.write(text, to: "list.csv")
    if text.isEmpty {
      // Nothing to leave out.
      #expect(try LeaveOutList(path: folder["list.csv"]).names.isEmpty)
      return
    }
    let failure = #expect(throws: Failure.self) { try LeaveOutList(path: folder["list.csv"]) }
    #expect(failure?.kind == .badInput && failure?.description.contains(cause) ?? false)
    #expect(failure?.description.contains("list.csv") ?? false)
  }

  @Test func reviewsShowTheSurestAndAreLists() throws {
    let backgrounds = BackgroundPictures([
      BackgroundPictures.Background(levels: [.flat(100, 80, 10)], name: "a,b.png", fileScale: 0.5),
      BackgroundPictures.Background(levels: [.flat(100, 80, 20)], name: "c.png"),
    ])
    func spot(_ background: Int, _ x: Float, _ y: Float) -> MinedSpot {
      MinedSpot(background: background, x: x, y: y, side: 20)
    }
    let finds: [(spot: MinedSpot, score: Float)] = [
      (spot(0, 50, 40), 0.5), (spot(1, 5, 5), 0.9), (spot(1, 50, 50), 0.7), (spot(1, 30, 30), 0.8),
      (spot(0, 99, 79), 0.25),
    ]
    let review = BackgroundReview(finds, in: backgrounds, limit: 3, perPicture: 2)
    #expect(review.count == 5 && review.entries.map(\.score) == [0.9, 0.8, 0.5])
    #expect(review.entries.map(\.name) == ["c.png", "c.png", "a,b.png"])
    // As much around it as the picture has.
    #expect(review.entries[0].picture == .flat(25, 25, 20) && review.entries[2].picture == .flat(40, 40, 10))
    #expect(review.entries[2].place == BackgroundPictures.Place(x: 80, y: 60, width: 40, height: 40))
    let folder = try DataFolder()
    try review.writeList(to: folder["list.csv"])
    let list = try LeaveOutList(path: folder["list.csv"])
    #expect(list.names == ["a,b.png", "c.png"] && !list.hasWhole("c.png"))
    #expect(list.places(in: "a,b.png") == [BackgroundPictures.Place(x: 80, y: 60, width: 40, height: 40)])
    #expect(list.places(in: "c.png").count == 2)
    #expect(BackgroundReview([], in: backgrounds).list == "filename,x,y,width,height,number,score\n")
  }

  @Test func findsOnPlacesThatAreLeftOutDoNotCount() {
    let backgrounds = BackgroundPictures([
      BackgroundPictures.Background(
        levels: [.flat(100, 80, 10)], name: "a",
        leftOut: [BackgroundPictures.Place(x: 10, y: 10, width: 20, height: 20)])
    ])
    for (x, isLeftOut) in [(20, true), (28, true), (31, false), (60, false)] as [(Float, Bool)] {
      #expect(backgrounds.isLeftOut(MinedSpot(background: 0, x: x, y: 20, side: 20)) == isLeftOut)
    }
  }
}
