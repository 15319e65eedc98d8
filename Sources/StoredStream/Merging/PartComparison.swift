import FrameStream

/// Whether two streams can be parts of one: they show the same source, made in the same way.
package enum PartComparison {
  /// Options in which parts of one source differ.
  private static let optionsOfParts: Set<String> = [
    "chunk", "compress", "duration", "end", "frames", "level", "seq", "skip_existing", "start", "threads",
  ]
  /// Names of files, which say less than their digests, and versions of libraries on different machines.
  private static let detailsOfMachines: Set<String> = ["ffmpeg", "onednn"]
  private static let filesWithDigests: Set<String> = ["model", "cascade"]

  /// How a part differs from the first one, as a phrase; nil if both can be parts of one stream.
  package static func difference(of part: StreamPart, from first: StreamPart) -> String? {
    if part.header.source != first.header.source {
      return "its source is \(quoted(part.header.source)), not \(quoted(first.header.source))"
    }
    if pictures(part) != pictures(first) {
      return "its \"video\" differs in size, format, time base or color"
    }
    if part.header.tracks != first.header.tracks { return "its tracks differ" }
    let (history, expected) = (part.line.history, first.line.history)
    guard history.map(\.name) == expected.map(\.name) else {
      return "it went through \(list(history)), not through \(list(expected))"
    }
    for (entry, other) in zip(history, expected) {
      if entry.version != other.version {
        return "\(entry.name) had the version \(entry.version), not \(other.version)"
      }
      if let key = firstDifference(values(entry), values(other)) {
        return "\(entry.name) ran with another \(key)"
      }
    }
    return nil
  }

  private static func pictures(_ part: StreamPart) -> VideoDescription? {
    guard var video = part.header.video else { return nil }
    // Estimates, which a part may give of itself.
    (video.frames, video.duration, video.startTime) = (nil, nil, nil)
    video.metadata.removeAll { $0.key == "timecode" }
    return video
  }

  /// What an entry says of how it worked, as text by key.
  private static func values(_ entry: HistoryEntry) -> [String: String] {
    var values: [String: String] = [:]
    let digests = Set(entry.details.map(\.key).filter { $0.hasSuffix("_sha256") }.map { $0.dropLast(7) })
    func add(_ key: String, _ value: JSONValue) {
      if filesWithDigests.contains(key), digests.contains(key[...]) { return }
      var writer = JSONWriter()
      writer.value(value)
      values[key] = String(decoding: writer.bytes, as: UTF8.self)
    }
    for (key, value) in entry.options where !optionsOfParts.contains(key) { add(key, value) }
    for (key, value) in entry.details where !detailsOfMachines.contains(key) { add(key, value) }
    return values
  }

  private static func firstDifference(_ a: [String: String], _ b: [String: String]) -> String? {
    Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.min()
  }

  private static func quoted(_ text: String?) -> String { text.map { "\"\($0.prefix(80))\"" } ?? "unknown" }

  private static func list(_ history: [HistoryEntry]) -> String {
    history.isEmpty ? "no filter" : history.map(\.name).joined(separator: ", ")
  }
}
