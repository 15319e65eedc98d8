import FrameStream
import Glibc
import PictureData
import SystemIO

/// A file of trial records that several processes append to, on one machine or on several that share it.
///
/// A record is one write at the end of the file (O_APPEND), under a lock where the file system has locks. Lines that
/// are not whole records are skipped: a killed process leaves such.
package struct TrialRecords: Sendable {
  /// The file's name.
  package let path: String
  private static let limit = 1 << 30

  /// Touches no file yet.
  package init(path: String) { self.path = path }

  /// All records so far, in order; none if there is no file yet.
  package func read() throws(Failure) -> [TrialRecord] {
    guard FilePath.exists(path) else { return [] }
    let bytes = try WholeFile.read(path, limit: Self.limit, only: .regular)
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard line.count < 1 << 20, let text = try? JSONText(parsing: Array(line)),
        let json = try? JSONValue(text)
      else { return nil }
      return TrialRecord(json)
    }
  }

  /// Appends a record.
  /// - Parameter body: Done while no other process appends, before the record is in the file: what the record says
  ///   of is there, whenever a process is killed.
  package func append(
    _ record: TrialRecord, after body: () throws(Failure) -> Void = { () throws(Failure) in }
  ) throws(Failure) {
    let file = try Descriptor.openForAppending(path)
    let number = file.number
    // Closing the file gives the lock up.
    defer { file.close() }
    _ = retryingOnInterrupt { flock(number, LOCK_EX) }
    try body()
    let line = Array((endsWithin(number) ? "\n" + record.line : record.line).utf8)
    do throws(Failure) {
      try line.withUnsafeBytesThrowing { (bytes) throws(Failure) in try file.write(bytes) }
    } catch {
      throw error.within(path)
    }
    fsync(number)
  }

  /// True if the last line has no end: a process was killed while it wrote.
  private func endsWithin(_ number: Int32) -> Bool {
    var status = stat()
    guard fstat(number, &status) == 0, status.st_size > 0 else { return false }
    var last: UInt8 = 0
    return pread(number, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
  }
}
