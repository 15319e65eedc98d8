import SystemIO
import Testing

@testable import FrameMedia

struct JPEGCompressionTests {
  /// A smooth slope with a sharp square in it.
  private func picture(_ width: Int, _ height: Int) -> [UInt8] {
    (0..<(width * height)).map { place in
      let (x, y) = (place % width, place / width)
      return (10..<20).contains(x) && (10..<20).contains(y) ? 240 : UInt8((x * 2 + y) % 256)
    }
  }

  private func compressed(_ compression: JPEGCompression, _ picture: [UInt8], _ quantizer: Int) throws
    -> [UInt8]
  {
    var pixels = picture
    try pixels.withUnsafeMutableBufferPointer {
      try compression.compress($0.baseAddress!, quantizer: quantizer)
    }
    return pixels
  }

  private func error(_ first: [UInt8], _ second: [UInt8]) -> Double {
    zip(first, second).reduce(0) { $0 + Double((Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1))) }
      / Double(first.count)
  }

  /// Sides that fill no whole blocks too.
  @Test(arguments: [(64, 64), (50, 37), (128, 96)])
  func coarserIsWorse(_ size: (Int, Int)) throws {
    let picture = picture(size.0, size.1)
    let compression = try JPEGCompression(width: size.0, height: size.1)
    let errors = try [2, 8, 20, 31].map { error(try compressed(compression, picture, $0), picture) }
    #expect(errors[0] > 0 && errors[0] < 12 && errors[3] > 20)
    #expect(errors == errors.sorted() && Set(errors).count == 4)
  }

  @Test func picturesDoNotDependOnThoseBefore() throws {
    let (first, second) = (picture(64, 64), [UInt8](picture(64, 64).reversed()))
    let one = try JPEGCompression(width: 64, height: 64)
    let other = try JPEGCompression(width: 64, height: 64)
    let expected = try (compressed(one, first, 5), compressed(one, second, 12))
    #expect(try compressed(other, second, 12) == expected.1)
    #expect(try compressed(other, first, 5) == expected.0)
    #expect(try compressed(one, first, 5) == expected.0)
  }

  @Test func grayStaysGray() throws {
    let compression = try JPEGCompression(width: 32, height: 32)
    for level in [0, 1, 100, 128, 255] as [UInt8] {
      let flat = [UInt8](repeating: level, count: 32 * 32)
      let after = try compressed(compression, flat, 2)
      #expect(after.allSatisfy { abs(Int($0) - Int(level)) <= 2 }, "\(level)")
    }
  }
}
