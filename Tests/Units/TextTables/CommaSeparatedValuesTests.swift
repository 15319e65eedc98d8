import SystemIO
import Testing
import TextTables

struct CommaSeparatedValuesTests {
  /// Also by the bytes that began like a byte order mark and are none.
  @Test(arguments: [0, 1]) func aRecordIsAsLongAsIsAllowed(_ more: Int) throws {
    let bytes = [0xEF, 0xBB] + [UInt8](repeating: 0x61, count: CommaSeparatedValues.lineLimit - 2 + more)
    var parser = CommaSeparatedValues()
    var refusal: Failure?
    bytes.withUnsafeBytes { bytes in
      do throws(Failure) { try parser.take(bytes) { (_) throws(Failure) in } } catch { refusal = error }
    }
    #expect((refusal?.cause.contains("longer") ?? false) == (more > 0))
  }

  @Test func anotherSeparatorLeavesCommasAlone() throws {
    var parser = CommaSeparatedValues(separator: 0x09)
    var rows: [[String]] = []
    func add(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      var row: [String] = []
      for index in 0..<fields.count { row.append(try fields.text(index)) }
      rows.append(row)
    }
    try Array("a,b\t\"c\td\"\n".utf8).withUnsafeBytesThrowing { (bytes) throws(Failure) in
      try parser.take(bytes, add)
    }
    try parser.finish(add)
    #expect(rows == [["a,b", "c\td"]])
  }

  @Test func itIsTheSameHoweverItIsCut() throws {
    let bytes = Array("filename,label\r\n\"a\"\"\r\n,b\",c\r\nd,e".utf8)
    func records(cutAt place: Int) throws -> [[String]] {
      var parser = CommaSeparatedValues()
      var records: [[String]] = []
      func add(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
        var record: [String] = []
        for index in 0..<fields.count { record.append(try fields.text(index)) }
        records.append(record)
      }
      try bytes.withUnsafeBytes { bytes in
        try parser.take(UnsafeRawBufferPointer(rebasing: bytes[..<place]), add)
        try parser.take(UnsafeRawBufferPointer(rebasing: bytes[place...]), add)
      }
      try parser.finish(add)
      return records
    }
    for place in 0...bytes.count {
      #expect(try records(cutAt: place) == [["filename", "label"], ["a\"\r\n,b", "c"], ["d", "e"]])
    }
  }
}
