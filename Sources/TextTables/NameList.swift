import SystemIO

/// Names in one line of text, in options and messages: separated by commas. A name that holds a comma or a quote is in
/// quotes, which are doubled inside (RFC 4180).
package enum NameList {
  /// The names in a text, or other items separated by commas, each as written between them; nil if a quote is not
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
      try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(Failure) in
        try parser.take(UnsafeRawBufferPointer(bytes), add)
      }
      try parser.finish(add)
    } catch {
      return nil
    }
    return records.count == 1 ? records[0] : nil
  }

  /// The names as one text that ``names(in:)`` reads back.
  package static func list(_ names: [String]) -> String {
    names.map(CommaSeparatedValues.quoted).joined(separator: ",")
  }

  /// The names in one line for display: characters that move a terminal's cursor are replaced, and a name that would
  /// look like two, or lose its spaces, is in quotes.
  package static func text(of names: [String]) -> String {
    names.map { name in
      let shown = TextColumns.name(name, 400)
      let quoted = CommaSeparatedValues.quoted(shown)
      let isPadded = shown.isEmpty || shown.hasPrefix(" ") || shown.hasSuffix(" ")
      return quoted == shown && isPadded ? "\"\(shown)\"" : quoted
    }.joined(separator: ", ")
  }

  /// The first twelve names in quotes, cut to 60 characters each, and how many more there are: for messages.
  package static func quoted(_ names: [String]) -> String {
    let shown = names.prefix(12).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
    return names.count > 12 ? shown + " and \(names.count - 12) more" : shown
  }

  /// The order of names: that of their UTF-8 bytes, which is the order of code points.
  package static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}
