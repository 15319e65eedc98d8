import FilterTool
import FrameStream
import SystemIO

/// What another tool of the project answers about what it is linked with and finds.
struct ToolFacts {
  private let answer: JSONValue?
  /// Why there is no answer; nil if there is one.
  let problem: String?

  /// Asks the tool beside this program, or the one in `PATH`.
  init(_ name: String) {
    let folder = FilePath.resolved("/proc/self/exe").flatMap(FilePath.folder(of:))
    let sibling = folder.map { FilePath.join($0, name) }
    let program = sibling.flatMap { FilePath.exists($0) ? $0 : nil } ?? name
    do throws(Failure) {
      guard let output = try ChildProcess.output(of: program, [FactQuestion.argument]) else {
        (answer, problem) = (nil, "\(name) is not installed")
        return
      }
      answer = try JSONValue(try JSONText(parsing: output))
      problem = nil
    } catch {
      answer = nil
      problem = "\(name) gives no answer: \(error.cause)"
    }
  }

  /// The version of the tool; nil without an answer.
  var version: String? { answer?["version"]?.string }

  /// A fact in words, a list with commas: `none` for an empty one, and why there is none without an answer.
  subscript(key: String) -> String {
    if let problem { return problem }
    guard let value = answer?[key], !value.isNull else { return "none" }
    if let text = value.string { return text }
    let texts = (value.array ?? []).compactMap(\.string)
    return texts.isEmpty ? "none" : texts.joined(separator: ", ")
  }
}
