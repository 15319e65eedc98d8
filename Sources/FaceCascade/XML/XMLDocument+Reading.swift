import CXML2
import SystemIO

/// The limits of a document, each with room for the largest files in use, which are cascades; larger ones are rejected
/// while they are read.
enum XMLLimits {
  /// The largest file, in bytes. The largest cascade known is 4 MiB.
  static let bytes = 32 << 20
  /// Bytes in which a document's first element begins, or a comment before it.
  static let beginning = 4096
  /// The deepest nesting of elements. Cascades need 8.
  static let depth = 24
  /// Elements in a file. The largest cascade known has 70 thousand.
  static let elements = 2_000_000
  /// Different element names. Cascades use 30.
  static let names = 200
  /// Bytes of one tag, from `<` to `>`. Cascades need 80.
  static let tag = 4096
  /// Attributes of one tag. Cascades need 1.
  static let attributes = 32
}

extension XMLDocument {
  /// Reads a document with libxml2's xmlTextReader.
  ///
  /// A document type declaration is refused, so there are no entities to substitute and nothing to fetch.
  static func read(_ bytes: UnsafeRawBufferPointer, file: String, step: String) throws(Failure) -> XMLDocument
  {
    let document = XMLDocument(file: file, step: step)
    guard bytes.count <= XMLLimits.bytes else {
      throw document.failure(
        line: 1, "\(bytes.count) bytes are more than the limit of \(XMLLimits.bytes)")
    }
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      throw document.failure(line: 1, "the file is empty")
    }
    if bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B {
      throw document.failure(line: 1, "the file is compressed with gzip; uncompress it first")
    }
    try XMLMarkup.check(bytes, of: document)
    // What goes wrong in converting an encoding does not reach the reader's handler; without one of the thread's own,
    // libxml2 prints it.
    let (handler, context) = (__xmlStructuredError().pointee, __xmlStructuredErrorContext().pointee)
    xmlSetStructuredErrorFunc(nil) { _, _ in }
    defer { xmlSetStructuredErrorFunc(context, handler) }
    let reader = try XMLTextReader(start.assumingMemoryBound(to: CChar.self), count: bytes.count, document)
    try reader.run()
    return document
  }
}

/// Owner of an xmlTextReader, and the state of building a document from it.
private final class XMLTextReader {
  private let reader: xmlTextReaderPtr
  private let document: XMLDocument
  /// Names as libxml2's dictionary holds them: one pointer a name as long as the reader lives.
  private var namePointers: [UnsafePointer<xmlChar>] = []
  private var open: [Int] = []
  private var message: (line: Int, text: String)?

  init(_ bytes: UnsafePointer<CChar>, count: Int, _ document: XMLDocument) throws(Failure) {
    let options = Int32(XML_PARSE_NONET.rawValue) | Int32(XML_PARSE_NOCDATA.rawValue)
    guard let reader = xmlReaderForMemory(bytes, Int32(count), nil, nil, options) else {
      throw document.failure(line: 1, "libxml2 cannot make a reader")
    }
    self.reader = reader
    self.document = document
    // Without a handler libxml2 prints to standard error.
    xmlTextReaderSetStructuredErrorHandler(
      reader,
      { context, error in
        guard let context, let text = error?.pointee.message else { return }
        let reader = Unmanaged<XMLTextReader>.fromOpaque(context).takeUnretainedValue()
        if reader.message == nil {
          let words = String(cString: text).split { $0 == "\n" || $0 == " " }
          // The locator's line would be that of the innermost open element.
          let line = Int(xmlTextReaderGetParserLineNumber(reader.reader))
          reader.message = (max(1, line), words.joined(separator: " "))
        }
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    xmlFreeTextReader(reader)
  }

  private var line: Int {
    // libxml2 keeps an element's line in 16 bits; beyond that the parser's own line is near enough.
    let ofNode = xmlTextReaderCurrentNode(reader).map { Int(xmlGetLineNo($0)) } ?? 0
    return ofNode > 0 && ofNode < 65535 ? ofNode : Int(xmlTextReaderGetParserLineNumber(reader))
  }

  func run() throws(Failure) {
    while true {
      let status = xmlTextReaderRead(reader)
      if status == 0 { break }
      if status < 0 || message != nil {
        let message = self.message ?? (line, "not well-formed XML")
        throw document.failure(line: message.line, message.text)
      }
      switch UInt32(bitPattern: xmlTextReaderNodeType(reader)) {
      case XML_READER_TYPE_ELEMENT.rawValue:
        try beginElement()
      case XML_READER_TYPE_END_ELEMENT.rawValue:
        endElement()
      case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue,
        XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue, XML_READER_TYPE_WHITESPACE.rawValue:
        addText()
      case XML_READER_TYPE_DOCUMENT_TYPE.rawValue, XML_READER_TYPE_ENTITY_REFERENCE.rawValue,
        XML_READER_TYPE_ENTITY.rawValue:
        throw document.failure(line: line, "document type declarations and entities are not accepted")
      default:
        break
      }
    }
    guard !document.elements.isEmpty else { throw document.failure(line: 1, "no element") }
  }

  private func intern(_ pointer: UnsafePointer<xmlChar>) throws(Failure) -> Int {
    if let index = namePointers.firstIndex(of: pointer) { return index }
    guard namePointers.count < XMLLimits.names else {
      throw document.failure(line: line, "more than \(XMLLimits.names) different element names")
    }
    namePointers.append(pointer)
    document.names.append(String(cString: pointer))
    return namePointers.count - 1
  }

  private func beginElement() throws(Failure) {
    guard open.count < XMLLimits.depth else {
      throw document.failure(line: line, "elements are nested more than \(XMLLimits.depth) deep")
    }
    guard document.elements.count < XMLLimits.elements else {
      throw document.failure(line: line, "more than \(XMLLimits.elements) elements")
    }
    guard let name = xmlTextReaderConstLocalName(reader) else {
      throw document.failure(line: line, "an element without a name")
    }
    let index = document.elements.count
    var element = XMLDocument.Element(name: try intern(name), line: line)
    let isEmpty = xmlTextReaderIsEmptyElement(reader) == 1
    element.textStart = document.text.count
    element.textEnd = document.text.count
    if open.count < 2, xmlTextReaderMoveToAttribute(reader, "type_id") == 1 {
      if let value = xmlTextReaderConstValue(reader) { document.typeIDs[index] = String(cString: value) }
      xmlTextReaderMoveToElement(reader)
    }
    document.elements.append(element)
    if let parent = open.last {
      let previous = document.elements[parent].lastChild
      if previous < 0 {
        document.elements[parent].firstChild = index
      } else {
        document.elements[previous].nextSibling = index
      }
      document.elements[parent].lastChild = index
    }
    if isEmpty { document.text.append(0) } else { open.append(index) }
  }

  private func endElement() {
    if !open.isEmpty { open.removeLast() }
    // Ends the text for strtod.
    document.text.append(0)
  }

  /// Keeps the text of elements without children; that between elements is layout.
  private func addText() {
    guard let index = open.last, document.elements[index].firstChild < 0,
      let value = xmlTextReaderConstValue(reader)
    else { return }
    var end = value
    while end.pointee != 0 { end += 1 }
    let characters = UnsafeBufferPointer(start: value, count: end - value)
    document.text.append(contentsOf: characters.lazy.map { CChar(bitPattern: $0) })
    document.elements[index].textEnd = document.text.count
  }
}
