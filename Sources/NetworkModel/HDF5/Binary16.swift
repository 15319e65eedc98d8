/// IEEE 754 binary16 by hand: not every platform has the type.
package enum Binary16 {
  /// The number that 16 bits encode.
  static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let rest = UInt32(bits & 0x7FFF)
    let magnitude: Float
    if rest < 0x400 {
      magnitude = Float(rest) * 0x1p-24
    } else if rest < 0x7C00 {
      // The exponent is biased by 127 instead of 15, the mantissa has 13 bits more.
      magnitude = Float(bitPattern: rest << 13 + (127 - 15) << 23)
    } else {
      magnitude = rest == 0x7C00 ? .infinity : .nan
    }
    return Float(bitPattern: magnitude.bitPattern | sign)
  }

  /// The nearest number of 16 bits, of two equally near the even one; infinity from 65520 on.
  static func bits(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.magnitude
    if magnitude.isNaN { return sign | 0x7E00 }
    if magnitude >= 65520 { return sign | 0x7C00 }
    if magnitude < 0x1p-14 {
      // Whole steps of 2^-24; 1024 of them are the smallest normal number, in bits too.
      return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
    }
    let rebiased = magnitude.bitPattern - (127 - 15) << 23
    // A carry out of the mantissa makes the exponent one more, as it should.
    return sign | UInt16((rebiased + 0xFFF + (rebiased >> 13 & 1)) >> 13)
  }

  /// Values as numbers of 16 bits; nil if one of them is not such a number.
  package static func exactly(_ values: [Float]) -> [UInt16]? {
    var result: [UInt16] = []
    result.reserveCapacity(values.count)
    for value in values {
      let bits = bits(value)
      guard float(bits) == value || value.isNaN else { return nil }
      result.append(bits)
    }
    return result
  }
}
