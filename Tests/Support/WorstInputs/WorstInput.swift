import Glibc

/// An input made to cost its reader as much as it can for its size, valid or not.
public struct WorstInput: Sendable {
  /// What reads it, and what is in it.
  public let name: String
  /// Makes an input of about as many bytes.
  public let make: @Sendable (_ byteCount: Int) -> [UInt8]
  /// Reads it; that it is refused is as good as that it is not.
  public let read: @Sendable ([UInt8]) -> Void

  /// All that there are, reader by reader.
  public static let all = cascades + models + onnx + streams + tables

  /// The shortest of a few measurements of the reading of one input, in seconds of this thread's processor time.
  public func seconds(byteCount: Int, repetitions: Int = 3) -> Double {
    let bytes = make(byteCount)
    return (0..<repetitions).map { _ in
      let start = Self.processorTime()
      read(bytes)
      return Self.processorTime() - start
    }.min() ?? 0
  }

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// A text of parts that differ by their number, as many as go into `byteCount` bytes.
  static func repeated(_ byteCount: Int, _ part: (Int) -> String) -> String {
    var text = ""
    text.reserveCapacity(byteCount + 64)
    var number = 0
    while text.utf8.count < byteCount {
      text += part(number)
      number += 1
    }
    return text
  }

  static func bytes(_ before: String, _ byteCount: Int, _ after: String, _ part: (Int) -> String) -> [UInt8] {
    Array((before + repeated(max(byteCount - before.utf8.count - after.utf8.count, 0), part) + after).utf8)
  }
}
