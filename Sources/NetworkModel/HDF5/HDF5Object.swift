import SystemIO

/// An object's header: the messages that make it a group or a data set (HDF5 File Format Specification, IV.A).
struct HDF5Object {
  /// A message's type and where its data lie.
  struct Message {
    var type: Int
    var offset: Int
    var length: Int
  }

  var messages: [Message] = []

  func first(_ type: Int) -> Message? { messages.first { $0.type == type } }

  static let dataspace = 0x01
  static let linkInfo = 0x02
  static let datatype = 0x03
  static let link = 0x06
  static let external = 0x07
  static let layout = 0x08
  static let filters = 0x0B
  static let attribute = 0x0C
  static let continuation = 0x10
  static let symbolTable = 0x11
  static let attributeInfo = 0x15

  /// Headers of more messages or pieces are refused.
  private static let mostMessages = 1 << 16

  init(_ file: HDF5Bytes, at address: Int) throws(Failure) {
    let what = "object header"
    if try file.byte(address, what) == 1 {
      let length = try file.size(address + 8, 4, what)
      try readVersion1(file, [(address + 16, length)])
    } else {
      try file.expect("OHDR", at: address, what)
      let flags = try file.byte(address + 5, what)
      var offset = address + 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
      let width = 1 << (flags & 3)
      let length = try file.size(offset, width, what)
      offset += width
      try readVersion2(file, [(offset, length)], hasOrder: flags & 4 != 0)
    }
  }

  private mutating func append(_ message: Message, _ pieces: inout [(Int, Int)], _ file: HDF5Bytes)
    throws(Failure)
  {
    try file.check(message.offset, message.length, "object header")
    guard messages.count < Self.mostMessages else { throw HDF5Bytes.damaged("object header") }
    messages.append(message)
    if message.type == Self.continuation, message.length >= 16,
      let next = try file.address(message.offset, "object header")
    {
      pieces.append((next, try file.size(message.offset + 8, 8, "object header")))
    }
  }

  private mutating func readVersion1(_ file: HDF5Bytes, _ first: [(Int, Int)]) throws(Failure) {
    var pieces = first
    var index = 0
    while index < pieces.count {
      let (start, length) = pieces[index]
      index += 1
      guard index < 1024 else { throw HDF5Bytes.damaged("object header") }
      try file.check(start, length, "object header")
      var offset = start
      while offset + 8 <= start + length {
        let message = Message(
          type: try file.size(offset, 2, "object header"), offset: offset + 8,
          length: try file.size(offset + 2, 2, "object header"))
        try append(message, &pieces, file)
        offset += 8 + message.length
      }
    }
  }

  private mutating func readVersion2(_ file: HDF5Bytes, _ first: [(Int, Int)], hasOrder: Bool) throws(Failure)
  {
    var pieces = first
    var index = 0
    while index < pieces.count {
      var (start, length) = pieces[index]
      if index > 0 {
        // A continuation has a signature before and a checksum after its messages.
        try file.expect("OCHK", at: start, "object header")
        guard length >= 8 else { throw HDF5Bytes.damaged("object header") }
        (start, length) = (start + 4, length - 8)
      }
      index += 1
      guard index < 1024 else { throw HDF5Bytes.damaged("object header") }
      try file.check(start, length, "object header")
      let head = hasOrder ? 6 : 4
      var offset = start
      while offset + head <= start + length {
        let message = Message(
          type: try file.byte(offset, "object header"), offset: offset + head,
          length: try file.size(offset + 1, 2, "object header"))
        try append(message, &pieces, file)
        offset += head + message.length
      }
    }
  }
}

/// The type of stored values (IV.A.2.d).
struct HDF5Type: Equatable {
  enum Kind: Equatable {
    case integer(signed: Bool)
    case float
    /// The upper half of a binary32, for which HDF5 has no name: Keras says so in an attribute.
    case bfloat16
    /// Bytes without a meaning.
    case opaque
    case string
    /// A length, and where in a global heap the characters are.
    case variableString
    case other
  }

  var kind: Kind
  /// Bytes of one value.
  var size: Int
  /// True if the most significant byte is the first.
  var isBigEndian = false

  init(_ file: HDF5Bytes, at offset: Int) throws(Failure) {
    let head = try file.byte(offset, "data type")
    let bits = try file.byte(offset + 1, "data type")
    size = try file.size(offset + 4, 4, "data type")
    switch head & 0x0F {
    case 0 where [1, 2, 4, 8].contains(size):
      kind = .integer(signed: bits & 8 != 0)
      isBigEndian = bits & 1 != 0
    case 1 where bits & 0x40 == 0 && [2, 4, 8].contains(size):
      isBigEndian = bits & 1 != 0
      // IEEE 754's layouts only: exponent and mantissa where binary16, binary32 and binary64 have them.
      let exponent = (try file.byte(offset + 12, "data type"), try file.byte(offset + 13, "data type"))
      let expected = [2: (10, 5), 4: (23, 8), 8: (52, 11)][size]
      kind =
        expected.map { $0 == exponent } == true
        ? .float : size == 2 && exponent == (7, 8) ? .bfloat16 : .other
    case 5: kind = .opaque
    case 3: kind = .string
    case 9 where bits & 0x0F == 1 && size == 16: kind = .variableString
    default: kind = .other
    }
  }
}
