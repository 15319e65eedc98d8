import SystemIO

/// A size limit as given on a command line: in pixels ("40"), or relative to the picture's height ("12.5%").
package enum ObjectExtent: Sendable, Equatable {
  /// A side in pixels.
  case pixels(Int)
  /// A percentage of the picture's height, 0 to 100.
  case percent(Double)

  /// Parses a limit.
  ///
  /// - Throws: ``Failure`` `.usage` if the text is neither a whole number from 0 on nor a percentage.
  package init(parsing text: String) throws(Failure) {
    if text.hasSuffix("%"), let value = Double(text.dropLast()), value >= 0, value <= 100 {
      self = .percent(value)
    } else if let value = Int(text), value >= 0, value <= 1 << 20 {
      self = .pixels(value)
    } else {
      throw Failure(
        .usage, step: "size", subject: text,
        cause: "not a number of pixels or a percentage of the picture's height")
    }
  }

  /// The side of a square object in pixels, in a picture of this height in pixels; 0 means no limit.
  package func side(pictureHeight: Int) -> Int {
    switch self {
    case .pixels(let side): side
    // At least 1: 0 would be no limit.
    case .percent(let percent): percent > 0 ? max(1, rounded(Double(pictureHeight) * percent / 100)) : 0
    }
  }
}
