import CXML2
import Glibc
import SystemIO

/// The elements of an XML file in document order, each with its line, within ``XMLLimits``.
///
/// Flat arrays instead of one object per element, because files may have a hundred thousand.
final class XMLDocument {
  struct Element {
    /// Index in ``XMLDocument/names``.
    var name: Int
    var line: Int
    var firstChild = -1
    var lastChild = -1
    var nextSibling = -1
    /// Where the element's own text lies in ``XMLDocument/text``; a zero byte follows it.
    var textStart = 0
    var textEnd = 0
  }

  /// The file's name, for messages.
  let file: String
  /// What the file is read for, for messages.
  let step: String
  var names: [String] = []
  var elements: [Element] = []
  var text: [CChar] = []
  /// The attribute `type_id` of the two outermost levels' elements, by element.
  var typeIDs: [Int: String] = [:]

  init(file: String, step: String) {
    self.file = file
    self.step = step
  }

  /// The outermost element.
  var root: XMLElement { XMLElement(document: self, index: 0) }

  /// A failure at a line of this file.
  func failure(line: Int, _ cause: String) -> Failure {
    Failure(.badInput, step: step, subject: "\(file):\(line)", cause: cause)
  }
}

/// One element of an ``XMLDocument``.
struct XMLElement {
  let document: XMLDocument
  let index: Int

  var name: String { document.names[document.elements[index].name] }
  var line: Int { document.elements[index].line }
  var typeID: String? { document.typeIDs[index] }

  func failure(_ cause: String) -> Failure {
    document.failure(line: line, cause)
  }

  /// The child elements in order.
  var children: Children { Children(document: document, index: document.elements[index].firstChild) }

  struct Children: Sequence, IteratorProtocol {
    let document: XMLDocument
    var index: Int

    mutating func next() -> XMLElement? {
      guard index >= 0 else { return nil }
      defer { index = document.elements[index].nextSibling }
      return XMLElement(document: document, index: index)
    }
  }

  /// The first child called `name`.
  func child(_ name: String) -> XMLElement? {
    for child in children where child.name == name {
      return child
    }
    return nil
  }

  /// The first child called `name`, which must be there.
  func required(_ name: String) throws(Failure) -> XMLElement {
    guard let child = child(name) else { throw failure("<\(self.name)> has no <\(name)>") }
    return child
  }

  /// The element's text without the white space around it.
  var string: String {
    let element = document.elements[index]
    var characters = document.text[element.textStart..<element.textEnd]
    while let first = characters.first, isspace(Int32(first)) != 0 { characters.removeFirst() }
    while let last = characters.last, isspace(Int32(last)) != 0 { characters.removeLast() }
    return String(decoding: characters.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Replaces `values` by the finite numbers that the element holds, as text or as child elements.
  func numbers(into values: inout [Double]) throws(Failure) {
    values.removeAll(keepingCapacity: true)
    try appendNumbers(to: &values)
  }

  private func appendNumbers(to values: inout [Double]) throws(Failure) {
    let element = document.elements[index]
    if element.firstChild >= 0 {
      for child in children { try child.appendNumbers(to: &values) }
      return
    }
    let found = document.text.withUnsafeBufferPointer { text -> Int? in
      var position = element.textStart
      while true {
        while position < element.textEnd, isspace(Int32(text[position])) != 0 { position += 1 }
        if position == element.textEnd { return nil }
        guard let start = text.baseAddress else { return position }
        var end: UnsafeMutablePointer<CChar>?
        let value = strtod_l(start + position, &end, cLocale)
        guard let end, end > start + position, value.isFinite else { return position }
        let next = UnsafePointer(end) - start
        guard next <= element.textEnd, next == element.textEnd || isspace(Int32(text[next])) != 0 else {
          return position
        }
        values.append(value)
        position = next
      }
    }
    if let found {
      let rest = document.text[found..<element.textEnd].prefix { isspace(Int32($0)) == 0 }.prefix(40)
      let word = String(decoding: rest.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw failure("\"\(word)\" in <\(name)> is not a finite number")
    }
  }

  /// The one whole number that the element holds.
  func integer() throws(Failure) -> Int {
    var values: [Double] = []
    try numbers(into: &values)
    guard values.count == 1, let value = Int(exactly: values[0]) else {
      throw failure("<\(name)> should hold one whole number")
    }
    return value
  }

  /// The one number that the element holds.
  func number() throws(Failure) -> Double {
    var values: [Double] = []
    try numbers(into: &values)
    guard values.count == 1 else { throw failure("<\(name)> should hold one number") }
    return values[0]
  }
}

/// Numbers in files have a decimal point whatever the user's locale.
private nonisolated(unsafe) let cLocale: locale_t? = newlocale(1 << LC_NUMERIC, "C", nil)
