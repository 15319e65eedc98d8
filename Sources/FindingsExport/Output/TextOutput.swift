import SystemIO

/// Text on its way to a file: gathered, and written in large pieces.
package final class TextOutput {
  private let descriptor: Descriptor
  private var bytes: [UInt8] = []
  private static let piece = 1 << 16

  /// - Parameter descriptor: where it goes; its owner closes it.
  package init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    bytes.reserveCapacity(Self.piece + 4096)
  }

  /// Adds text.
  /// - Throws: ``Failure`` if it cannot be written.
  func write(_ text: String) throws(Failure) {
    bytes.append(contentsOf: text.utf8)
    if bytes.count >= Self.piece { try flush() }
  }

  /// Adds bytes.
  /// - Throws: as ``write(_:)-(String)``.
  func write(_ more: [UInt8]) throws(Failure) {
    bytes.append(contentsOf: more)
    if bytes.count >= Self.piece { try flush() }
  }

  /// Writes what was gathered.
  /// - Throws: as ``write(_:)-(String)``.
  package func flush() throws(Failure) {
    try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try descriptor.write(bytes) }
    bytes.removeAll(keepingCapacity: true)
  }
}
