/// Cairo's SVG output.
enum SVGDocument {
  /// The document with its elements named in their order: Cairo numbers surfaces and pictures through the
  /// whole life of the process, so that the same drawing would differ from one call to the next.
  static func withStableNames(_ document: [UInt8]) -> [UInt8] {
    let mark = Array("id=\"".utf8)
    var names: [ArraySlice<UInt8>: [UInt8]] = [:]
    var position = 0
    while let start = find(mark, in: document, from: position) {
      let end = document[(start + mark.count)...].firstIndex(of: UInt8(ascii: "\"")) ?? document.endIndex
      let name = document[(start + mark.count)..<end]
      position = end
      // Glyphs are numbered within the document.
      if name.starts(with: "glyph".utf8) || names[name] != nil { continue }
      names[name] = Array("e\(names.count)".utf8)
    }
    var result: [UInt8] = []
    result.reserveCapacity(document.count)
    position = 0
    while position < document.count {
      let byte = document[position]
      result.append(byte)
      position += 1
      let isName =
        byte == UInt8(ascii: "#")
        || (byte == UInt8(ascii: "\"") && result.suffix(mark.count).elementsEqual(mark))
      guard isName,
        let end = document[position...].firstIndex(where: {
          $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ")")
        }),
        end - position < 64, let name = names[document[position..<end]]
      else { continue }
      result += name
      position = end
    }
    return result
  }

  private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while let next = bytes[position...].firstIndex(of: pattern[0]) {
      if bytes[next...].starts(with: pattern) { return next }
      position = next + 1
    }
    return nil
  }
}
