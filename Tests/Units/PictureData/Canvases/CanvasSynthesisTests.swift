import Foundation
import Synchronization
import SystemIO
import Testing

@testable import PictureData

struct CanvasSynthesisTests {
  private static func settings(side: Int = 64) -> CanvasSettings {
    var settings = CanvasSettings()
    settings.side = side
    settings.sizes.learned = 12...30
    return settings
  }

  /// Every step of the work happens in these.
  @Test func bytesAreTheSameOnAnyThreadAndInAnyOrder() throws {
    let synthesis = try CanvasSynthesis.noisy(Self.settings())
    let feedback = CanvasFeedback(
      mined: [
        MinedSpot(background: 0, x: 40, y: 60, side: 30), MinedSpot(background: 2, x: 5, y: 5, side: 12),
      ],
      hardness: [1, 3])
    let count = 48
    let painter = try CanvasPainter(synthesis)
    let expected = try (0..<count).map { try painter.canvas(UInt64($0), seed: 11, feedback) }
    let painters = Painters(try (0..<3).map { _ in try CanvasPainter(synthesis) })
    let made = Mutex([Int: Canvas]())
    let pool = try WorkerPool(threads: 3)
    pool.run(count) { thread, item in
      let number = count - 1 - item
      let canvas = try? painters.all[thread].canvas(UInt64(number), seed: 11, feedback)
      made.withLock { $0[number] = canvas }
    }
    let all = made.withLock { $0 }
    for number in 0..<count { #expect(all[number] == expected[number], "canvas \(number)") }
    // A canvas alone, by the function of its arguments.
    #expect(
      try synthesis.canvas(number: 5, seed: 11, mined: feedback.mined, hardness: [1, 3]) == expected[5])
    #expect(Set(expected.map(\.pixels)).count == count)
    #expect(try painter.canvas(5, seed: 12, feedback).pixels != expected[5].pixels)
    #expect(
      try (0..<count).contains { try painter.canvas(UInt64($0), seed: 11).pixels != expected[$0].pixels })
  }

  /// Painters belong to one thread each.
  private final class Painters: @unchecked Sendable {
    let all: [CanvasPainter]
    init(_ all: [CanvasPainter]) { self.all = all }
  }

  @Test(arguments: ["background", "shuffled", "upsideDown", "part", "bare"])
  func decoysAreNoObjects(_ kind: String) throws {
    var settings = CanvasSettings.plain(side: 64, sizes: 20...40)
    settings.objectCounts = [1]
    settings.decoyCounts = [0, 1]
    settings.decoys = CanvasSettings.Decoys()
    let keys: [String: WritableKeyPath<CanvasSettings.Decoys, Float>] = [
      "background": \.background, "shuffled": \.shuffled, "upsideDown": \.upsideDown, "part": \.part,
      "bare": \.bare,
    ]
    for (name, key) in keys { settings.decoys[keyPath: key] = name == kind ? 1 : 0 }
    // Dark above and light below, so that upside down is another picture.
    let crop = GrayPixels(24, 24) { x, y in y < 12 ? 60 + x : 200 + x }
    let backgrounds = BackgroundPictures([.flat(100, 100, 0), .noise(90, 90, seed: 1, cell: 30)])
    let synthesis = try CanvasSynthesis(
      objects: ObjectCrops([crop]), backgrounds: backgrounds, settings: settings)
    let painter = try CanvasPainter(synthesis)
    settings.decoyCounts = [1]
    let bare = try CanvasPainter(
      CanvasSynthesis(objects: ObjectCrops([crop]), backgrounds: backgrounds, settings: settings))
    var changed = 0
    for number in UInt64(0)..<20 {
      let canvas = try painter.canvas(number, seed: 2)
      #expect(canvas.objects.isEmpty)
      if try canvas.pixels != bare.canvas(number, seed: 2).pixels { changed += 1 }
    }
    #expect(changed >= (kind == "background" ? 8 : 17))
  }

  @Test func upsideDownIsNoDecoyWhereObjectsLieSo() throws {
    var settings = CanvasSettings.plain(side: 64, reach: 180)
    settings.objectCounts = [1]
    settings.decoyCounts = [0, 1]
    settings.decoys.background = 0
    settings.decoys.shuffled = 0
    settings.decoys.part = 0
    settings.decoys.bare = 0
    settings.decoys.upsideDown = 1
    var layout = CanvasLayout(settings)
    var random = CounterRandom(seed: 1, purpose: .canvas, epoch: 0, index: 0)
    let crops = ObjectCrops([.flat(9, 9, 1)])
    layout.place(around: nil, crops: crops, .none, &random)
    #expect(layout.items.map(\.kind) == [.background])
    settings.pose.reach = 40
    layout = CanvasLayout(settings)
    layout.place(around: nil, crops: crops, .none, &random)
    #expect(layout.items.map(\.kind) == [.upsideDown])
  }

  @Test func countsFollowTheirShares() throws {
    var settings = CanvasSettings()
    settings.sizes.largeShare = 0
    settings.sizes.learned = 10...12
    settings.sizes.small = 9...10
    var layout = CanvasLayout(settings)
    let crops = ObjectCrops([.flat(9, 9, 1)])
    var counts = [Int](repeating: 0, count: 6)
    var decoys = [Int](repeating: 0, count: 3)
    var kinds: [CanvasItem.Kind: Int] = [:]
    var heads = 0
    let draws = 2000
    for number in 0..<draws {
      var random = CounterRandom(seed: 1, purpose: .canvas, epoch: 0, index: UInt64(number))
      layout.place(around: nil, crops: crops, .none, &random)
      let objects = layout.items.count { $0.kind == .object }
      counts[objects] += 1
      decoys[layout.items.count - objects] += 1
      for item in layout.items { kinds[item.kind, default: 0] += 1 }
      heads += layout.items.count { $0.kind == .object && $0.hasHead }
    }
    // So small that nearly all find a place.
    for (count, share) in zip(counts, settings.objectCounts) {
      #expect(abs(Float(count) / Float(draws) - share) < 0.04)
    }
    for (count, share) in zip(decoys, settings.decoyCounts) {
      #expect(abs(Float(count) / Float(draws) - share) < 0.045)
    }
    let all = Float(kinds.filter { $0.key != .object }.values.reduce(0, +))
    for (kind, share): (CanvasItem.Kind, Float) in [
      (.background, 0.42), (.shuffled, 0.14), (.upsideDown, 0.18), (.part, 0.18), (.bareHead, 0.08),
    ] { #expect(abs(Float(kinds[kind, default: 0]) / all - share) < 0.05) }
    #expect(abs(Float(heads) / Float(kinds[.object, default: 0]) - 0.5) < 0.04)
  }

  @Test func hardCropsAreDrawnMoreOften() {
    var random = CounterRandom(seed: 1, purpose: .canvas, epoch: 0, index: 0)
    func counts(_ hardness: [Float]?) -> [Int] {
      let feedback = CanvasFeedback(hardness: hardness)
      var counts = [0, 0, 0, 0]
      for _ in 0..<4000 { counts[feedback.crop(of: 4, &random)] += 1 }
      return counts
    }
    for (hardness, shares) in [
      (nil, [0.25, 0.25, 0.25, 0.25]), ([0, 0, 1, 0], [0, 0, 1, 0]), ([1, 0, 2, 1], [0.25, 0, 0.5, 0.25]),
      // Nothing to go by.
      ([0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]), ([1, 1], [0.25, 0.25, 0.25, 0.25]),
      ([.nan, -1, 0, 3], [0, 0, 0, 1]),
    ] as [([Float]?, [Double])] {
      for (count, share) in zip(counts(hardness), shares) {
        #expect(abs(Double(count) / 4000 - share) < (share == 0 || share == 1 ? 1e-9 : 0.03))
      }
    }
  }

  @Test func minedSpotsAreShownAndKeptFree() throws {
    // A bright square of 40 pixels in the dark, near a corner.
    let background = GrayPixels(300, 200) { x, y in (230..<270).contains(x) && (30..<70).contains(y) ? 255 : 0
    }
    var settings = CanvasSettings.plain(side: 64, sizes: 12...20)
    settings.backdrop.mined = 1
    settings.backdrop.minedSizes = 16...30
    let synthesis = try CanvasSynthesis(
      objects: ObjectCrops([.noise(20, 20, seed: 1)]), backgrounds: BackgroundPictures([background]),
      settings: settings)
    let feedback = CanvasFeedback(mined: [MinedSpot(background: 0, x: 250, y: 50, side: 40)])
    settings.objectCounts = [1]
    let alone = try CanvasPainter(
      CanvasSynthesis(objects: synthesis.objects, backgrounds: synthesis.backgrounds, settings: settings))
    let painter = try CanvasPainter(synthesis)
    var widths: [Int] = []
    for number in UInt64(0)..<40 {
      let bare = try alone.canvas(number, seed: 4, feedback)
      let light = bare.pixels.enumerated().filter { $0.element > 127 }.map {
        ($0.offset % 64, $0.offset / 64)
      }
      let columns = (light.map(\.0).min() ?? 0, light.map(\.0).max() ?? 0)
      let rows = (light.map(\.1).min() ?? 0, light.map(\.1).max() ?? 0)
      // All of it, unless it is at the canvas's edge.
      let middle = (Float(columns.0 + columns.1 + 1) / 2, Float(rows.0 + rows.1 + 1) / 2)
      let isWhole = columns.0 > 0 && columns.1 < 63 && rows.0 > 0 && rows.1 < 63
      if isWhole {
        widths.append(columns.1 - columns.0 + 1)
        #expect((15...31).contains(columns.1 - columns.0 + 1) && (15...31).contains(rows.1 - rows.0 + 1))
      }
      for object in try painter.canvas(number, seed: 4, feedback).objects where isWhole {
        let distance = hypot(object.centerX - middle.0, object.centerY - middle.1)
        #expect(distance > 0.5 * (object.size + Float(columns.1 - columns.0)))
      }
    }
    #expect(widths.count > 15 && Set(widths).count > 5)
    // A spot of a background that does not exist is none.
    let lost = CanvasFeedback(mined: [MinedSpot(background: 7, x: 1, y: 1, side: 4)])
    #expect(try painter.canvas(1, seed: 4, lost).pixels.count == 64 * 64)
  }

  /// However the background lies on the canvas.
  @Test func placesThatAreLeftOutAreIgnored() throws {
    let background = GrayPixels(200, 150) { x, y in (90..<130).contains(x) && (40..<70).contains(y) ? 255 : 0
    }
    var settings = CanvasSettings.plain(side: 64)
    settings.objectCounts = [1]
    settings.backdrop.flipped = 0.5
    settings.backdrop.transposed = 0.5
    let backgrounds = BackgroundPictures([
      BackgroundPictures.Background(
        levels: BackgroundPictures.levels(of: background), name: "a",
        leftOut: [BackgroundPictures.Place(x: 90, y: 40, width: 40, height: 30)])
    ])
    let synthesis = try CanvasSynthesis(
      objects: ObjectCrops([.flat(9, 9, 9)]), backgrounds: backgrounds, settings: settings)
    let painter = try CanvasPainter(synthesis)
    var seen = 0
    for number in UInt64(0)..<40 {
      let canvas = try painter.canvas(number, seed: 5)
      let isLight = canvas.pixels.map { $0 > 127 }
      #expect(canvas.objects.allSatisfy { $0.role == .ignored && $0.crop == nil })
      for (place, isLight) in isLight.enumerated() {
        let (x, y) = (Float(place % 64) + 0.5, Float(place / 64) + 0.5)
        let isInside = canvas.objects.contains {
          ($0.x - 0.8...$0.x + $0.width + 0.8).contains(x)
            && ($0.y - 0.8...$0.y + $0.height + 0.8).contains(y)
        }
        let isWellInside = canvas.objects.contains {
          ($0.x + 1.5..<max($0.x + $0.width - 1.5, $0.x + 1.6)).contains(x)
            && ($0.y + 1.5..<max($0.y + $0.height - 1.5, $0.y + 1.6)).contains(y)
        }
        if isLight, !isInside { Issue.record("canvas \(number): light at \(x), \(y) counts") }
        if !isLight, isWellInside { Issue.record("canvas \(number): darkness at \(x), \(y) does not count") }
      }
      if isLight.contains(true) { seen += 1 }
    }
    #expect(seen > 15)
  }

  /// By the square roots of their areas: of a picture of 400x400 and one of 100x100, four times as often the first.
  @Test func largePicturesAreSeenMoreOften() throws {
    var settings = Self.settings()
    (settings.objectCounts, settings.decoyCounts, settings.finish) = ([1], [1], .init())
    settings.finish.compressed = 0
    settings.surroundings.heads = 0
    (settings.backdrop.writing, settings.backdrop.inverted, settings.backdrop.joined) = (0, 0, 0)
    let synthesis = try CanvasSynthesis(
      objects: ObjectCrops([.flat(16, 16, 9)]),
      backgrounds: BackgroundPictures([.flat(400, 400, 40), .flat(100, 100, 210)]), settings: settings)
    let large = try (0..<600).count { number in
      let pixels = try synthesis.canvas(number: UInt64(number), seed: 3).pixels
      return pixels.reduce(0) { $0 + Int($1) } / pixels.count < 125
    }
    #expect((440...520).contains(large), "\(large) of 600")
  }

  @Test func whatMakesNoSenseIsRefused() throws {
    let crops = ObjectCrops([.flat(9, 9, 9)])
    let backgrounds = BackgroundPictures([.flat(90, 90, 9)])
    #expect(throws: Failure.self) {
      try CanvasSynthesis(objects: ObjectCrops([]), backgrounds: backgrounds)
    }
    #expect(throws: Failure.self) {
      try CanvasSynthesis(objects: crops, backgrounds: BackgroundPictures([GrayPixels]()))
    }
    for change: (inout CanvasSettings) -> Void in [
      { $0.side = 8 }, { $0.objectCounts = [] }, { $0.decoyCounts = [0, 0] }, { $0.sizes.learned = 1...9 },
      { $0.finish.quantizer = 0...4 }, { $0.pose.reach = 200 }, { $0.objectCounts = [1, .nan] },
    ] {
      var settings = CanvasSettings()
      change(&settings)
      let failure = #expect(throws: Failure.self) {
        try CanvasSynthesis(objects: crops, backgrounds: backgrounds, settings: settings)
      }
      #expect(failure?.kind == .usage)
    }
  }

  @Test func writingIsDarkOnLightOrLightOnDark() {
    let pages = (0..<3).map(WritingPage.page)
    #expect(Set(pages.map(\.values)).count == 3)
    for page in pages {
      let dark = Double(page.values.count { $0 < 100 }) / Double(page.values.count)
      #expect((0.03..<0.45).contains(dark) || (0.55..<0.97).contains(dark), "\(dark)")
      #expect(page.statistics.deviation > 30)
    }
  }
}
