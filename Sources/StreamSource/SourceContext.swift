import FrameStream
import SystemIO

/// The process that a source runs in: its name, when it should stop, and where its messages go.
package struct SourceContext: Sendable {
  /// The tool's name, for `history` and end records.
  package let name: String
  /// The tool's version.
  package let version: String
  /// The words after the tool's name.
  package let arguments: [String]
  /// The tool's options in force, for `history`.
  let options: [(key: String, value: JSONValue)]
  /// Becomes readable when the source should stop.
  let stop: Descriptor
  /// Reports what went wrong although the work continues.
  let warn: @Sendable (String) -> Void
  /// Reports details for users who asked for them (`--verbose`).
  let note: @Sendable (String) -> Void
  /// Called when the first stream begins: from then on there is something to be closed.
  let begin: @Sendable () -> Void
  private let hasStopped: @Sendable () -> Bool

  /// - Parameters:
  ///   - stop: a descriptor that becomes readable when the source should stop.
  ///   - hasStopped: whether it has become readable.
  ///   - begin: called when a stream begins.
  package init(
    name: String, version: String, arguments: [String], options: [(key: String, value: JSONValue)] = [],
    stop: Descriptor,
    hasStopped: @escaping @Sendable () -> Bool, warn: @escaping @Sendable (String) -> Void,
    note: @escaping @Sendable (String) -> Void, begin: @escaping @Sendable () -> Void = {}
  ) {
    self.name = name
    self.version = version
    self.arguments = arguments
    self.options = options
    self.stop = stop
    self.hasStopped = hasStopped
    self.warn = warn
    self.note = note
    self.begin = begin
  }

  /// Whether a signal has asked for the end.
  var isStopped: Bool { hasStopped() }
}
