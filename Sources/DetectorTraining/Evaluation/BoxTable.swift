import FrameStream
import SystemIO
import TextTables
import TrainingReports

/// The objects of pictures, from a file: CSV, a row an object (as `fm-export -f csv` writes them, or with the columns
/// left, top, right and bottom), or COCO's JSON.
package struct BoxTable: Sendable {
  /// A picture's objects.
  package struct Entry: Sendable, Equatable {
    /// Objects to be found.
    package var objects: [ObjectBox] = []
    /// COCO's crowds: what is found there does not count.
    package var ignored: [ObjectBox] = []
  }

  /// By the pictures' names as the file has them.
  package private(set) var entries: [String: Entry] = [:]

  /// The largest file that is read.
  private static let limit = 256 << 20
  /// Columns of numbers beyond this are refused: no picture has them.
  private static let range = -1e7...1e7

  /// Reads a file: JSON if it begins with a brace, otherwise CSV.
  /// - Throws: ``Failure`` naming the file, and the line or key that is wrong.
  package init(path: String) throws(Failure) {
    let bytes = try WholeFile.read(path, limit: Self.limit, only: .regular)
    do throws(Failure) { try self.init(parsing: bytes) } catch { throw error.within(path) }
  }

  /// Reads a file's bytes.
  /// - Throws: ``Failure`` naming the line or key that is wrong.
  init(parsing bytes: [UInt8]) throws(Failure) {
    if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) == 0x7B {
      try readCOCO(bytes)
    } else {
      try readTable(bytes)
    }
  }

  /// How many objects there are to be found.
  package var objectCount: Int { entries.values.reduce(0) { $0 + $1.objects.count } }

  /// The objects of a picture: under its path relative to the folder, or under its own name.
  package func entry(of name: String) -> Entry? { entries[name] ?? entries[FilePath.lastComponent(name)] }

  private static func refuse(_ cause: String, _ subject: String = "") -> Failure {
    Failure(.badInput, step: "reading boxes", subject: subject, cause: cause)
  }

  // MARK: CSV

  private static let names = ["file", "filename", "file_name", "image", "picture", "source", "name"]
  private static let forms: [(columns: [String], hasSize: Bool)] = [
    (["x", "y", "width", "height"], true), (["left", "top", "right", "bottom"], false),
    (["x1", "y1", "x2", "y2"], false), (["xmin", "ymin", "xmax", "ymax"], false),
  ]

  private mutating func readTable(_ bytes: [UInt8]) throws(Failure) {
    var parser = CommaSeparatedValues()
    var places: (name: Int, box: [Int], hasSize: Bool)?
    var found = entries
    func take(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      let line = "line \(fields.line)"
      guard let (name, box, hasSize) = places else {
        places = try Self.columns(fields)
        return
      }
      guard fields.count > max(name, box.max() ?? 0) else {
        throw Self.refuse("\(fields.count) fields, fewer than the first line names", line)
      }
      let file = try fields.fileName(name)
      var numbers: [Double] = []
      for index in box {
        let text = try fields.text(index)
        // A picture without objects has a row without numbers.
        if text.isEmpty { continue }
        guard let number = Double(text), Self.range.contains(number) else {
          throw Self.refuse("\"\(text.prefix(40))\" is not a number of pixels", line)
        }
        numbers.append(number)
      }
      if numbers.isEmpty {
        found[file, default: Entry()].objects += []
        return
      }
      guard numbers.count == 4 else { throw Self.refuse("a box lacks numbers", line) }
      if !hasSize { (numbers[2], numbers[3]) = (numbers[2] - numbers[0], numbers[3] - numbers[1]) }
      guard numbers[2] > 0, numbers[3] > 0 else { throw Self.refuse("a box without any pixels", line) }
      found[file, default: Entry()].objects.append(
        ObjectBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
    }
    var failure: Failure?
    bytes.withUnsafeBytes { bytes in
      do throws(Failure) { try parser.take(bytes, take) } catch { failure = error }
    }
    if let failure { throw failure }
    try parser.finish(take)
    guard places != nil else { throw Self.refuse("the table is empty") }
    entries = found
  }

  private static func columns(
    _ fields: CommaSeparatedValues.Fields
  ) throws(Failure) -> (name: Int, box: [Int], hasSize: Bool) {
    var columns: [String: Int] = [:]
    for index in 0..<fields.count {
      let name = try fields.text(index).lowercased().filter { $0 != " " }
      if columns[name] == nil { columns[name] = index }
    }
    guard let name = names.lazy.compactMap({ columns[$0] }).first else {
      throw refuse(
        "the first line names no column of files: file, filename, image, picture or source", "line 1")
    }
    for (form, hasSize) in forms {
      let box = form.compactMap { columns[$0] }
      if box.count == 4 { return (name, box, hasSize) }
    }
    throw refuse(
      "the first line does not name the columns x, y, width and height, or left, top, right and bottom",
      "line 1")
  }

  // MARK: COCO

  private mutating func readCOCO(_ bytes: [UInt8]) throws(Failure) {
    let json = try JSONValue(JSONText(parsing: bytes))
    guard let images = json["images"]?.array, let annotations = json["annotations"]?.array else {
      throw Self.refuse("it has no lists \"images\" and \"annotations\", as COCO's files have")
    }
    var names: [Int: String] = [:]
    for image in images {
      guard let id = image["id"]?.int, let name = image["file_name"]?.string else {
        throw Self.refuse("an image has no id or no file_name")
      }
      names[id] = name
      entries[name] = entries[name] ?? Entry()
    }
    for annotation in annotations {
      let numbers = annotation["bbox"]?.array?.compactMap(\.double) ?? []
      guard let id = annotation["image_id"]?.int, let name = names[id] else {
        throw Self.refuse("an annotation is of no image")
      }
      guard numbers.count == 4, numbers.allSatisfy(Self.range.contains), numbers[2] > 0, numbers[3] > 0 else {
        throw Self.refuse("an annotation of \(name.prefix(80)) has no bbox of four numbers")
      }
      let box = ObjectBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
      let isCrowd = annotation["iscrowd"]?.int == 1
      if isCrowd { entries[name]?.ignored.append(box) } else { entries[name]?.objects.append(box) }
    }
  }
}
