import CFFmpeg
import Synchronization

/// libav's messages about one input or output, kept until its owner asks on its own thread.
///
/// libav writes to standard error otherwise, from any of its threads.
final class MediaLog: Sendable {
  private struct Lines {
    var errors: [String] = []
    var details: [String] = []
    var errorCount = 0
    var lostPartCount = 0
  }

  private static let registry = Mutex<[Int: Weak]>([:])
  private static let counter = Atomic<Int>(0)
  private struct Weak { weak var log: MediaLog? }
  private static let installed: Void = fm_log_install { owner, level, text in
    guard let text else { return }
    let line = String(cString: text)
    MediaLog.owner(owner)?.add(line, isError: level <= AV_LOG_ERROR)
  }

  /// Goes into the `opaque` fields of the contexts whose lines are meant for this log; never a real address.
  var mark: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: number) }
  private let number: Int
  private let lines = Mutex(Lines())

  init() {
    _ = MediaLog.installed
    let number = MediaLog.counter.add(1, ordering: .relaxed).newValue
    self.number = number
    MediaLog.registry.withLock { $0[number] = Weak(log: self) }
  }

  deinit {
    let number = self.number
    MediaLog.registry.withLock { _ = $0.removeValue(forKey: number) }
  }

  /// The log a line belongs to. Lines without an owner (swscale, contexts that libav makes for itself) go to
  /// the only log there is, or nowhere.
  private static func owner(_ mark: UnsafeMutableRawPointer?) -> MediaLog? {
    registry.withLock { logs in
      if let mark { return logs[Int(bitPattern: mark)]?.log }
      return logs.count == 1 ? logs.values.first?.log : nil
    }
  }

  /// How the readers of HLS and DASH report, in their log only, a part that they skip.
  private static let lostParts = ["Failed to open segment ", "Failed to open fragment of playlist"]

  private func add(_ text: String, isError: Bool) {
    var line = text[...]
    while let last = line.last, last.isWhitespace { line.removeLast() }
    // Read by `webpOrientation` instead; and the end of an HTTP answer of unknown length, which is not an error.
    guard !line.isEmpty, line != "webp: invalid TIFF header in Exif data",
      !line.hasSuffix("should be \(UInt64.max)")
    else { return }
    lines.withLock {
      if MediaLog.lostParts.contains(where: line.contains) { $0.lostPartCount += 1 }
      if isError { $0.errorCount += 1 }
      // Damage repeats itself a thousand times per packet; the first lines say what it is.
      if isError, $0.errors.count < 8 { $0.errors.append(String(line)) }
      if !isError, $0.details.count < 8 { $0.details.append(String(line)) }
    }
  }

  /// The first error since the last call, with the number of others; nil if there was none.
  func takeErrors() -> String? {
    lines.withLock { lines in
      defer {
        lines.errors.removeAll()
        lines.errorCount = 0
      }
      guard let first = lines.errors.first else { return nil }
      return lines.errorCount == 1 ? first : "\(first) (and \(lines.errorCount - 1) more)"
    }
  }

  /// How many parts of a playlist could not be read since the last call.
  func takeLostPartCount() -> Int {
    lines.withLock { lines in
      defer { lines.lostPartCount = 0 }
      return lines.lostPartCount
    }
  }

  /// Warnings since the last call.
  func takeDetails() -> [String] {
    lines.withLock { lines in
      defer { lines.details.removeAll() }
      return lines.details
    }
  }
}

/// libav's own words for an error code.
func errorText(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  av_strerror(code, &buffer, buffer.count)
  let length = buffer.firstIndex(of: 0) ?? buffer.count
  return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
