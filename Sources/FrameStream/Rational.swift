/// A fraction as containers give it: a time base in seconds, a frame rate, an aspect ratio.
public struct Rational: Sendable, Hashable {
  public var numerator: Int
  /// Positive in a valid fraction; 0/1 and 0/0 stand for "not known" where a container says so.
  public var denominator: Int

  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The fraction's value; NaN for 0/0.
  public var value: Double { Double(numerator) / Double(denominator) }
}
