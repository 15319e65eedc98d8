import FrameStream
import SystemIO

extension RecordLine {
  /// A line as a reader would have it.
  init(_ text: String) throws {
    self.init()
    var line = RecordLine()
    let failure = Array(text.utf8).withUnsafeBufferPointer { bytes -> Failure? in
      do throws(Failure) { try line.assign(bytes) } catch { return error }
      return nil
    }
    if let failure { throw failure }
    self = line
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Record {
  /// A record without payload as a reader would have it.
  convenience init(_ text: String) throws {
    self.init()
    line = try RecordLine(text)
    try interpret()
  }
}
