import ArgumentParser
import FrameStream

/// A command that knows of libraries and files that other tools are not linked with. `fm-stream doctor` asks it by the
/// one argument ``argument``, which no help lists.
package protocol FactSource: ParsableCommand {
  /// What a report of a fault should say about this system: keys, and texts or lists of texts.
  static func facts() -> [(key: String, value: JSONValue)]
}

/// The questions of `fm-stream doctor` to other tools.
package enum FactQuestion {
  /// The only argument of the question.
  package static let argument = "--facts"

  /// The answer to a command line: a line of JSON; nil if it asks something else.
  static func answer(_ root: any ParsableCommand.Type, _ arguments: [String]) -> String? {
    guard arguments == [argument], let source = root as? any FactSource.Type else { return nil }
    let version = (key: "version", value: JSONValue.string(toolVersion))
    var writer = JSONWriter()
    writer.value(JSONValue.object(JSONObject(fields: [version] + source.facts())))
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
