import SystemIO

/// One filter's entry in a stream's `history`.
public struct HistoryEntry: Sendable {
  /// The command's name.
  public var name: String
  /// The command's version.
  public var version: String
  /// The words after the command's name.
  public var arguments: [String]
  /// The options in force, given or by default, by their names with underscores.
  public var options: [(key: String, value: JSONValue)]
  /// More about the run, such as the model's name, under keys of the filter's own.
  public var details: [(key: String, value: JSONValue)]

  /// An entry; `details` have keys that differ from those of the properties.
  public init(
    name: String, version: String, arguments: [String], options: [(key: String, value: JSONValue)] = [],
    details: [(key: String, value: JSONValue)] = []
  ) {
    self.name = name
    self.version = version
    self.arguments = arguments
    self.options = options
    self.details = details
  }

  /// Reads an element of `history`; nil if it is no object with a name.
  fileprivate init?(_ json: JSONValue) {
    guard let object = json.object, let name = object["name"]?.string else { return nil }
    self.init(
      name: name, version: object["version"]?.string ?? "",
      arguments: (object["arguments"]?.array ?? []).compactMap(\.string),
      options: object["options"]?.object?.fields ?? [],
      details: object.fields.filter { !["name", "version", "arguments", "options"].contains($0.key) })
  }

  /// The value of an option or a detail; nil if the entry has none.
  public subscript(key: String) -> JSONValue? {
    (options.first { $0.key == key } ?? details.first { $0.key == key })?.value
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", name)
      writer.field("version", version)
      writer.key("arguments")
      writer.array { writer in for argument in arguments { writer.value(argument) } }
      if !options.isEmpty {
        writer.key("options")
        writer.object { for option in options { $0.field(option.key, option.value) } }
      }
      for detail in details { writer.field(detail.key, detail.value) }
    }
  }
}

extension RecordLine {
  private static let historyKey: StaticString = "history"

  /// The filters that the stream has been through, in order; those entries that make no sense are left out.
  public var history: [HistoryEntry] {
    var entries: [HistoryEntry] = []
    try? self[Self.historyKey]?.forEachElement { element in
      if let json = try? JSONValue(element), let entry = HistoryEntry(json) { entries.append(entry) }
    }
    return entries
  }

  /// Appends an entry to the stream record's `history`; earlier entries keep their bytes.
  /// - Throws: `Failure` (`badInput`) if the line's `history` is not an array.
  public mutating func appendHistory(_ entry: HistoryEntry) throws(Failure) {
    let old = self[Self.historyKey]
    guard old?.isArray ?? true else { throw StreamHeader.fail("\"history\" is not an array") }
    set(Self.historyKey) { writer in
      writer.array { writer in
        try? old?.forEachElement { writer.value($0) }
        entry.write(to: &writer)
      }
    }
  }
}
