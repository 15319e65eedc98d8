import Glibc
import TextTables

/// One axis of a chart: its ends and where its ticks are, at round numbers.
struct Axis {
  enum Format {
    case number
    case percent
  }

  let lower: Double
  let upper: Double
  private var isLogarithmic = false
  let ticks: [Double]
  private let decimals: Int
  private let format: Format

  /// - Parameters:
  ///   - values: what must be on the axis; NaN and infinities are ignored.
  ///   - wanted: about how many ticks there is room for.
  ///   - isWhole: ticks at whole numbers only.
  ///   - isTight: the axis ends at the values; otherwise at the ticks around them.
  init(
    covering values: some Sequence<Double>, wanted: Int = 6, isWhole: Bool = false, isTight: Bool = false,
    format: Format = .number
  ) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite {
      // Beyond these differences would overflow.
      let value = min(max(value, -1e12), 1e12)
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    if high - low < max(abs(high), abs(low)) * 1e-9 || high == low {
      let room = isWhole ? 1 : max(abs(high) * 0.1, format == .percent ? 0.01 : 1e-6)
      // Nothing that is counted or measured here goes below 0 by itself.
      (low, high) = (isWhole || low == 0 ? low : low > 0 ? max(0, low - room) : low - room, high + room)
    }
    var step = Self.roundStep((high - low) / Double(max(wanted, 1)))
    if isWhole { step = max(1, step == 2.5 ? 5 : step) }
    if !isTight {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    // Differences far below the step vanish in the rounding above.
    if low >= high || high - low < step * 1e-9 { high = low + step }
    var ticks: [Double] = []
    var index = (low / step - 1e-9).rounded(.up)
    while index * step <= high + step * 1e-9, ticks.count < 100 {
      ticks.append(index * step)
      index += 1
    }
    lower = low
    upper = high
    self.ticks = ticks
    self.format = format
    let shown = format == .percent ? step * 100 : step
    decimals = isWhole ? 0 : min(max(0, Self.decimals(of: shown)), 9)
  }

  /// A logarithmic axis over positive whole numbers, its ticks at some of themselves: the rungs of a search.
  /// - Parameter rungs: at least two different numbers from 1, ascending.
  init(rungs: [Double]) {
    precondition(rungs.count > 1 && rungs[0] >= 1)
    lower = rungs[0]
    upper = rungs[rungs.count - 1]
    ticks = rungs
    decimals = 0
    format = .number
    isLogarithmic = true
  }

  /// The least of 1, 2, 2.5 and 5 times a power of ten that is not less.
  static func roundStep(_ step: Double) -> Double {
    guard step > 0, step.isFinite else { return 1 }
    let power = pow(10, floor(log10(step)))
    for factor in [1, 2, 2.5, 5] where factor * power >= step * (1 - 1e-9) { return factor * power }
    return 10 * power
  }

  /// How many decimals show a round step exactly.
  private static func decimals(of step: Double) -> Int {
    var decimals = 0
    var value = step
    while decimals < 9, abs(value - value.rounded()) > 1e-6 * max(value, 1e-6) {
      value *= 10
      decimals += 1
    }
    return decimals
  }

  func label(_ tick: Double) -> String {
    switch format {
    case .number:
      abs(tick) >= 1e6 ? "\(Float(tick))" : DecimalText.fixed(tick, decimals).replacingMinus
    case .percent: DecimalText.percent(tick, decimals).replacingMinus
    }
  }

  /// Where on the axis a value lies, 0 to 1 from end to end; beyond the ends for values beyond them.
  func place(_ value: Double) -> Double {
    isLogarithmic
      ? log(max(value, lower / 100) / lower) / log(upper / lower) : (value - lower) / (upper - lower)
  }
}

extension String {
  /// With a true minus sign.
  fileprivate var replacingMinus: String { hasPrefix("-") ? "−" + dropFirst() : self }
}
