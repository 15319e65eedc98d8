import FrameStream
import SystemIO
import TextTables

/// Where a frame is from, for people.
struct FrameOrigin {
  /// The file, without its folder; empty if nobody knows.
  let source: String
  /// Seconds; nil for a picture that is a file of its own.
  let time: Double?

  init(_ frame: Record, in header: StreamHeader) {
    source = (frame.source ?? header.source).map { FilePath.lastComponent($0) } ?? ""
    time = frame.source == nil ? header.timeBase.seconds(frame.presentationTime) : nil
  }

  /// `1:02.4 party.mp4`, or the picture's name.
  var text: String { [time.map(Self.clock), source].compactMap(\.self).joined(separator: " ") }

  /// `1:02.4`, or with hours `1:00:02.4`.
  private static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return "?" }
    let tenths = Int((abs(seconds) * 10).rounded(.down))
    let (hours, minutes, rest) = (tenths / 36000, tenths / 600 % 60, tenths % 600)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let sign = seconds < 0 && tenths > 0 ? "-" : ""
    let end = "\(two(rest / 10)).\(rest % 10)"
    return sign + (hours > 0 ? "\(hours):\(two(minutes)):\(end)" : "\(minutes):\(end)")
  }
}
