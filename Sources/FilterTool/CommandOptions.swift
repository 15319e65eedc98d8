import ArgumentParser
import FrameStream

/// The options of a command as they are in force, given or by default: with them, and the same files, a result can be
/// made again.
struct CommandOptions {
  /// By the options' names with underscores, in the order of their declaration. Flags that are off and options that
  /// have no value are left out; so are positional arguments, the output's name, and how much is printed.
  private(set) var values: [(key: String, value: JSONValue)] = []

  private static let unrecorded: Set<String> = ["output", "quiet", "skip_existing", "verbose"]

  /// - Parameter command: A command that was parsed.
  init(of command: any ParsableCommand) { add(command) }

  private mutating func add(_ arguments: Any) {
    for child in Mirror(reflecting: arguments).children {
      // A wrapped property `margin` is stored as `_margin`.
      guard let label = child.label?.drop(while: { $0 == "_" }) else { continue }
      if let group = child.value as? any ParsedGroup {
        add(group.parsed)
      } else if let option = child.value as? any ParsedOption, let value = Self.json(option.parsed) {
        let key = Self.key(label)
        if !Self.unrecorded.contains(key) { values.append((key, value)) }
      }
    }
  }

  /// `minNeighbors` as `min_neighbors`.
  private static func key(_ name: Substring) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }

  /// A parsed value as JSON: numbers as numbers, the fields of a structure as an object; nil for none and for false.
  private static func json(_ value: Any) -> JSONValue? {
    switch value {
    case let flag as Bool: return flag ? .bool(true) : nil
    case let text as String: return .string(text)
    case let number as any JSONWritable: return JSONValue(writing: number)
    case let number as any BinaryInteger: return JSONValue(writing: Int(clamping: number))
    default: break
    }
    if let choice = value as? any RawRepresentable, let text = choice.rawValue as? String {
      return .string(text)
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { json($0.value) }
    case .collection:
      let elements = mirror.children.compactMap { json($0.value) }
      return elements.isEmpty ? nil : .array(elements)
    case .struct where mirror.children.count == 1: return mirror.children.first.flatMap { json($0.value) }
    case .struct:
      return .object(
        JSONObject(
          fields: mirror.children.compactMap { child in
            json(child.value).map { (key(Substring(child.label ?? "")), $0) }
          }))
    default:
      let text = (value as? any ExpressibleByArgument)?.defaultValueDescription ?? "\(value)"
      return Double(text).map { JSONValue(writing: $0) } ?? .string(text)
    }
  }
}

/// A property of a parsed command that has an option's value.
private protocol ParsedOption { var parsed: Any { get } }
/// One that has a group of options.
private protocol ParsedGroup { var parsed: Any { get } }

extension Option: ParsedOption { fileprivate var parsed: Any { wrappedValue } }
extension Flag: ParsedOption { fileprivate var parsed: Any { wrappedValue } }
extension OptionGroup: ParsedGroup { fileprivate var parsed: Any { wrappedValue } }
