import ArgumentParser
import FrameStream
import SystemIO

/// What becomes of outputs that an earlier run has made.
///
/// Only what is known to be whole counts. A stream says so in its end record. Beside any other file, a run with the option
/// leaves a mark with the file's size and time: a file that was changed since, that was cut off by a signal, or that a run
/// without the option has made, has none that fits.
package struct ExistingOutput: ParsableArguments, Sendable {
  @Flag(help: "Do nothing if the output files exist and are whole, without reading the input.")
  var skipExisting = false

  /// Outputs are made, whatever is there.
  package init() {}

  /// Checks that the outputs can be looked at before the work.
  package func validate(_ paths: [String]) throws {
    guard skipExisting else { return }
    guard !paths.isEmpty, !paths.contains(where: { Tool.isStandardOutput($0) || FilePath.isURL($0) }) else {
      throw ValidationError("--skip-existing needs files as outputs (--output).")
    }
  }

  /// Does the work that makes the outputs, unless the option is given and all of them are whole.
  package func unlessWhole(
    _ paths: [String], _ tool: Tool, _ work: () throws(Failure) -> Void
  ) throws(Failure) {
    guard skipExisting else { return try work() }
    if paths.allSatisfy({ ExistingOutput.isWhole($0) }) {
      let names = paths.joined(separator: ", ")
      tool.diagnostics.warn(
        "\(names): skipped, \(paths.count == 1 ? "exists and is" : "exist and are") whole")
      return
    }
    try work()
    guard tool.stop.signal == nil else { return }
    for path in paths { try ExistingOutput.mark(path) }
  }

  /// Whether an output was finished by the run that made it, and has not been changed since.
  static func isWhole(_ path: String) -> Bool {
    guard let status = FileStatus(path: path), status.isRegularFile else { return false }
    if let isWhole = isWholeStream(path) { return isWhole }
    guard let text = try? WholeFile.read(markPath(path), limit: 4096, only: .regular) else { return false }
    return String(decoding: text, as: UTF8.self) == contents(status)
  }

  /// Marks an output as whole; a stream needs no mark, and nothing but a regular file can have one.
  static func mark(_ path: String) throws(Failure) {
    guard let status = FileStatus(path: path), status.isRegularFile, isWholeStream(path) == nil else {
      return
    }
    let file = try FileReplacement(path: markPath(path), over: .regular, followsLinks: false)
    var text = contents(status)
    let failure = text.withUTF8 { bytes -> Failure? in
      do throws(Failure) { try file.descriptor.write(UnsafeRawBufferPointer(bytes)) } catch { return error }
      return nil
    }
    if let failure { throw failure.within(markPath(path)) }
    // The output is on the disk by now; a mark that is lost costs a second run.
    try file.commit(isDurable: false)
  }

  /// Whether a stream ends with an end record of status "ok"; nil if the file does not begin as a stream does, or can only
  /// be read from its beginning, as compressed data without a seek table.
  private static func isWholeStream(_ path: String) -> Bool? {
    guard let file = try? Descriptor.openForReading(path, only: .regular) else { return nil }
    defer { file.close() }
    let reader = StreamReader(file)
    guard let length = try? reader.seekableLength(), (try? reader.beginsStream(at: 0)) ?? false else {
      return nil
    }
    return (try? StreamEnding(reader, length: length))?.end.status == .ok
  }

  private static func markPath(_ path: String) -> String {
    let name = "." + FilePath.lastComponent(path) + ".whole"
    return FilePath.folder(of: path).map { FilePath.join($0, name) } ?? name
  }

  private static func contents(_ status: FileStatus) -> String {
    "\(status.byteCount) bytes, changed at \(status.modification)\n"
  }
}
