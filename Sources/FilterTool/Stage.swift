import FrameStream
import SystemIO

/// What a filter does to a stream, apart from where the stream comes from and goes to.
///
/// A ``Pipeline`` calls it; a test calls it with three frames in memory.
package protocol Stage: AnyObject {
  /// What the filter's entry in the stream's `history` says besides its name, version, arguments and options.
  var historyDetails: [(key: String, value: JSONValue)] { get }

  /// Whether the stage appends its entry to the stream's `history`: not if it adds nothing to the records.
  var entersHistory: Bool { get }

  /// A stream begins. Returns the header that the output has.
  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader

  /// The same for a stage that reads more of the stream record than the header has, such as its history.
  /// - Parameter line: the stream record as it came.
  func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader

  /// Does the filter's work on one frame, by changing the record.
  func process(_ frame: Record) throws(Failure)

  /// Another record than a frame passes: a packet, or one of a type unknown here. Called in order with the
  /// frames, those that wait for a ``LookaheadStage`` included, and only on a stage that has no worker copies.
  func pass(_ record: Record) throws(Failure)

  /// A stream has ended and all its frames have been processed and written. Called while the next one may already be
  /// in work.
  /// - Parameters:
  ///   - tally: what its frames say of faces, as this stage has left them.
  ///   - inputName: the input's name for messages.
  func conclude(_ tally: FaceTally, inputName: String)

  /// The input has ended, whole or by a signal; not called after a failure.
  func finish() throws(Failure)

  /// Why the stage's second input is incomplete, although what was read is good; nil if it is complete. Read after
  /// ``finish()``.
  var interruption: Failure? { get }

  /// Another stage that does the same to other frames of the stream that has just begun, at the same time on
  /// another thread; nil if frames must be processed in order.
  func makeWorkerCopy() throws(Failure) -> (any Stage)?
}

/// A stage that can process several frames in one batch more cheaply than one by one.
///
/// A ``Pipeline`` gives it the frames that are there and never waits for more: while frames come slowly, each is
/// processed alone.
package protocol BatchingStage: Stage {
  /// The most frames to be given at once; constant.
  var framesAtOnce: Int { get }

  /// Does the filter's work on consecutive frames. The result must be what ``Stage/process(_:)`` gives for each; if
  /// this throws, no frame may have been modified: the pipeline then retries them one by one to locate the failing
  /// frame. Records between them are passed (``Stage/pass(_:)``) afterwards.
  func process(_ frames: [Record]) throws(Failure)
}

extension Stage {
  /// It does.
  package var entersHistory: Bool { true }
  /// Nothing.
  package var historyDetails: [(key: String, value: JSONValue)] { [] }
  /// Leaves the header as it is.
  package func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader { header }
  /// What ``begin(_:)`` does.
  package func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader {
    try begin(header)
  }
  /// Leaves the record as it is.
  package func pass(_ record: Record) throws(Failure) {}
  /// Says nothing.
  package func conclude(_ tally: FaceTally, inputName: String) {}
  /// Does nothing.
  package func finish() throws(Failure) {}
  /// Nothing is read beside the stream.
  package var interruption: Failure? { nil }
  /// None: frames are processed in order.
  package func makeWorkerCopy() throws(Failure) -> (any Stage)? { nil }
}
