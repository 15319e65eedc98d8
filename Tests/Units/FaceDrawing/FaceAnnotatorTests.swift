import Drawing
import Foundation
import FrameStream
import Testing

@testable import FaceDrawing

@Suite struct FaceAnnotatorTests {
  static let sizes = [(1, 1), (2, 2), (3, 5), (17, 9), (64, 48), (161, 99), (320, 180)]

  private func marks(_ width: Int, _ height: Int) -> [FaceMark] {
    [
      FaceMark(
        box: PixelRectangle(x: width / 4, y: height / 3, width: width / 2, height: height / 2),
        expression: "happy",
        confidence: 0.93),
      FaceMark(
        box: PixelRectangle(x: -3, y: -2, width: max(9, width / 3), height: 8), expression: "sad",
        confidence: 0.5),
      FaceMark(box: PixelRectangle(x: width - 4, y: height - 5, width: 30, height: 31), isHeld: true),
    ]
  }

  @Test(arguments: PixelFormat.eightBit)
  func nothingChangesOutsideTheDamage(_ format: PixelFormat) throws {
    for (width, height) in Self.sizes {
      for mark in marks(width, height) {
        let before = try Picture(format, width, height)
        var after = before
        let damage = after.draw([mark], with: FaceAnnotator(colorRange: .tv))
        let shiftX = format == .gray || format == .yuv444p || format == .rgb24 ? 0 : 1
        let shiftY = format == .yuv420p || format == .nv12 ? 1 : 0
        for (index, plane) in before.layout.planes.enumerated() {
          for y in 0..<plane.height {
            for x in 0..<plane.width {
              let position = plane.offset + y * plane.width + x
              if before.bytes[position] == after.bytes[position] { continue }
              let pixel = format == .rgb24 ? x / 3 : format == .nv12 && index == 1 ? x / 2 : x
              let place =
                index == 0
                ? PixelRectangle(x: pixel, y: y, width: 1, height: 1)
                : PixelRectangle(x: pixel << shiftX, y: y << shiftY, width: 1 << shiftX, height: 1 << shiftY)
              #expect(damage?.intersection(place) != nil, "\(format) \(width)x\(height) at \(x),\(y)")
            }
          }
        }
      }
    }
  }

  /// A pixel is covered if it differs from the plain picture on black or on white; chroma may change only there.
  @Test(arguments: [PixelFormat.yuv420p, .yuv422p, .yuv444p, .nv12])
  func chromaChangesOnlyUnderTheDrawing(_ format: PixelFormat) throws {
    let (width, height) = (161, 99)
    var dark = try Picture(format, width, height, luma: 0, chroma: 11)
    var bright = try Picture(format, width, height, luma: 255, chroma: 11)
    dark.draw(marks(width, height), with: FaceAnnotator(colorRange: .pc))
    bright.draw(marks(width, height), with: FaceAnnotator(colorRange: .pc))
    let stepX = format == .yuv444p ? 1 : 2
    let stepY = format == .yuv420p || format == .nv12 ? 2 : 1
    var changed = 0
    for (index, plane) in dark.layout.planes.enumerated() where index > 0 {
      for y in 0..<plane.height {
        for x in 0..<plane.width where dark.bytes[plane.offset + y * plane.width + x] != 11 {
          changed += 1
          let cell = format == .nv12 ? x / 2 : x
          var isCovered = false
          for line in y * stepY..<min(y * stepY + stepY, height) {
            for column in cell * stepX..<min(cell * stepX + stepX, width) {
              let position = line * width + column
              isCovered = isCovered || dark.bytes[position] != 0 || bright.bytes[position] != 255
            }
          }
          #expect(isCovered, "\(format) plane \(index) at \(x),\(y)")
        }
      }
    }
    #expect(changed > 100)
  }

  @Test func theInsideOfABoxStaysAsItWas() throws {
    let before = try Picture(.yuv420p, 640, 360)
    var after = before
    after.draw(
      [FaceMark(box: PixelRectangle(x: 101, y: 77, width: 200, height: 201))],
      with: FaceAnnotator(style: DrawingStyle(drawsLabels: false), colorRange: .tv))
    for y in 90..<265 {
      for x in 114..<288 { #expect(before.bytes[y * 640 + x] == after.bytes[y * 640 + x]) }
    }
    #expect(before.bytes != after.bytes)
  }

  /// The backing has the class's color in every format, matrix and range; text stands out in luma.
  @Test(arguments: PixelFormat.eightBit, [ColorRange.tv, .pc])
  func labelsHaveTheirColor(_ format: PixelFormat, _ range: ColorRange) throws {
    var picture = try Picture(format, 640, 360)
    let annotator = FaceAnnotator(
      style: DrawingStyle(drawsBoxes: false), colorRange: range, colorSpace: "smpte170m")
    try #require(annotator.hasFont)
    let mark = FaceMark(
      box: PixelRectangle(x: 200, y: 100, width: 150, height: 150), expression: "surprise", confidence: 1)
    let drawn = picture.draw([mark], with: annotator)
    let damage = try #require(drawn)
    let rgb = picture.rgb(isFullRange: range == .pc)
    let isGray = format == .gray
    let expected: [Double] =
      isGray ? Array(repeating: 0.299 * 0xE6 + 0.587 * 0x9F, count: 3) : [0xE6, 0x9F, 0]
    // Left of the text there is only backing.
    let position = ((damage.y + damage.height / 2) * 640 + damage.x + 4) * 3
    for channel in 0..<3 { #expect(abs(Double(rgb[position + channel]) - expected[channel]) <= 6) }
    var darkest = 255
    for x in damage.x + 4..<damage.maxX - 4 {
      darkest = min(darkest, Int(rgb[((damage.y + damage.height / 2) * 640 + x) * 3 + 1]))
    }
    #expect(darkest < 40)
  }

  @Test(arguments: PixelFormat.eightBit)
  func hostileMarks(_ format: PixelFormat) throws {
    let numbers = [Int.min, -1 << 40, -5, 0, 1, 7, 1 << 40, Int.max]
    let texts: [String?] = [
      nil, "", "\u{0}", "a\nb", "<span size='9999999'>", String(repeating: "W", count: 100_000),
      "a" + String(repeating: "\u{301}", count: 5000), "سعيد", "\u{202E}\u{2066}x", "👩‍👩‍👧‍👦😀",
      "\u{FFFF}\u{10FFFF}",
    ]
    for (width, height) in [(1, 1), (2, 3), (33, 17), (320, 24), (24, 320)] {
      var picture = try Picture(format, width, height)
      let annotator = FaceAnnotator(
        sampleAspectRatio: Rational(width, height - 1), colorRange: .tv, colorSpace: "no such space")
      var count = 0
      for x in numbers {
        for length in numbers {
          let mark = FaceMark(
            box: PixelRectangle(
              x: x, y: numbers[count % 8], width: length, height: numbers[(count / 8 + count) % 8]),
            expression: texts[count % texts.count], confidence: [nil, .nan, -1, 2, 0.5][count % 5],
            classIndex: [nil, Int.min, Int.max, 3][count % 4], isHeld: count % 3 == 0)
          count += 1
          let damage = picture.draw([mark], with: annotator)
          if let damage {
            #expect(damage.x >= 0 && damage.y >= 0 && damage.maxX <= width && damage.maxY <= height)
          }
        }
      }
    }
  }

  @Test func boxesWithoutPixelsDrawNothing() throws {
    var picture = try Picture(.gray, 64, 64)
    let before = picture.bytes
    let annotator = FaceAnnotator(colorRange: .tv)
    for (x, y, width, height) in [
      (5, 5, 0, 9), (5, 5, 9, -1), (64, 0, 9, 9), (0, -9, 9, 9), (Int.max, 0, 9, 9),
    ] {
      #expect(
        picture.draw(
          [FaceMark(box: PixelRectangle(x: x, y: y, width: width, height: height), expression: "sad")],
          with: annotator) == nil)
    }
    #expect(picture.draw([], with: annotator) == nil)
    #expect(picture.bytes == before)
  }

  @Test func knownLabelsAreNotDrawnAgain() throws {
    var picture = try Picture(.yuv420p, 640, 360)
    let annotator = FaceAnnotator(colorRange: .tv)
    picture.draw(marks(640, 360), with: annotator)
    let first = annotator.cacheStatistics
    #expect(first.misses == first.count && first.hits == 0)
    for _ in 0..<10 { picture.draw(marks(640, 360), with: annotator) }
    let last = annotator.cacheStatistics
    #expect(last.misses == first.misses && last.hits == 10 * first.misses)
    #expect(last.byteCount == first.byteCount)
  }

  @Test func theCacheIsBounded() throws {
    var picture = try Picture(.yuv420p, 320, 180)
    let annotator = FaceAnnotator(style: DrawingStyle(drawsBoxes: false), colorRange: .tv)
    for index in 0..<2500 {
      picture.draw(
        [FaceMark(box: PixelRectangle(x: 50, y: 50, width: 60, height: 60), expression: "class \(index)")],
        with: annotator)
    }
    #expect(annotator.cacheStatistics.count <= 1024 && annotator.cacheStatistics.byteCount <= 24 << 20)
    var cache = StampCache<Int>(maximumCount: 3, maximumBytes: 1 << 20)
    let matrix = ColorMatrix(layout: picture.layout, range: .tv, colorSpace: nil)
    for key in [1, 2, 3, 1, 4, 1, 2] {
      _ = cache.stamp(for: key) { CairoCanvas(width: 4, height: 4).map { Stamp($0, matrix: matrix) } }
    }
    #expect(cache.count == 3 && cache.hits == 2 && cache.byteCount == 3 * 64)
  }

  @Test func everyRunDrawsTheSame() throws {
    var pictures = [try Picture(.nv12, 321, 181), try Picture(.nv12, 321, 181)]
    for index in 0..<2 { pictures[index].draw(marks(321, 181), with: FaceAnnotator(colorRange: .tv)) }
    #expect(pictures[0].bytes == pictures[1].bytes)
    // And one that drew something else before.
    var third = try Picture(.nv12, 321, 181)
    let annotator = FaceAnnotator(colorRange: .tv)
    var other = try Picture(.rgb24, 99, 50)
    other.draw(marks(99, 50), with: annotator)
    third.draw(marks(321, 181), with: annotator)
    #expect(third.bytes == pictures[0].bytes)
  }

  @Test(arguments: ["Serif Italic", "Sans 20", "No Such Family 1e9", "", ",,,", "Sans 99999999px"])
  func fontDescriptions(_ font: String) throws {
    var picture = try Picture(.gray, 320, 180, luma: 90)
    let annotator = FaceAnnotator(style: DrawingStyle(font: font, drawsBoxes: false), colorRange: .pc)
    picture.draw(
      [FaceMark(box: PixelRectangle(x: 90, y: 90, width: 60, height: 60), expression: "sad", confidence: 1)],
      with: annotator)
  }

  /// In a process of its own, because fontconfig reads its settings once.
  @Test func withoutFontsBoxesAreDrawnAlone() async {
    await #expect(processExitsWith: .success) {
      let settings = FileManager.default.temporaryDirectory.appendingPathComponent(
        "fm-no-fonts-\(getpid()).conf")
      try Data("<fontconfig></fontconfig>".utf8).write(to: settings)
      setenv("FONTCONFIG_FILE", settings.path, 1)
      defer { try? FileManager.default.removeItem(at: settings) }
      let annotator = FaceAnnotator(colorRange: .tv)
      var picture = try Picture(.gray, 320, 180)
      let before = picture.bytes
      picture.draw(
        [FaceMark(box: PixelRectangle(x: 90, y: 90, width: 60, height: 60), expression: "sad")],
        with: annotator)
      precondition(!annotator.hasFont && picture.bytes != before)
    }
  }

  /// Ten bits: what is drawn is what is drawn on the upper eight, all else keeps its lower two.
  @Test(arguments: [ColorRange.tv, .pc]) func tenBitsAreKeptOutsideTheDrawing(_ range: ColorRange) throws {
    let deep = try PictureLayout(.yuv420p10le, width: 121, height: 83)
    let plain = try PictureLayout(.yuv420p, width: 121, height: 83)
    let samples = (0..<plain.byteCount).map { UInt16(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) & 1023 }
    var bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    var reduced = samples.map { UInt8($0 >> 2) }
    let before = reduced
    let marks = [
      FaceMark(box: PixelRectangle(x: 20, y: 30, width: 41, height: 37), expression: "happy", confidence: 0.9)
    ]
    let damage = bytes.withUnsafeMutableBufferPointer {
      FaceAnnotator(colorRange: range).draw(marks, layout: deep, base: $0.baseAddress!)
    }
    let expected = reduced.withUnsafeMutableBufferPointer {
      FaceAnnotator(colorRange: range).draw(marks, layout: plain, base: $0.baseAddress!)
    }
    #expect(damage == expected && damage != nil)
    var changed = 0
    for index in samples.indices {
      let found = UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8
      if reduced[index] == before[index] {
        #expect(found == samples[index])
      } else {
        changed += 1
        #expect(found >> 2 == UInt16(reduced[index]) && found < 1024)
      }
    }
    #expect(changed > 500)
  }
}
