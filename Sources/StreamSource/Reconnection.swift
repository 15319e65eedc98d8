import FrameMedia
import SystemIO

/// Opens an input again that could not be opened, or was lost.
package struct Reconnection {
  private let tool: SourceContext
  /// The number of attempts in a row.
  let attempts: Int
  /// Seconds after which nothing more is wanted; nil for all there is.
  let duration: Double?
  /// Attempts since the input last gave a picture.
  private(set) var tried = 0
  private let opening: (Resumption?) throws(Failure) -> MediaInput

  /// - Parameters:
  ///   - attempts: how often in a row to try; 0 for never.
  ///   - duration: seconds after which nothing more is wanted; nil for all there is.
  ///   - opening: opens the input, the first time without a ``Resumption``.
  package init(
    tool: SourceContext, attempts: Int, duration: Double?,
    opening: @escaping (Resumption?) throws(Failure) -> MediaInput
  ) {
    self.tool = tool
    self.attempts = attempts
    self.duration = duration
    self.opening = opening
  }

  /// The input gave pictures: attempts are counted from 0 again.
  mutating func restart() { tried = 0 }

  /// Opens the input for the first time.
  mutating func open() throws(Failure) -> MediaInput {
    do throws(Failure) { return try opening(nil) } catch {
      guard attempts > 0, error.kind != .usage, !tool.isStopped,
        let input = try reopen(after: error, nil)
      else { throw error }
      return input
    }
  }

  /// Opens it again after a pause of one second, which doubles from one time to the next up to half a minute. An input
  /// that opens and gives nothing counts as one that does not open.
  /// - Returns: nil if the wanted part of a live input has passed meanwhile.
  /// - Throws: the last ``Failure`` when all attempts are used up, or a signal has come.
  mutating func reopen(
    after failure: Failure, _ resumption: Resumption?
  ) throws(Failure) -> MediaInput? {
    var failure = failure
    while tried < attempts, !tool.isStopped {
      let pause = min(30, Double(1 << min(tried, 5)))
      tried += 1
      tool.warn("\(failure.description); attempt \(tried) of \(attempts) to open it again")
      if tool.stop.isReadable(within: pause) { break }
      if let end = resumption?.end, MonotonicClock.seconds() >= end { return nil }
      do throws(Failure) { return try opening(resumption) } catch {
        guard error.kind != .usage else { throw error }
        failure = error
      }
    }
    throw failure
  }
}
