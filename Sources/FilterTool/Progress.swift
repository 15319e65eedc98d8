import SystemIO
import TextTables

/// The line on the terminal that says how far the work is: frames, frames a second, time to go.
///
/// It is shown only if standard error is a terminal and this tool is the last of its pipe: five tools writing
/// one line would show nothing.
package struct Progress {
  private let diagnostics: Diagnostics
  private let isShown: Bool
  private let start = MonotonicClock.seconds()
  private var nextUpdate: Double

  /// - Parameter output: where the tool's data goes; nil if it goes to a file of its own.
  package init(_ diagnostics: Diagnostics, output: Descriptor?) {
    self.diagnostics = diagnostics
    let feedsPipe = output?.isPipe ?? false
    isShown = diagnostics.level >= .normal && Descriptor.standardError.isTerminal && !feedsPipe
    nextUpdate = start + 0.5
  }

  /// Shows that `frames` of `total` (if known) are done.
  package mutating func update(frames: Int, of total: Int?) {
    let start = start
    update { Progress.text(frames: frames, of: total, seconds: MonotonicClock.seconds() - start) }
  }

  /// Shows what `text` says, if the line is due to change.
  package mutating func update(_ text: () -> String) {
    guard isShown else { return }
    let now = MonotonicClock.seconds()
    guard now >= nextUpdate else { return }
    nextUpdate = now + 0.25
    diagnostics.showProgress(text())
  }

  /// Seconds as 12:05, or 3:12:05 from an hour on.
  package static func clock(_ seconds: Double) -> String {
    let left = Int(min(max(seconds, 0), 1e9).rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if left < 3600 { return "\(left / 60):\(two(left % 60))" }
    return "\(left / 3600):\(two(left / 60 % 60)):\(two(left % 60))"
  }

  static func text(frames: Int, of total: Int?, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(frames) / seconds : 0
    let shownRate = DecimalText.value(rate, rate < 10 ? 1 : 0)
    let number = shownRate < 10 ? "\(shownRate)" : "\(Int(shownRate))"
    guard let total, total >= frames, rate > 0, Double(total - frames) / rate < 1e7 else {
      return "\(frames) frames, \(number) fps"
    }
    return "\(frames) of \(total) frames, \(number) fps, \(clock(Double(total - frames) / rate)) to go"
  }
}
