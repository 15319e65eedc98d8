import CLayers
import CProcessor
import SeededNoise
import Testing

/// Dropout of every level against its definition, number by number.
@Suite struct DropoutTests {
  static let levels = (0...cp_best_level().rawValue).map { cp_level(rawValue: $0) }
  static let counts = [1, 3, 4, 31, 32, 33, 100, 1000]

  /// SplitMix64's number at a place of its sequence.
  static func number(_ key: UInt64, _ index: Int) -> UInt64 {
    var noise = Noise(key &+ UInt64(bitPattern: Int64(index - 1)) &* 0x9E37_79B9_7F4A_7C15)
    return noise.next()
  }

  static func factor(_ mask: cd_mask, _ place: Int) -> Float {
    let part = number(mask.key, place / 4) >> (UInt64(place % 4) * 16) & 0xFFFF
    return part >= UInt64(mask.threshold) ? mask.scale : 0
  }

  @Test(arguments: counts, [0, 19_661, 65_536] as [UInt32]) func floats(count: Int, threshold: UInt32) {
    for level in Self.levels { floats(level, count, threshold) }
  }

  private func floats(_ level: cp_level, _ count: Int, _ threshold: UInt32) {
    var mask = cd_mask(key: 77, threshold: threshold, scale: 1.5)
    var noise = Noise(1)
    let values = noise.values(count)
    var dropped = [Float](repeating: .nan, count: count)
    let middle = count / 2 / 4 * 4
    cd_drop_floats(level, &mask, values, &dropped, 0, middle)
    cd_drop_floats(level, &mask, values, &dropped, middle, count)
    #expect(dropped == values.indices.map { values[$0] * Self.factor(mask, $0) })
    var passed = [Float](repeating: .nan, count: count)
    cd_pass_floats(level, 2, dropped, values, &passed, 0, count)
    #expect(passed == values.indices.map { dropped[$0] > 0 ? values[$0] * 2 : 0 })
  }

  /// To the nearest bfloat16, to even where two are as near.
  static func rounded(_ value: Float) -> UInt16 {
    let (low, high) = (value.bitPattern & 0xFFFF, UInt16(value.bitPattern >> 16))
    if low > 0x8000 || (low == 0x8000 && high & 1 == 1) { return high + 1 }
    return high
  }

  @Test(arguments: levels, counts) func bfloats(level: cp_level, count: Int) {
    var mask = cd_mask(key: 78, threshold: 30_000, scale: 1.7)
    var noise = Noise(2)
    let values = noise.values(count).map { UInt16($0.bitPattern >> 16) }
    func wide(_ value: UInt16) -> Float { Float(bitPattern: UInt32(value) << 16) }
    var dropped = [UInt16](repeating: 0, count: count)
    cd_drop_bfloats(level, &mask, values, &dropped, 0, count)
    #expect(dropped == values.indices.map { Self.rounded(wide(values[$0]) * Self.factor(mask, $0)) })
    var passed = [UInt16](repeating: 0, count: count)
    cd_pass_bfloats(level, 1.7, dropped, values, &passed, 0, count)
    #expect(
      passed
        == values.indices.map { wide(dropped[$0]) > 0 ? Self.rounded(wide(values[$0]) * 1.7) : 0 })
  }

  @Test(arguments: levels) func notANumberStaysNotANumber(level: cp_level) {
    var mask = cd_mask(key: 1, threshold: 0, scale: 1)
    let values: [UInt16] = [0x7FC0, 0xFF81, 0x7F80]
    var dropped = [UInt16](repeating: 0, count: 3)
    cd_drop_bfloats(level, &mask, values, &dropped, 0, 3)
    #expect(dropped == [0x7FC0, 0xFFC1, 0x7F80])
  }
}
