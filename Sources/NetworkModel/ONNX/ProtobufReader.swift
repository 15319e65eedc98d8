import SystemIO

/// The fields of one protobuf message, in the order in which they lie in a file; every number in it is untrusted.
///
/// The encoding: https://protobuf.dev/programming-guides/encoding.
struct ProtobufReader {
  /// One field: its number and what it holds.
  struct Field {
    var number: Int
    var value: Value
  }

  /// What a field holds, by its wire type.
  enum Value {
    case number(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    /// A text, a message, or packed numbers: where they lie in the file.
    case bytes(Range<Int>)
  }

  let contents: FileContents
  /// Where the next field begins.
  private(set) var position: Int
  private let end: Int

  /// The message that lies at `range` of the file, or the whole file.
  init(_ contents: FileContents, _ range: Range<Int>? = nil) {
    self.contents = contents
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? contents.count
  }

  /// True at the message's end.
  var isAtEnd: Bool { position >= end }

  /// The next field; nil at the end.
  /// - Throws: ``Failure`` (`badInput`) if a field does not end within its message.
  mutating func next() throws(Failure) -> Field? {
    guard !isAtEnd else { return nil }
    let tag = try varint()
    let number = tag >> 3
    guard number > 0, number < 1 << 29 else { throw Self.damaged("a field has the number \(number)") }
    let value: Value
    switch tag & 7 {
    case 0: value = .number(try varint())
    case 1: value = .fixed64(try fixed(8))
    case 2:
      let count = try varint()
      guard count <= UInt64(end - position) else {
        throw Self.damaged("a field of \(count) bytes in a message of which \(end - position) are left")
      }
      value = .bytes(position..<(position + Int(count)))
      position += Int(count)
    case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
    default: throw Self.damaged("a field of the wire type \(tag & 7)")
    }
    return Field(number: Int(number), value: value)
  }

  /// A number of one to ten bytes, seven bits each, the lowest first.
  mutating func varint() throws(Failure) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < end else { throw Self.damaged("the file is cut short, or a message ends in a number") }
      let byte = contents.base.load(fromByteOffset: position, as: UInt8.self)
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
    }
    throw Self.damaged("a number of more than ten bytes")
  }

  /// A number of `width` bytes, 4 or 8.
  mutating func fixed(_ width: Int) throws(Failure) -> UInt64 {
    guard end - position >= width else {
      throw Self.damaged("the file is cut short, or a message ends in a number")
    }
    defer { position += width }
    return width == 4
      ? UInt64(UInt32(littleEndian: contents.base.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
      : UInt64(littleEndian: contents.base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  static func damaged(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading ONNX", cause: "damaged: \(cause)")
  }
}

extension ProtobufReader.Field {
  /// A whole number, as `int64` has it.
  var integer: Int {
    get throws(Failure) {
      guard case .number(let bits) = value else { throw mismatch }
      return Int(Int64(bitPattern: bits))
    }
  }

  /// Where a text or message lies.
  var range: Range<Int> {
    get throws(Failure) {
      guard case .bytes(let range) = value else { throw mismatch }
      return range
    }
  }

  /// A text of at most ``ModelLimits/name`` bytes.
  func text(_ contents: FileContents) throws(Failure) -> String {
    let range = try self.range
    guard range.count <= ModelLimits.name else {
      throw Failure(
        .badInput, step: "reading ONNX",
        cause: "a name of \(range.count) bytes, more than \(ModelLimits.name)")
    }
    return String(
      decoding: UnsafeRawBufferPointer(start: contents.base + range.lowerBound, count: range.count),
      as: UTF8.self)
  }

  /// Appends a repeated field's whole numbers: one, or as many as are packed.
  /// - Parameter most: how many there may be, checked before they take memory: a byte may be a number.
  func append(to integers: inout [Int], _ contents: FileContents, most: Int) throws(Failure) {
    guard case .bytes(let range) = value else {
      try check(integers.count, most)
      integers.append(try integer)
      return
    }
    var reader = ProtobufReader(contents, range)
    while !reader.isAtEnd {
      try check(integers.count, most)
      integers.append(Int(Int64(bitPattern: try reader.varint())))
    }
  }

  /// Appends a repeated field's numbers of four bytes: one, or as many as are packed, `most` in all.
  func append(to floats: inout [Float], _ contents: FileContents, most: Int) throws(Failure) {
    switch value {
    case .fixed32(let bits):
      try check(floats.count, most)
      floats.append(Float(bitPattern: bits))
    case .bytes(let range):
      if range.count > 0 { try check(floats.count + (range.count - 1) / 4, most) }
      var reader = ProtobufReader(contents, range)
      while !reader.isAtEnd {
        floats.append(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.fixed(4))))
      }
    default: throw mismatch
    }
  }

  /// Appends a repeated field's numbers of eight bytes, as numbers of four, `most` in all.
  func append(toDoubles floats: inout [Float], _ contents: FileContents, most: Int) throws(Failure) {
    switch value {
    case .fixed64(let bits):
      try check(floats.count, most)
      floats.append(Float(Double(bitPattern: bits)))
    case .bytes(let range):
      if range.count > 0 { try check(floats.count + (range.count - 1) / 8, most) }
      var reader = ProtobufReader(contents, range)
      while !reader.isAtEnd { floats.append(Float(Double(bitPattern: try reader.fixed(8)))) }
    default: throw mismatch
    }
  }

  /// Refuses one number more than `most`.
  private func check(_ count: Int, _ most: Int) throws(Failure) {
    guard count < most else { throw ProtobufReader.damaged("field \(number) has more than \(most) numbers") }
  }

  private var mismatch: Failure { ProtobufReader.damaged("field \(number) has the wrong wire type") }
}
