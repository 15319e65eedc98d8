import FrameStream
import SystemIO

/// Writes findings in one format. Called in order: ``begin(_:)`` for each stream, ``add(_:)`` for each of its frames, and
/// ``finish(_:)`` once.
package protocol FindingsWriter: AnyObject {
  /// A stream begins.
  func begin(_ stream: FindingsStream) throws(Failure)
  /// A frame follows.
  /// - Parameter classes: the names of the classes that are known by now.
  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure)
  /// All frames have come.
  func finish(_ findings: Findings) throws(Failure)
  /// What the person should know about what was left out or guessed, after ``finish(_:)``: phrases.
  var remarks: [String] { get }
}

extension FindingsWriter {
  /// Nothing.
  package func begin(_ stream: FindingsStream) throws(Failure) {}
  /// Nothing: what is written comes from the runs.
  package func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {}
  /// None.
  package var remarks: [String] { [] }
}
