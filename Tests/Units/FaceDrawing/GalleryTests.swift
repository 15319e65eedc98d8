import FaceDrawing
import Foundation
import FrameStream
import Testing

/// Pictures for the eye and times for the reader: made only when FM_GALLERY names a folder for them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["FM_GALLERY"] != nil))
struct GalleryTests {
  let folder = ProcessInfo.processInfo.environment["FM_GALLERY"] ?? "."
  static let classes = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise", "contempt"]

  private func save(_ rgb: [UInt8], _ width: Int, _ height: Int, _ name: String) throws {
    var data = Data("P6\n\(width) \(height)\n255\n".utf8)
    data.append(contentsOf: rgb)
    try data.write(to: URL(fileURLWithPath: "\(folder)/\(name).ppm"))
  }

  /// Eight classes in a grid, faces at the edges, small ones, an unknown one and a held one.
  private func marks(_ width: Int, _ height: Int) -> [FaceMark] {
    var marks: [FaceMark] = []
    let side = height / 4
    for (index, name) in Self.classes.enumerated() {
      marks.append(
        FaceMark(
          box: PixelRectangle(
            x: width / 16 + index % 4 * width / 4, y: height / 6 + index / 4 * height * 2 / 5, width: side,
            height: side), expression: name, confidence: 0.13 + 0.11 * Double(index), classIndex: index,
          isHeld: index == 7))
    }
    let small = height / 10
    marks.append(
      FaceMark(
        box: PixelRectangle(x: -small / 2, y: height / 2, width: small, height: small), expression: "sad",
        confidence: 1))
    marks.append(
      FaceMark(
        box: PixelRectangle(x: width - small, y: 2, width: 2 * small, height: small), expression: "happy",
        confidence: 0.5))
    marks.append(
      FaceMark(
        box: PixelRectangle(x: width / 2, y: height - small / 2, width: small, height: small),
        expression: "fear", confidence: 0.07
      ))
    marks.append(
      FaceMark(
        box: PixelRectangle(x: width / 2 - small, y: height / 2 - small / 2, width: small, height: small)))
    return marks
  }

  @Test func sizesAndBackgrounds() throws {
    for (width, height) in [(320, 180), (1280, 720), (1920, 1080), (720, 1280)] {
      for background in ["dark", "bright", "noise"] {
        var picture =
          background == "noise"
          ? try Picture(.yuv420p, width, height)
          : try Picture(.yuv420p, width, height, luma: background == "dark" ? 24 : 225)
        picture.draw(marks(width, height), with: FaceAnnotator(colorRange: .tv, colorSpace: "smpte170m"))
        try save(picture.rgb(), width, height, "\(background)-\(width)x\(height)")
      }
    }
  }

  @Test func scriptsAndHostileText() throws {
    var picture = try Picture(.rgb24, 1280, 720, luma: 110)
    let texts = [
      "سعيد", "שמח", "楽しい", "счастливый", "ευτυχισμένος", "happy 😀", "<b>bold</b> & <i",
      "two\nlines\tand\u{1}\u{7F}",
      String(repeating: "very ", count: 200000) + "long",
      "a" + String(repeating: "\u{301}\u{316}", count: 90),
      "\u{202E}override", "",
    ]
    let marks = texts.enumerated().map { index, text in
      FaceMark(
        box: PixelRectangle(x: 40 + index % 3 * 420, y: 80 + index / 3 * 160, width: 110, height: 100),
        expression: text,
        confidence: 0.87, classIndex: index)
    }
    picture.draw(marks, with: FaceAnnotator(colorRange: .pc))
    try save(picture.rgb(), 1280, 720, "texts")
  }

  @Test func anamorphic() throws {
    var picture = try Picture(.yuv420p, 720, 576, luma: 100)
    let annotator = FaceAnnotator(
      sampleAspectRatio: Rational(64, 45), colorRange: .tv, colorSpace: "smpte170m")
    picture.draw(marks(720, 576), with: annotator)
    try save(picture.rgb(), 720, 576, "anamorphic")
  }

  /// Faces on a photograph, if the folder has one, `photo.ppm`, and its boxes, a line of four numbers each.
  @Test func photo() throws {
    guard let boxes = try? String(contentsOfFile: "\(folder)/photo.txt", encoding: .utf8),
      let data = FileManager.default.contents(atPath: "\(folder)/photo.ppm")
    else { return }
    let size = try #require(
      String(decoding: data.prefix(32), as: UTF8.self).split(separator: "\n").dropFirst().first)
    let sides = size.split(separator: " ").compactMap { Int($0) }
    var picture = try Picture(.rgb24, sides[0], sides[1], luma: 0)
    picture.bytes = Array(data.suffix(picture.layout.byteCount))
    let sheet = try ContactSheet(columns: 4, rows: 1)
    var marks: [FaceMark] = []
    for (index, line) in boxes.split(separator: "\n").enumerated() {
      let box = line.split(separator: " ").compactMap { Int($0) }
      marks.append(
        FaceMark(
          box: PixelRectangle(x: box[0], y: box[1], width: box[2], height: box[3]),
          expression: Self.classes[index % 8],
          confidence: 0.93))
      picture.bytes.withUnsafeBufferPointer { buffer in
        _ = sheet.add(marks[index], layout: picture.layout, base: buffer.baseAddress!, colorRange: .pc)
      }
    }
    picture.draw(marks, with: FaceAnnotator(colorRange: .pc))
    try save(picture.bytes, sides[0], sides[1], "photo-annotated")
    let (bytes, layout) = sheet.picture()
    try save(bytes, layout.width, layout.height, "photo-sheet")
  }

  @Test func sheet() throws {
    for background in [ContactSheet.Background.white, .dark] {
      let sheet = try ContactSheet(columns: 5, rows: 2, background: background)
      let frame = try Picture(.nv12, 641, 479)
      for (index, name) in (Self.classes + ["متفاجئ"]).enumerated() {
        let mark = FaceMark(
          box: PixelRectangle(x: 60 * index, y: 40 * index, width: 60 + 40 * index, height: 90),
          expression: name,
          confidence: 0.93, classIndex: index)
        frame.bytes.withUnsafeBufferPointer { buffer in
          _ = sheet.add(
            mark, layout: frame.layout, base: buffer.baseAddress!, colorRange: .tv, colorSpace: "bt709")
        }
      }
      let (bytes, layout) = sheet.picture()
      try save(bytes, layout.width, layout.height, "sheet-\(background)")
    }
  }

  @Test func time() throws {
    for format in PixelFormat.eightBit {
      var picture = try Picture(format, 1280, 720)
      let annotator = FaceAnnotator(colorRange: .tv)
      let clock = ContinuousClock()
      var times: [Duration] = []
      for frame in 0..<1000 {
        let marks = (0..<3).map { index in
          FaceMark(
            box: PixelRectangle(
              x: 100 + index * 380 + frame % 17, y: 200 + frame % 13, width: 250, height: 250),
            expression: Self.classes[index], confidence: Double(frame % 10) / 10)
        }
        times.append(clock.measure { picture.draw(marks, with: annotator) })
      }
      times.sort()
      print(
        "\(format.rawValue) 1280x720, 3 faces: first-time worst \(times[999]), median \(times[500]), 99% \(times[990])"
      )
    }
  }
}
