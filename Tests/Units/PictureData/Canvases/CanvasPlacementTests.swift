import Foundation
import Testing

@testable import PictureData

/// Boxes are where the pixels are.
struct CanvasPlacementTests {
  /// Where a canvas is bright: the middle of the light, and its extent, in pixels.
  private struct Light {
    var sum = 0.0
    var middle = (x: 0.0, y: 0.0)
    var columns = (first: Double.infinity, end: -Double.infinity)
    var rows = (first: Double.infinity, end: -Double.infinity)

    init(_ canvas: Canvas, side: Int) {
      for (place, value) in canvas.pixels.enumerated() where value > 0 {
        let (x, y, light) = (Double(place % side), Double(place / side), Double(value))
        sum += light
        middle.x += (x + 0.5) * light
        middle.y += (y + 0.5) * light
        guard value > 127 else { continue }
        columns = (min(columns.first, x), max(columns.end, x + 1))
        rows = (min(rows.first, y), max(rows.end, y + 1))
      }
      middle.x /= sum
      middle.y /= sum
    }
  }

  @Test(arguments: [(30, 30), (20, 40), (45, 15)], [Float(0), 25, 180])
  func boxesAgreeWithPixels(_ shape: (Int, Int), _ reach: Float) throws {
    let side = 96
    let settings = CanvasSettings.plain(side: side, sizes: 12...40, reach: reach)
    let synthesis = try CanvasSynthesis.bright(settings, [.flat(shape.0, shape.1, 255)])
    let painter = try CanvasPainter(synthesis)
    var (checked, aspects) = (0, Set<Bool>())
    for number in UInt64(0)..<60 {
      let canvas = try painter.canvas(number, seed: 7)
      let object = try #require(canvas.objects.first)
      #expect(
        canvas.objects.count == 1 && object.crop == 0 && (object.role == .ignored || object.role == .object))
      // One that is cut off by the canvas's edge has another middle.
      guard object.visibleShare(on: side) > 0.999 else { continue }
      let light = Light(canvas, side: side)
      #expect(abs(light.middle.x - Double(object.centerX)) < 0.3, "canvas \(number)")
      #expect(abs(light.middle.y - Double(object.centerY)) < 0.3, "canvas \(number)")
      #expect(abs(light.columns.first - Double(object.x)) < 1, "canvas \(number)")
      #expect(abs(light.columns.end - Double(object.x + object.width)) < 1, "canvas \(number)")
      #expect(abs(light.rows.first - Double(object.y)) < 1, "canvas \(number)")
      #expect(abs(light.rows.end - Double(object.y + object.height)) < 1, "canvas \(number)")
      checked += 1
      aspects.insert(object.width > object.height)
    }
    #expect(checked > 15)
    // Turned far enough, what is tall lies down.
    if shape.0 != shape.1 { #expect(aspects.count == (reach == 180 ? 2 : 1)) }
  }

  @Test func sizesAreWhatIsAskedFor() throws {
    var settings = CanvasSettings.plain(side: 64, sizes: 16...24)
    settings.sizes.smallShare = 0.3
    settings.sizes.small = 8...12
    settings.sizes.largeShare = 0.2
    settings.sizes.large = 25...90
    let painter = try CanvasPainter(CanvasSynthesis.bright(settings, [.noise(24, 12, seed: 9)]))
    var counts = [0, 0, 0]
    var largest = 0
    let most = UInt64(400)
    for number in 0..<most {
      let object = try #require(try painter.canvas(number, seed: 1).objects.first)
      switch object.size {
      case 7.99..<12.01: counts[0] += 1
      case 15.99..<24.01: counts[1] += 1
      case 24.99..<90.01: counts[2] += 1
      default: Issue.record("a size of \(object.size)")
      }
      if object.size > 24.01 * 1.4 {
        largest += 1
        #expect(object.role == .large)
      } else if !(15.99..<24.01).contains(object.size) {
        #expect(object.role == .ignored)
      }
    }
    // Three deviations of 400 draws are less than 30.
    #expect(abs(counts[0] - 120) < 30 && abs(counts[1] - 200) < 32 && abs(counts[2] - 80) < 26)
    // Ratios are even: ln(90 / 33.6) of ln(90 / 25).
    #expect(abs(Double(largest) / Double(counts[2]) - log(90 / 33.6) / log(90 / 25.0)) < 0.16)
  }

  @Test func objectsAreNotOnTopOfEachOther() throws {
    var settings = CanvasSettings.plain(side: 128, sizes: 16...50, reach: 40)
    settings.objectCounts = [0, 0, 0, 0, 0, 1]
    let painter = try CanvasPainter(CanvasSynthesis.noisy(settings))
    var total = 0
    for number in UInt64(0)..<30 {
      let objects = try painter.canvas(number, seed: 3).objects
      total += objects.count
      for (index, first) in objects.enumerated() {
        for second in objects[..<index] {
          let distance = hypot(first.centerX - second.centerX, first.centerY - second.centerY)
          #expect(distance > 0.5 * (first.size + second.size))
        }
      }
    }
    // Most of the five find a place.
    #expect(total > 90 && total <= 150)
  }

  @Test func whatCannotBeSeenIsIgnored() throws {
    var settings = CanvasSettings.plain(side: 64, sizes: 16...30)
    // Gray on the same gray.
    let faint = try CanvasSynthesis(
      objects: ObjectCrops([.flat(24, 24, 90)]), backgrounds: BackgroundPictures([.flat(100, 100, 90)]),
      settings: settings)
    for number in UInt64(0)..<10 {
      #expect(try faint.canvas(number: number, seed: 1).objects.map(\.role) == [.ignored])
    }
    settings.sizes.visibleShare = 0.999
    let painter = try CanvasPainter(CanvasSynthesis.noisy(settings))
    var roles: [PlacedObject.Role: Int] = [:]
    for number in UInt64(0)..<60 {
      for object in try painter.canvas(number, seed: 1).objects {
        #expect((object.role == .object) == (object.visibleShare(on: 64) >= 0.999))
        roles[object.role, default: 0] += 1
      }
    }
    #expect(roles[.object, default: 0] > 5 && roles[.ignored, default: 0] > 5)
  }

  @Test func visibleSharesAreAreas() {
    func share(_ x: Float, _ y: Float) -> Float {
      PlacedObject(x: x, y: y, width: 20, height: 10, role: .object).visibleShare(on: 64)
    }
    #expect(share(10, 10) == 1 && share(-10, 0) == 0.5 && share(54, 59) == 0.25 && share(64, 0) == 0)
    #expect(share(-30, 0) == 0)
  }
}
