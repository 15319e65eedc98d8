import SystemIO

/// One entry of a container's metadata, such as `title` or `language`.
public struct Tag: Sendable, Equatable {
  /// FFmpeg's name of the entry.
  public var key: String
  /// Its text.
  public var value: String

  /// An entry with its text.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

extension [Tag] {
  /// Reads an object of strings; values of other types are ignored.
  init(json: JSONValue?) {
    self = (json?.object?.fields ?? []).compactMap { field in field.value.string.map { Tag(field.key, $0) } }
  }

  /// Writes the object that ``init(json:)`` reads, in the same order; nothing for no entries.
  func write(_ key: StaticString, to writer: inout JSONWriter) {
    guard !isEmpty else { return }
    writer.key(key)
    writer.object { writer in for tag in self { writer.field(tag.key, tag.value) } }
  }

  /// The text of the first entry with a key; nil if there is none.
  package func text(_ key: String) -> String? { first { $0.key == key }?.value }
}
