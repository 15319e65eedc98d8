import FrameStream

extension WorstInput {
  static let streams: [WorstInput] = [
    stream("records") { bytes(start, $0, end) { _ in "{\"type\":\"x\"}\n" } },
    stream("faces") {
      lines($0, before: frame + #""faces":["#, after: "]}") { ",{\"box\":[\($0 % 99),0,9,9]}" }
    },
    stream("scores of a face") {
      lines($0, before: frame + #""faces":[{"box":[0,0,9,9],"expression":"z","scores":{"a":1"#, after: "}}]}")
      {
        ",\"c\($0)\":0"
      }
    },
    stream("keys") { lines($0, before: frame + "\"a\":0", after: "}") { ",\"k\($0)\":0" } },
    stream("keys with escapes") {
      lines($0, before: frame + "\"a\":0", after: "}") { ",\"\\u006b\($0)\":0" }
    },
    stream("depth") {
      lines($0, before: frame + "\"a\":[0", after: "]}") { _ in
        "," + String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
      }
    },
    stream("digits") { lines($0, before: frame + "\"a\":0", after: "}") { _ in "1" } },
    stream("one text") { lines($0, before: frame + "\"a\":\"", after: "\"}") { _ in "\\ud83d" } },
    WorstInput(
      name: "stream: tracks",
      make: { count in
        lines(count, before: "{\"fm\":1,\"type\":\"stream\",\"tracks\":[", after: "]}", isHead: true) {
          "\($0 == 0 ? "" : ","){\"id\":\($0 + 1),\"kind\":\"a\",\"codec\":\"b\"}"
        }
      }, read: { read($0) }),
    WorstInput(
      name: "json: lists in lists",
      make: { count in
        bytes("[0", count, "]") { _ in
          "," + String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        }
      },
      read: { bytes in _ = bytes.withUnsafeBytes { try? JSONValue(parsing: $0) } }),
  ]

  private static let start = "{\"fm\":1,\"type\":\"stream\"}\n"
  private static let end = "{\"type\":\"end\",\"frames\":1,\"status\":\"ok\"}\n"
  private static let frame = "{\"type\":\"frame\",\"seq\":#,\"pts\":0,"
  /// Of one line; longer inputs are several.
  private static let longest = 1_000_000

  /// A stream of lines as long as they may be, each made of parts.
  private static func lines(
    _ byteCount: Int, before: String, after: String, isHead: Bool = false, _ part: (Int) -> String
  ) -> [UInt8] {
    var result = Array((isHead ? "" : start).utf8)
    var number = 0
    while result.count < byteCount {
      let room = min(byteCount - result.count, longest)
      let numbered = before.split(separator: "#", omittingEmptySubsequences: false).joined(
        separator: "\(number)")
      var line = repeated(max(room - numbered.utf8.count - after.utf8.count, 1), part)
      if line.hasPrefix(","), numbered.hasSuffix("[") { line.removeFirst() }
      result += Array((numbered + line + after + "\n").utf8)
      if isHead { result += Array(end.utf8) }
      number += 1
    }
    return result + (isHead ? [] : Array(end.utf8))
  }

  private static func stream(_ name: String, _ make: @escaping @Sendable (Int) -> [UInt8]) -> WorstInput {
    WorstInput(name: "stream: " + name, make: make) { read($0) }
  }

  /// What tools ask of every record.
  private static func read(_ bytes: [UInt8]) {
    var parser = StreamParser()
    let record = Record()
    bytes.withUnsafeBytes { bytes in
      var rest = UnsafeRawBufferPointer(rebasing: bytes[...])
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 16))
        guard let (used, isWhole) = try? parser.take(part, into: record) else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[used...])
        if isWhole { use(record) }
      }
    }
  }

  private static func use(_ record: Record) {
    switch record.kind {
    case .stream:
      _ = try? StreamHeader(record.line)
      try? record.line.appendHistory(HistoryEntry(name: "a", version: "b", arguments: []))
    case .frame:
      var faces = FaceList()
      for face in (try? record.faces()) ?? [] {
        _ = (face.classIndex, face.scores.count, face.neighbors, face.isHeld)
        faces.append(face, FaceFields())
      }
      record.line.setFaces(faces)
    default: break
    }
  }
}
