import FrameMedia
import SystemIO

/// Writes the streams of several sources one after the other.
package struct SourceSequence {
  /// The result of reading the sources.
  package struct Outcome {
    fileprivate var sourceCount = 0
    fileprivate var unreadablePictures = 0
    fileprivate var unopened: [Failure] = []

    /// Whether at least one source was opened.
    package var hasStreams: Bool { unopened.count < sourceCount }

    /// Why the work is not whole although it was finished; nil if it is.
    package var failure: Failure? {
      if let first = unopened.first {
        var failure = Failure(
          first.kind, step: "inputs that could not be opened", cause: "\(unopened.count) of \(sourceCount)")
        failure.isTemporary = unopened.allSatisfy(\.isTemporary)
        return failure
      }
      guard unreadablePictures > 0 else { return nil }
      return Failure(.badInput, step: "pictures that could not be read", cause: "\(unreadablePictures)")
    }
  }

  private let tool: SourceContext
  private let writer: FrameWriter
  private let isStrict: Bool
  private let duration: Double?
  private let attempts: (_ name: String) -> Int
  private let open: (_ name: String, Resumption?) throws(Failure) -> MediaInput

  /// - Parameters:
  ///   - isStrict: whether the first source that cannot be opened ends the work.
  ///   - duration: seconds of each source that are wanted; nil for all.
  ///   - attempts: how often to open a source again when it is lost.
  ///   - open: opens an input by its name.
  package init(
    _ tool: SourceContext, _ writer: FrameWriter, isStrict: Bool, duration: Double?,
    attempts: @escaping (_ name: String) -> Int,
    open: @escaping (_ name: String, Resumption?) throws(Failure) -> MediaInput
  ) {
    self.tool = tool
    self.writer = writer
    self.isStrict = isStrict
    self.duration = duration
    self.attempts = attempts
    self.open = open
  }

  /// Writes the sources until a signal comes.
  /// - Throws: ``Failure`` that ends the work: any of the only source, of several those that are not about one of them.
  package func write(_ sources: [PictureFolder.Source]) throws(Failure) -> Outcome {
    var outcome = Outcome(sourceCount: sources.count)
    for source in sources where !tool.isStopped {
      switch source {
      case .media(let name):
        if let failure = try write(name, isOnly: sources.count == 1) { outcome.unopened.append(failure) }
      case .pictures(let files, let name):
        guard !files.isEmpty else {
          throw Failure(
            .badInput, step: "nothing to read", subject: name, cause: "there are no pictures in it")
        }
        outcome.unreadablePictures += try writer.writePictures(files, named: name, isStrict: isStrict) {
          (path) throws(Failure) in
          try open(path, nil)
        }
      }
    }
    return outcome
  }

  /// Writes the stream of one input; returns why it could not be opened, if the others are to be read all the same.
  private func write(_ name: String, isOnly: Bool) throws(Failure) -> Failure? {
    var reconnection = Reconnection(tool: tool, attempts: attempts(name), duration: duration) {
      (resumption) throws(Failure) in
      try open(name, resumption)
    }
    let input: MediaInput
    do throws(Failure) {
      input = try reconnection.open()
    } catch {
      let continues = !isOnly && !isStrict && error.kind != .usage
      writer.writeFailedStream(named: name, error, isFollowed: continues)
      guard continues, error.kind != .brokenPipe, !tool.isStopped else { throw error }
      tool.warn(error.description)
      return error
    }
    try writer.writeStream(of: input, named: name, reconnection)
    return nil
  }
}
