import SystemIO

/// Names in one line of text, as options have them and people read them: parted by commas. A name that holds a comma or
/// a quote stands in quotes, doubled inside (RFC 4180).
package enum NameList {
  /// The names that a text lists, or other things so parted, each as it is between the commas; nil if a quote is not
  /// closed, or if there is more than one line outside quotes, or none.
  package static func names(in text: String) -> [String]? {
    var records: [[String]] = []
    func add(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      var names: [String] = []
      for index in 0..<fields.count { names.append(try fields.text(index)) }
      records.append(names)
    }
    var parser = CommaSeparatedValues()
    do throws(Failure) {
      try Array(text.utf8).withUnsafeBytesThrowing { (bytes) throws(Failure) in try parser.take(bytes, add) }
      try parser.finish(add)
    } catch {
      return nil
    }
    return records.count == 1 ? records[0] : nil
  }

  /// The names in one line for people: whatever would move a terminal's cursor is shown as something else, and what
  /// would look like two names, or lose its spaces, is in quotes.
  package static func text(of names: [String]) -> String {
    names.map { name in
      let shown = TextColumns.name(name, 400)
      let quoted = CommaSeparatedValues.quoted(shown)
      let isPadded = shown.isEmpty || shown.hasPrefix(" ") || shown.hasSuffix(" ")
      return quoted == shown && isPadded ? "\"\(shown)\"" : quoted
    }.joined(separator: ", ")
  }
}
