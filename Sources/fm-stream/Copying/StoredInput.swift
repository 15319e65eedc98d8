import FilterTool
import FrameStream
import SystemIO

/// A stream that is opened by its name, which may be read more than once if it is a file.
struct StoredInput {
  /// The file's name, or "standard input".
  let name: String
  /// Where it is read.
  let descriptor: Descriptor
  private let stop: Descriptor
  private let isOwned: Bool
  /// Where a file is read first.
  private let start: Int?

  /// Opens a stream; `-` is standard input.
  /// - Parameter mayBeReplaced: whether the output may have the same name.
  /// - Throws: `Failure`: `inputOutput` for a file that cannot be opened, `usage` for a terminal, or for a file that is an
  ///   output, too.
  init(_ path: String, _ tool: Tool, mayBeReplaced: Bool = false) throws(Failure) {
    isOwned = path != "-"
    stop = tool.stop.descriptor
    guard isOwned else {
      guard !Descriptor.standardInput.isTerminal else {
        throw Failure(
          .usage, step: "nothing to read", cause: "standard input is a terminal; see \(tool.name) --help")
      }
      (name, descriptor) = ("standard input", .standardInput)
      start = descriptor.isRegularFile ? descriptor.position : nil
      return
    }
    name = path
    let file = FilePath.ofFileURL(path) ?? path
    if !mayBeReplaced { try tool.places.claim(input: file) }
    descriptor = try .openForReading(file, unless: stop)
    start = descriptor.isRegularFile ? 0 : nil
  }

  /// A reader at the beginning of a file, or at the present place of a pipe.
  func makeReader() -> StreamReader { StreamReader(descriptor, stop: stop) }

  /// Makes what follows begin at the beginning again, if it is a file.
  func rewind() throws(Failure) {
    if let start { try descriptor.seek(to: start) }
  }

  /// Ends reading.
  func close() { if isOwned { descriptor.close() } }
}
