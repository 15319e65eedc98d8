import Glibc
import SystemIO

/// Writes records to a file descriptor, each with one or a few system calls.
public final class StreamWriter {
  private let descriptor: Descriptor
  private var vectors: [iovec] = []
  private let newline = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)

  /// - Parameter descriptor: where to write; its owner closes it.
  public init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    newline.initialize(to: UInt8(ascii: "\n"))
  }

  deinit {
    newline.deallocate()
  }

  /// Writes a record: its line, and its payload if it has one.
  /// - Throws: `Failure`: `brokenPipe` if the reader has gone, otherwise `inputOutput`; `failed` for a line over the
  ///   limit.
  public func write(_ record: Record) throws(Failure) {
    if record.kind == .stream { descriptor.makeRoom(for: record.line) }
    try write(record.line) { vectors in
      guard record.payloadCount > 0 else { return }
      vectors.append(iovec(iov_base: record.payload.base, iov_len: record.payloadCount))
      vectors.append(iovec(iov_base: newline, iov_len: 1))
    }
  }

  /// Writes a stream record, and sizes a pipe for its stream.
  /// - Throws: as ``write(_:)-(Record)``.
  public func write(streamRecord line: RecordLine) throws(Failure) {
    descriptor.makeRoom(for: line)
    try write(line) { _ in }
  }

  /// Writes a record whose payload is in planes elsewhere in memory, whose rows may have padding.
  /// - Parameters:
  ///   - line: its `bytes` must be the sum of the planes' widths times heights.
  ///   - planes: the planes in their order, each a row of bytes after the other.
  /// - Throws: as ``write(_:)-(Record)``.
  public func write(_ line: RecordLine, planes: [PlaneView]) throws(Failure) {
    try write(line) { vectors in
      for plane in planes {
        let base = UnsafeMutablePointer(mutating: plane.base)
        if plane.stride == plane.width || plane.height == 1 {
          vectors.append(iovec(iov_base: base, iov_len: plane.width * plane.height))
        } else {
          for row in 0..<plane.height {
            vectors.append(iovec(iov_base: base + row * plane.stride, iov_len: plane.width))
          }
        }
      }
      vectors.append(iovec(iov_base: newline, iov_len: 1))
    }
  }

  /// Writes a record whose payload is elsewhere in memory.
  /// - Parameters:
  ///   - line: its `bytes` must be the payload's length.
  ///   - payload: the bytes that follow the line.
  /// - Throws: as ``write(_:)-(Record)``.
  public func write(_ line: RecordLine, payload: UnsafeRawBufferPointer) throws(Failure) {
    try write(line) { vectors in
      guard !payload.isEmpty else { return }
      vectors.append(
        iovec(iov_base: UnsafeMutableRawPointer(mutating: payload.baseAddress), iov_len: payload.count))
      vectors.append(iovec(iov_base: newline, iov_len: 1))
    }
  }

  /// Writes a record without a payload.
  /// - Throws: as ``write(_:)-(Record)``.
  public func write(_ line: RecordLine) throws(Failure) {
    try write(line) { _ in }
  }

  /// The failure of a line that the format does not allow.
  package static func overlong(_ line: RecordLine) -> Failure {
    Failure(
      .failed, step: "writing",
      cause: "a record's line would be \(line.bytes.count) bytes, more than the format's "
        + "limit of \(StreamLimits.line)")
  }

  private func write(_ line: RecordLine, _ appendPayload: (inout [iovec]) -> Void) throws(Failure) {
    guard line.bytes.count <= StreamLimits.line else { throw StreamWriter.overlong(line) }
    vectors.removeAll(keepingCapacity: true)
    let failure = line.bytes.withUnsafeBytes { bytes -> Failure? in
      vectors.append(
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
      vectors.append(iovec(iov_base: newline, iov_len: 1))
      appendPayload(&vectors)
      return vectors.withUnsafeMutableBufferPointer { buffer -> Failure? in
        do throws(Failure) { try descriptor.write(buffer) } catch { return error }
        return nil
      }
    }
    if let failure { throw failure }
  }
}
