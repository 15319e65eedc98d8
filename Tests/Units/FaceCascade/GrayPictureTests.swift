import CascadePictures
import SeededNoise
import Testing

/// The gray picture that is searched, where frames have colors.
@Suite struct GrayPictureTests {
  private func gray(_ colors: [UInt8]) throws -> [UInt8] {
    try #require(try Picture(colors: colors, width: colors.count / 3, height: 1)).bytes
  }

  /// OpenCV 4.14's RGB2Gray: weights of 15 bits.
  @Test func weightsAreOpenCVs() throws {
    var noise = Noise(3)
    let colors = noise.bytes(3 * 20_000)
    let expected = stride(from: 0, to: colors.count, by: 3).map { place -> UInt8 in
      let (red, green, blue) = (Int(colors[place]), Int(colors[place + 1]), Int(colors[place + 2]))
      return UInt8((9798 * red + 19235 * green + 3735 * blue + 16384) >> 15)
    }
    #expect(try gray(colors) == expected)
  }

  /// What OpenCV 4.14 makes of colors that weights of 14 or 16 bits, or exact ones, would round otherwise.
  @Test func colorsOnTheEdge() throws {
    let colors: [UInt8] = [
      138, 167, 72, 48, 17, 212, 230, 156, 247, 125, 233, 161, 90, 215, 249, 34, 159, 0,
    ]
    #expect(try gray(colors) == [148, 48, 188, 193, 181, 104])
  }

  /// The weights add up to one.
  @Test func grayStaysGray() throws {
    #expect(try gray((0...255).flatMap { [$0, $0, $0] }) == Array(0...255))
  }
}
