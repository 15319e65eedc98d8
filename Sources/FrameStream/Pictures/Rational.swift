/// A fraction as containers give it: a time base in seconds, a frame rate, an aspect ratio.
public struct Rational: Sendable, Hashable {
  /// The number above the line.
  public var numerator: Int
  /// The number below the line: positive in a valid fraction; 0/1 and 0/0 mean "unknown" where a container says so.
  public var denominator: Int

  /// The fraction `numerator`/`denominator`, as it is: not reduced.
  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The fraction's value; NaN for 0/0.
  public var value: Double { Double(numerator) / Double(denominator) }
}

/// A time base: the fraction is the length of one tick in seconds.
extension Rational {
  /// The seconds in `ticks` units of this time base.
  public func seconds(_ ticks: Int) -> Double {
    Double(ticks) * Double(numerator) / Double(denominator)
  }

  /// The tick of this time base that is nearest to a time in seconds; nil beyond ±9·10¹⁵ ticks, where a double no
  /// longer represents every tick.
  public func ticks(_ seconds: Double) -> Int? {
    let ticks = (seconds / value).rounded()
    return ticks.magnitude < 9e15 ? Int(ticks) : nil
  }
}
