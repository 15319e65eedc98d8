import FrameStream
import Testing

@testable import FaceHiding

/// What hiding leaves of a picture, at every pixel format.
struct FaceHiderTests {
  /// A picture of noise, the same in every run.
  static func noise(_ layout: PictureLayout, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var bytes = (0..<layout.byteCount).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    if layout.format == .yuv420p10le { for index in bytes.indices where index % 2 == 1 { bytes[index] &= 3 } }
    return bytes
  }

  static func hide(
    _ bytes: [UInt8], _ layout: PictureLayout, _ boxes: [HiddenBox], _ style: HidingStyle
  ) -> [UInt8] {
    let payload = Payload()
    payload.resize(to: bytes.count)
    payload.mutableBytes.copyBytes(from: bytes)
    FaceHider(style).hide(boxes, layout: layout, base: payload.base, range: .tv)
    return Array(payload.bytes)
  }

  /// What was asked for and what was done are two things.
  @Test func saysWhichBoxesWereHidden() throws {
    let layout = try PictureLayout(.gray, width: 64, height: 64)
    let payload = Payload()
    payload.resize(to: layout.byteCount)
    let outside = HiddenBox(PixelRectangle(x: 5000, y: 0, width: 20, height: 20))
    for isWhole in [false, true] {
      let hider = FaceHider(HidingStyle(.fill))
      let hidden = hider.hide(
        [Self.face, outside, Self.face], layout: layout, base: payload.base, range: .pc, isWhole: isWhole)
      #expect(hidden == [true, false, true])
      #expect(hider.wholePictures == (isWhole ? 1 : 0))
    }
  }

  static let face = HiddenBox(PixelRectangle(x: 21, y: 13, width: 20, height: 22))

  /// Pictures whose cells have the same means give the same result, bit for bit: nothing else is kept of a face.
  @Test(arguments: PixelFormat.allCases, HidingStyle.Method.allCases)
  func nothingButMeansIsKept(_ format: PixelFormat, _ method: HidingStyle.Method) throws {
    let layout = try PictureLayout(format, width: 67, height: 55)
    let style = HidingStyle(method, shape: .box, margin: 0)
    let bytes = Self.noise(layout)
    let hidden = Self.hide(bytes, layout, [Self.face], style)
    var other = bytes
    for channel in Channel.all(of: layout, .tv) {
      var area = HiddenArea()
      let isVisible = area.take(Self.face, style, in: layout.bounds)
      #expect(isVisible)
      let bounds = area.bounds(in: channel)
      let size = format.bitDepth > 8 ? 2 : 1
      for y in bounds.y..<bounds.maxY {
        // The first two samples of each cell change places.
        for cell in 0..<area.cells.columns {
          let x = bounds.x + cell * bounds.width / area.cells.columns
          let index = (channel.offset + y * channel.stride + x * channel.step) * size
          for byte in 0..<size { other.swapAt(index + byte, index + channel.step * size + byte) }
        }
      }
    }
    #expect(other != bytes)
    #expect(Self.hide(other, layout, [Self.face], style) == hidden)
    let counts = Self.distinctPerChannel(hidden, layout, Self.face, style)
    if method == .mosaic { #expect(counts.allSatisfy { $0 <= 3 * 3 }) }
    if method == .fill { #expect(counts.allSatisfy { $0 == 1 }) }
  }

  /// How many values each channel has inside the hidden area.
  private static func distinctPerChannel(
    _ bytes: [UInt8], _ layout: PictureLayout, _ face: HiddenBox, _ style: HidingStyle
  ) -> [Int] {
    Channel.all(of: layout, .tv).map { channel in
      var area = HiddenArea()
      _ = area.take(face, style, in: layout.bounds)
      let bounds = area.bounds(in: channel)
      var seen: Set<Int> = []
      for y in bounds.y..<bounds.maxY {
        for x in area.span(row: y, in: channel) {
          let index = channel.offset + y * channel.stride + x * channel.step
          seen.insert(
            layout.format.bitDepth > 8
              ? Int(bytes[2 * index]) | Int(bytes[2 * index + 1]) << 8 : Int(bytes[index]))
        }
      }
      return seen.count
    }
  }

  /// Luma outside the shape keeps its bytes, and every pixel of the face's box is in the shape.
  @Test(arguments: PixelFormat.allCases, HidingStyle.Shape.allCases)
  func whatIsOutsideStays(_ format: PixelFormat, _ shape: HidingStyle.Shape) throws {
    let layout = try PictureLayout(format, width: 67, height: 55)
    let style = HidingStyle(.fill, shape: shape)
    let bytes = Self.noise(layout)
    let hidden = Self.hide(bytes, layout, [Self.face], style)
    let area = Self.face.area(margin: style.margin)
    let black = layout.format == .rgb24 ? 0 : layout.format == .yuv420p10le ? 64 : 16
    for channel in Channel.all(of: layout, .tv) where channel.shiftX == 0 && channel.black == black {
      let size = format.bitDepth > 8 ? 2 : 1
      for y in 0..<layout.height {
        for x in 0..<layout.width {
          let index = (channel.offset + y * channel.stride + x * channel.step) * size
          if !(area.x..<area.maxX).contains(x) || !(area.y..<area.maxY).contains(y) {
            #expect(hidden[index] == bytes[index], "\(x), \(y)")
          }
          let box = Self.face.box
          if (box.x..<box.maxX).contains(x), (box.y..<box.maxY).contains(y) {
            #expect(hidden[index] == UInt8(black), "\(x), \(y) shows the face")
          }
        }
      }
    }
  }

  /// A chroma sample that a hidden pixel shares is hidden, at any place of the face.
  @Test func sharedChromaShowsNothing() throws {
    let layout = try PictureLayout(.yuv420p, width: 32, height: 32)
    for x in 5..<9 {
      for y in 5..<9 {
        let face = HiddenBox(PixelRectangle(x: x, y: y, width: 9, height: 7))
        let hidden = Self.hide(Self.noise(layout), layout, [face], HidingStyle(.fill, margin: 0.3))
        var area = HiddenArea()
        let isVisible = area.take(face, HidingStyle(.fill, margin: 0.3), in: layout.bounds)
        #expect(isVisible)
        let channels = Channel.all(of: layout, .tv)
        for row in area.bounds.y..<area.bounds.maxY {
          for column in area.span(row: row, in: channels[0]) {
            for plane in 1...2 {
              #expect(hidden[layout.planes[plane].offset + row / 2 * 16 + column / 2] == 128)
            }
          }
        }
      }
    }
  }

  /// Boxes outside the picture, at its edges, of one pixel, far too large, and a thousand of them.
  @Test(arguments: HidingStyle.Method.allCases) func anyBoxes(_ method: HidingStyle.Method) throws {
    let far = 1 << 24
    let boxes = [
      PixelRectangle(x: -50, y: -50, width: 10, height: 10), PixelRectangle(x: -5, y: 3, width: 9, height: 9),
      PixelRectangle(x: 32, y: 22, width: 1, height: 1), PixelRectangle(x: 60, y: 40, width: 30, height: 30),
      PixelRectangle(x: -far, y: -far, width: far, height: far),
      PixelRectangle(x: far, y: far, width: far, height: far),
      PixelRectangle(x: 3, y: 3, width: 1, height: far), PixelRectangle(x: 3, y: 3, width: far, height: 1),
    ]
    for format in PixelFormat.allCases {
      for (width, height) in [(67, 55), (1, 1), (2, 1), (1, 3)] {
        let layout = try PictureLayout(format, width: width, height: height)
        let bytes = Self.noise(layout)
        for box in boxes {
          _ = Self.hide(bytes, layout, [HiddenBox(box, growth: 100)], HidingStyle(method, margin: 4))
          _ = Self.hide(bytes, layout, [HiddenBox(box)], HidingStyle(method, shape: .box, margin: 0))
        }
        let outside = HiddenBox(boxes[0])
        #expect(Self.hide(bytes, layout, [outside], HidingStyle(method)) == bytes)
      }
    }
    let layout = try PictureLayout(.gray, width: 67, height: 55)
    let crowd = (0..<1000).map { number in
      HiddenBox(PixelRectangle(x: number % 60, y: number / 20, width: 5, height: 6))
    }
    _ = Self.hide(Self.noise(layout), layout, crowd, HidingStyle(method))
  }

  /// More boxes than any crowd has hide the picture as a whole.
  @Test func tooManyBoxesHideAll() throws {
    let layout = try PictureLayout(.gray, width: 40, height: 40)
    let boxes = Array(repeating: HiddenBox(PixelRectangle(x: 0, y: 0, width: 40, height: 40)), count: 100)
    let hidden = Self.hide(Self.noise(layout), layout, boxes, HidingStyle(.fill))
    #expect(hidden.allSatisfy { $0 == 16 })
    let many = Array(repeating: HiddenBox(PixelRectangle(x: 0, y: 0, width: 1, height: 1)), count: 10_001)
    #expect(Self.hide(Self.noise(layout), layout, many, HidingStyle(.fill)).allSatisfy { $0 == 16 })
  }

  /// However large the face, its cells are as many, so that a large face keeps no more than a small one.
  @Test func strengthFollowsTheFace() {
    for side in [8, 40, 400, 4000] {
      var area = HiddenArea()
      let face = HiddenBox(PixelRectangle(x: 0, y: 0, width: side, height: side))
      let picture = PixelRectangle(x: 0, y: 0, width: 5000, height: 5000)
      let isVisible = area.take(face, HidingStyle(.blur, shape: .box, margin: 0), in: picture)
      #expect(isVisible)
      #expect(area.cells == (3, 3))
    }
  }
}
