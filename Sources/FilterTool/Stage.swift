import FrameStream
import SystemIO

/// What a filter does to a stream, apart from where the stream comes from and goes to.
///
/// A ``Pipeline`` calls it; a test calls it with three frames in memory.
package protocol Stage: AnyObject {
  /// What the filter's entry in the stream's `history` says besides its name, version and arguments.
  var historyDetails: [(key: String, value: String)] { get }

  /// A stream begins. Returns the header that the output has.
  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader

  /// Does the filter's work on one frame, by changing the record.
  func process(_ frame: Record) throws(Failure)

  /// A record that is no frame goes by: a packet, or one of a type unknown here. Called in order with the
  /// frames, and only on a stage that has no parallel twins.
  func pass(_ record: Record) throws(Failure)

  /// All input has come and was whole, or a signal ended it; not called after a failure.
  func finish() throws(Failure)

  /// Another stage that does the same to other frames of the stream that has just begun, at the same time on
  /// another thread; nil if frames must be processed in order.
  func makeParallelTwin() throws(Failure) -> (any Stage)?
}

/// A stage that does several frames at once for less than one after the other.
///
/// A ``Pipeline`` gives it what has come, and never waits for more: while frames come slowly, each goes through alone.
package protocol BatchingStage: Stage {
  /// The most frames to be given at once; constant.
  var framesAtOnce: Int { get }

  /// Does the filter's work on consecutive frames. The result must be what ``Stage/process(_:)`` gives for each; if
  /// this throws, no frame has been changed, and they are processed one by one, so that the failure has its place.
  /// Records between them are passed (``Stage/pass(_:)``) afterwards.
  func process(_ frames: [Record]) throws(Failure)
}

extension Stage {
  package var historyDetails: [(key: String, value: String)] { [] }
  package func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader { header }
  package func pass(_ record: Record) throws(Failure) {}
  package func finish() throws(Failure) {}
  package func makeParallelTwin() throws(Failure) -> (any Stage)? { nil }
}
