import SystemIO

/// Text on its way to a file: gathered, and written in large pieces.
package final class TextOutput {
  private let descriptor: Descriptor
  private var bytes: [UInt8] = []
  private static let piece = 1 << 16

  private let name: String
  /// Whether control characters would be obeyed there.
  private let isTerminal: Bool

  /// - Parameters:
  ///   - descriptor: where it goes; its owner closes it.
  ///   - name: what it is called in messages.
  package init(_ descriptor: Descriptor, name: String) {
    self.descriptor = descriptor
    self.name = name
    isTerminal = descriptor.isTerminal
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
    if isTerminal { bytes = Array(Self.cleaned(bytes).utf8) }
    do throws(Failure) {
      try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try descriptor.write(bytes) }
    } catch { throw error.within(name) }
    bytes.removeAll(keepingCapacity: true)
  }

  /// The text with spaces for the characters that a terminal obeys, but for line ends and tabs.
  private static func cleaned(_ bytes: [UInt8]) -> String {
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      result.append(scalar.controlsTerminals && scalar != "\n" && scalar != "\t" ? " " : scalar)
    }
    return String(result)
  }
}
