import SystemIO

extension Rational: JSONWritable {
  /// Reads `[numerator,denominator]`, both within 32 bits as FFmpeg's are; nil if there is nothing.
  /// - Throws: `Failure` (`badInput`) naming `name`, the key.
  init?(json: JSONValue?, _ name: String) throws(Failure) {
    guard let json, !json.isNull else { return nil }
    guard let parts = json.array, parts.count == 2, let numerator = parts[0].int,
      let denominator = parts[1].int,
      numerator >= 0, denominator > 0, numerator <= Int32.max, denominator <= Int32.max
    else {
      throw StreamHeader.fail("\"\(name)\" is not [numerator,denominator] with a positive denominator")
    }
    self.init(numerator, denominator)
  }

  /// Writes `[numerator,denominator]`.
  public func writeJSON(to writer: inout JSONWriter) {
    writer.array {
      $0.value(numerator)
      $0.value(denominator)
    }
  }
}
