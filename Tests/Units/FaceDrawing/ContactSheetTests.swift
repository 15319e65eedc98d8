import FrameStream
import SystemIO
import Testing

@testable import FaceDrawing

@Suite struct ContactSheetTests {
  private func add(_ mark: FaceMark, of picture: Picture, to sheet: ContactSheet, range: ColorRange = .tv)
    -> Bool
  {
    picture.bytes.withUnsafeBufferPointer {
      sheet.add(
        mark, layout: picture.layout, base: $0.baseAddress!, colorRange: range, colorSpace: "smpte170m")
    }
  }

  private func color(_ sheet: ContactSheet, _ x: Int, _ y: Int) -> [UInt8] {
    let (bytes, layout) = sheet.picture()
    return Array(bytes[(y * layout.width + x) * 3..<(y * layout.width + x) * 3 + 3])
  }

  @Test(arguments: PixelFormat.eightBit)
  func facesKeepTheirColorInEveryFormat(_ format: PixelFormat) throws {
    let sheet = try ContactSheet(columns: 2, rows: 1, cellSize: 96)
    let picture = try Picture(format, 65, 63, luma: 180, chroma: format == .rgb24 ? 180 : 128)
    #expect(
      add(
        FaceMark(box: PixelRectangle(x: 10, y: 10, width: 20, height: 20), expression: "sad"), of: picture,
        to: sheet))
    #expect(sheet.count == 1 && !sheet.isFull)
    let expected = format == .rgb24 ? 180 : UInt8(((180.0 - 16) * 255 / 219).rounded())
    #expect(color(sheet, 6 + 48, 6 + 48) == [expected, expected, expected])
    // Frame and caption in the class's color, the free cell in the background's.
    #expect(color(sheet, 6, 6) == [0x00, 0x72, 0xB2])
    #expect(color(sheet, 7, 6 + 96 + 8) == [0x00, 0x72, 0xB2])
    #expect(color(sheet, 6 + 102 + 48, 6 + 48) == [255, 255, 255])
    #expect(add(FaceMark(box: PixelRectangle(x: 0, y: 0, width: 65, height: 63)), of: picture, to: sheet))
    #expect(sheet.isFull)
    #expect(!add(FaceMark(box: PixelRectangle(x: 0, y: 0, width: 65, height: 63)), of: picture, to: sheet))
    sheet.removeAll()
    #expect(sheet.count == 0 && color(sheet, 54, 54) == [255, 255, 255])
  }

  @Test func facesKeepTheirShape() throws {
    let sheet = try ContactSheet(columns: 1, rows: 1, cellSize: 96, background: .dark)
    let picture = try Picture(.gray, 400, 400, luma: 255)
    #expect(
      add(
        FaceMark(box: PixelRectangle(x: 50, y: 50, width: 200, height: 100)), of: picture, to: sheet,
        range: .pc))
    #expect(color(sheet, 54, 6 + 48) == [255, 255, 255])
    #expect(color(sheet, 54, 6 + 10) == [0, 0, 0])
    #expect(color(sheet, 1, 1) == [0x20, 0x20, 0x20])
  }

  @Test func hostileFaces() throws {
    let sheet = try ContactSheet(columns: 30, rows: 30, cellSize: 16)
    for (width, height) in [(1, 1), (3, 5), (3000, 2), (2, 3000)] {
      for format in PixelFormat.eightBit {
        let picture = try Picture(format, width, height)
        for (x, length) in [(0, Int.max), (Int.min, Int.max), (-5, 1000), (0, 1), (-1, 3), (2, 0)] {
          _ = add(
            FaceMark(
              box: PixelRectangle(x: x, y: x, width: length, height: length), expression: "a\nb\u{1}سعيد",
              confidence: .nan),
            of: picture, to: sheet)
        }
      }
    }
    #expect(sheet.count > 0)
  }

  @Test(arguments: [(0, 1, 96), (1, -1, 96), (1, 1, 8), (Int.max, 2, 96), (400, 400, 2048), (1, 1, Int.max)])
  func impossibleSheets(_ columns: Int, _ rows: Int, _ cellSize: Int) {
    #expect(throws: Failure.self) { try ContactSheet(columns: columns, rows: rows, cellSize: cellSize) }
  }
}
