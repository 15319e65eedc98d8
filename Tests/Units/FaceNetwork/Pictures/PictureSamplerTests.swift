import FrameStream
import SeededNoise
import Testing

@testable import FaceNetwork

@Suite struct PictureSamplerTests {
  private let full = FrameColors(range: .pc, space: "bt470bg", chromaLocation: "center")
  private let plain = PictureEncoding(.bgr)

  private func sample(
    _ bytes: [UInt8], _ layout: PictureLayout, _ encoding: PictureEncoding, colors: FrameColors? = nil,
    region: PixelRectangle? = nil, size: InputSize? = nil, padded: InputSize? = nil
  ) -> [Float] {
    precondition(bytes.count == layout.byteCount)
    let region = region ?? layout.bounds
    let size = size ?? InputSize(width: region.width, height: region.height)
    let sampler = PictureSampler(layout, colors ?? full, region: region, size: size, encoding: encoding)
    let padded = padded ?? size
    var output = [Float](repeating: .nan, count: padded.width * padded.height * encoding.channels.count)
    output.withUnsafeMutableBufferPointer { output in
      // Twice: nothing of a picture may depend on the one before.
      for _ in 0..<2 {
        bytes.withUnsafeBufferPointer {
          sampler.write($0.baseAddress!, padded: padded, into: output.baseAddress!)
        }
      }
    }
    return output
  }

  @Test func colorsInOrder() throws {
    let layout = try PictureLayout(.rgb24, width: 2, height: 1)
    let bytes: [UInt8] = [1, 2, 3, 40, 50, 60]
    #expect(sample(bytes, layout, plain) == [3, 2, 1, 60, 50, 40])
    #expect(sample(bytes, layout, PictureEncoding(.rgb, scale: 2, offset: -1)) == [1, 3, 5, 79, 99, 119])
    let gray = sample(bytes, layout, PictureEncoding(.gray))
    #expect(abs(gray[0] - (0.299 + 2 * 0.587 + 3 * 0.114)) < 1e-4)
  }

  @Test func grayInEveryChannel() throws {
    let layout = try PictureLayout(.gray, width: 3, height: 1)
    #expect(sample([0, 16, 255], layout, plain) == [0, 0, 0, 16, 16, 16, 255, 255, 255])
    let limited = sample([16, 126, 240], layout, PictureEncoding(.gray), colors: FrameColors(range: .tv))
    #expect(limited[0] == 0 && abs(limited[1] - 110 * 255 / 219) < 1e-4 && limited[2] == 255)
  }

  @Test func border() throws {
    let layout = try PictureLayout(.gray, width: 2, height: 1)
    let padded = InputSize(width: 4, height: 2)
    #expect(
      sample([5, 6], layout, PictureEncoding(.gray, scale: 0.5, offset: 1, border: 128), padded: padded)
        == [3.5, 4, 65, 65, 65, 65, 65, 65])
  }

  /// The matrix of ITU-R BT.601 or BT.709 in either range, against its formula.
  @Test(arguments: ["bt470bg", "bt709"], [ColorRange.tv, .pc])
  func matrices(space: String, range: ColorRange) throws {
    var noise = Noise(3)
    let layout = try PictureLayout(.yuv444p, width: 40, height: 1)
    let bytes = noise.bytes(layout.byteCount)
    let found = sample(bytes, layout, plain, colors: FrameColors(range: range, space: space))
    let (red, blue) = space == "bt709" ? (0.2126, 0.0722) : (0.299, 0.114)
    for x in 0..<40 {
      var (y, u, v) = (Double(bytes[x]), Double(bytes[40 + x]) - 128, Double(bytes[80 + x]) - 128)
      if range == .tv { (y, u, v) = ((y - 16) * 255 / 219, u * 255 / 224, v * 255 / 224) }
      let r = y + 2 * (1 - red) * v
      let b = y + 2 * (1 - blue) * u
      let g = (y - red * r - blue * b) / (1 - red - blue)
      let wanted: [Double] = [b, g, r]
      for (channel, value) in wanted.enumerated() {
        let distance = Double(found[3 * x + channel]) - min(max(value, 0), 255)
        #expect(abs(distance) < 1e-3)
      }
    }
  }

  /// Formats of the same colors give the same input.
  @Test func formatsAgree() throws {
    var noise = Noise(4)
    let (width, height) = (9, 7)
    let planar = try PictureLayout(.yuv420p, width: width, height: height)
    let bytes = noise.bytes(planar.byteCount)
    let wanted = sample(bytes, planar, plain)
    let (luma, chroma) = (width * height, 5 * 4)
    var interleaved = Array(bytes[..<luma])
    for index in 0..<chroma { interleaved += [bytes[luma + index], bytes[luma + chroma + index]] }
    #expect(sample(interleaved, try PictureLayout(.nv12, width: width, height: height), plain) == wanted)
    let deep = bytes.flatMap { [UInt8(truncatingIfNeeded: Int($0) << 2 | 3), $0 >> 6] }
    #expect(sample(deep, try PictureLayout(.yuv420p10le, width: width, height: height), plain) == wanted)
    // Chroma of one value for all is the same in every format, whatever its position.
    let even =
      Array(bytes[..<luma]) + [UInt8](repeating: 90, count: chroma) + [UInt8](repeating: 150, count: chroma)
    let alone = sample(even, planar, plain)
    for (format, samples) in [(PixelFormat.yuv422p, 5 * 7), (.yuv444p, 9 * 7)] {
      let same =
        Array(bytes[..<luma]) + [UInt8](repeating: 90, count: samples)
        + [UInt8](repeating: 150, count: samples)
      #expect(sample(same, try PictureLayout(format, width: width, height: height), plain) == alone)
    }
  }

  /// Chroma between its samples' positions: 3/4 of the nearer and 1/4 of the farther one in each direction.
  @Test func chromaBetweenSamples() throws {
    let layout = try PictureLayout(.yuv420p, width: 4, height: 4)
    let bytes = [UInt8](repeating: 128, count: 16) + [128, 128, 128, 128, 100, 140, 180, 60]
    let found = sample(bytes, layout, plain)
    for y in 0..<4 {
      for x in 0..<4 {
        func weights(_ position: Int) -> [Double] {
          [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]][position]
        }
        var cr = 0.0
        for (row, down) in weights(y).enumerated() {
          for (column, across) in weights(x).enumerated() {
            cr += down * across * [100, 140, 180, 60][2 * row + column]
          }
        }
        let wanted = min(max(128 + 1.402 * (cr - 128), 0), 255)
        #expect(abs(Double(found[3 * (4 * y + x) + 2]) - wanted) < 1e-3)
      }
    }
  }

  /// A part of a picture is what the picture is that consists of that part.
  @Test func regions() throws {
    var noise = Noise(5)
    let layout = try PictureLayout(.rgb24, width: 12, height: 8)
    let bytes = noise.bytes(layout.byteCount)
    let region = PixelRectangle(x: 3, y: 2, width: 6, height: 4)
    var part: [UInt8] = []
    for y in 2..<6 { part += bytes[((y * 12 + 3) * 3)..<((y * 12 + 9) * 3)] }
    let size = InputSize(width: 3, height: 2)
    let own = try PictureLayout(.rgb24, width: 6, height: 4)
    let found = sample(bytes, layout, plain, region: region, size: size)
    #expect(found == sample(part, own, plain, size: size))
    // The blue of the first four pixels.
    let sum = [0, 1, 6, 7].reduce(Float(0)) { $0 + Float(part[$1 * 3 + 2]) }
    #expect(abs(found[0] - sum / 4) < 1e-3)
  }
}
