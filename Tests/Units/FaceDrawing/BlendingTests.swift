import Drawing
import FrameStream
import Testing

@testable import FaceDrawing

@Suite struct BlendingTests {
  /// A translucent drawing with every coverage in it, at odd and even places, against the formula in floating
  /// point, chroma by the mean over the pixels of a sample.
  @Test(arguments: PixelFormat.eightBit)
  func agreesWithReference(_ format: PixelFormat) throws {
    for (width, height) in [(40, 30), (41, 31), (13, 9)] {
      for origin in [(0, 0), (3, 5), (4, 2), (-5, -3), (30, 22)] {
        var picture = try Picture(format, width, height, seed: 7)
        let before = picture
        let matrix = ColorMatrix(layout: picture.layout, range: .tv, colorSpace: "bt709")
        let canvas = try #require(CairoCanvas(width: 12, height: 10))
        canvas.withRows { y, pixels in
          for x in 0..<12 {
            let alpha = UInt32((y * 12 + x) * 37 % 256)
            let red = alpha * UInt32(x) / 12
            pixels[x] = alpha << 24 | red << 16 | alpha / 2 << 8 | alpha / 3
          }
        }
        let stamp = Stamp(canvas, matrix: matrix)
        let area = PixelRectangle(x: origin.0, y: origin.1, width: 12, height: 10)
        let frame = PixelRectangle(x: 0, y: 0, width: width, height: height)
        guard let visible = area.intersection(frame) else { continue }
        for isStretched in [true, false] {
          picture = before
          let layout = picture.layout
          picture.bytes.withUnsafeMutableBufferPointer { buffer in
            StampBlender().draw(
              stamp, over: area, visible: visible, layout: layout, base: buffer.baseAddress!,
              isStretched: isStretched, column: { $0 }, row: { $0 })
          }
          expectReference(picture, before, stamp, area)
        }
      }
    }
  }

  private func expectReference(
    _ after: Picture, _ before: Picture, _ stamp: Stamp, _ area: PixelRectangle
  ) {
    let layout = before.layout
    let format = layout.format
    for (index, plane) in layout.planes.enumerated() {
      for y in 0..<plane.height {
        for x in 0..<plane.width {
          // Which sample of which pixels this byte is.
          var columns = x..<x + 1
          var lines = y..<y + 1
          var sample = index
          if format == .rgb24 {
            columns = x / 3..<x / 3 + 1
            sample = x % 3
          }
          if index > 0 {
            let cell = format == .nv12 ? x / 2 : x
            if format == .nv12 { sample = 1 + x % 2 }
            if format != .yuv444p { columns = 2 * cell..<min(2 * cell + 2, layout.width) }
            if format == .yuv420p || format == .nv12 { lines = 2 * y..<min(2 * y + 2, layout.height) }
          }
          var coverage = 0.0
          var added = 0.0
          for line in lines where line >= area.y && line < area.maxY {
            for column in columns where column >= area.x && column < area.maxX {
              let position = (line - area.y) * stamp.width + column - area.x
              coverage += Double(stamp.alpha[position]) / Double(lines.count * columns.count)
              added += Double(stamp.samples[sample][position]) / Double(lines.count * columns.count)
            }
          }
          let position = plane.offset + y * plane.width + x
          let exact = added + Double(before.bytes[position]) * (1 - coverage / 255)
          let found = Double(after.bytes[position])
          if coverage == 0 {
            #expect(found == Double(before.bytes[position]))
          } else {
            #expect(abs(found - min(exact, 255)) <= 0.51, "\(format) plane \(index) at \(x),\(y)")
          }
        }
      }
    }
  }

  /// Colors of the recommendations: white, black and the primaries, both ways.
  @Test func matrices() throws {
    let large = try PictureLayout(.yuv420p, width: 1280, height: 720)
    let small = try PictureLayout(.yuv420p, width: 640, height: 360)
    func encoded(_ layout: PictureLayout, _ range: ColorRange, _ space: String?, _ color: Color) -> [Int] {
      let (y, u, v) = ColorMatrix(layout: layout, range: range, colorSpace: space).encode(
        red: color.red * 255, green: color.green * 255, blue: color.blue * 255, alpha: 255)
      return [Int(y.rounded()), Int(u.rounded()), Int(v.rounded())]
    }
    #expect(encoded(small, .tv, nil, .white) == [235, 128, 128])
    #expect(encoded(small, .tv, nil, .black) == [16, 128, 128])
    #expect(encoded(small, .pc, nil, .white) == [255, 128, 128])
    #expect(encoded(small, .tv, nil, Color(0xFF0000)) == [81, 90, 240])
    #expect(encoded(large, .tv, nil, Color(0xFF0000)) == [63, 102, 240])
    #expect(encoded(small, .tv, "bt709", Color(0x0000FF)) == [32, 240, 118])
    #expect(encoded(large, .tv, "smpte170m", Color(0x00FF00)) == [145, 54, 34])
    let matrix = ColorMatrix(layout: large, range: .tv, colorSpace: "bt2020nc")
    let (y, u, v) = matrix.encode(red: 12, green: 200, blue: 99, alpha: 255)
    let back = matrix.decode(luma: y, cb: u, cr: v)
    #expect(abs(back.red - 12) < 1e-9 && abs(back.green - 200) < 1e-9 && abs(back.blue - 99) < 1e-9)
  }
}
