import SystemIO

/// Several texts that grow side by side, each of any length, kept in a temporary file that has no name, so that memory
/// holds only their ends.
final class Spool {
  private struct Text {
    var tail: [UInt8] = []
    /// Where its pieces are in the file.
    var pieces: [(start: Int, length: Int32)] = []
  }

  private var texts: [Text] = []
  private var file: TemporaryFile?
  private var length = 0
  /// Bytes of one text that are kept in memory: ten thousand people are ten megabytes.
  private static let piece = 1024

  deinit { file?.close() }

  /// How many texts there are.
  var count: Int { texts.count }

  /// Adds to a text by its number; new ones begin empty.
  /// - Throws: ``Failure`` (`inputOutput`) if there is no room for the file.
  func append(_ text: String, to index: Int) throws(Failure) {
    while texts.count <= index { texts.append(Text()) }
    texts[index].tail.append(contentsOf: text.utf8)
    guard texts[index].tail.count >= Self.piece else { return }
    if file == nil { file = try TemporaryFile() }
    guard let file else { return }
    let tail = texts[index].tail
    do throws(Failure) {
      try tail.withUnsafeBytesThrowing { (bytes) throws(Failure) in try file.descriptor.write(bytes) }
    } catch { throw error.within("temporary file") }
    texts[index].pieces.append((length, Int32(tail.count)))
    length += tail.count
    texts[index].tail.removeAll(keepingCapacity: true)
  }

  /// Copies a text to an output.
  /// - Throws: ``Failure`` if either cannot be used.
  func copy(_ index: Int, to output: TextOutput) throws(Failure) {
    guard texts.indices.contains(index) else { return }
    for piece in texts[index].pieces {
      guard let file else { return }
      try output.write(try file.bytes(at: piece.start, count: Int(piece.length)))
    }
    try output.write(texts[index].tail)
  }
}
