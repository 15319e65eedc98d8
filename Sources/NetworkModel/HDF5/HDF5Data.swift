import SystemIO

/// A data set's shape, type and the places of its bytes (HDF5 File Format Specification, IV.A.2.b, d, i, l).
struct HDF5Data {
  let shape: [Int]
  private(set) var type: HDF5Type
  /// Where the values begin in ``storage``, and how many there are.
  private var offset = 0
  private var count = 0
  /// Where they lie: the file, or what its chunks were put together to.
  private var storage: HDF5Bytes

  /// - Throws: ``Failure`` (`badInput`) if the data are not numbers, of another shape, or not stored plainly.
  /// - Parameter isBFloat16: Whether opaque values of two bytes are said to be bfloat16.
  init(_ file: HDF5Bytes, _ object: HDF5Object, expected: [Int]?, limit: Int, isBFloat16: Bool = false)
    throws(Failure)
  {
    func refuse(_ cause: String) -> Failure { Failure(.badInput, step: "reading HDF5", cause: cause) }
    guard let space = object.first(HDF5Object.dataspace), let kind = object.first(HDF5Object.datatype),
      let layout = object.first(HDF5Object.layout)
    else { throw HDF5Bytes.damaged("data set") }
    guard object.first(HDF5Object.external) == nil else { throw refuse("its data are in another file") }
    type = try HDF5Type(file, at: kind.offset)
    storage = file
    if isBFloat16, type.kind == .opaque, type.size == 2 { type.kind = .bfloat16 }
    switch type.kind {
    case .integer, .float, .bfloat16: break
    default: throw refuse("not of numbers, or of a kind that is not supported")
    }
    let shape = try HDF5Space.shape(file, at: space.offset)
    if let expected, shape != expected { throw refuse("its shape is \(shape), the layer needs \(expected)") }
    var count = 1
    for side in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: side)
      guard !overflow, product <= limit else { throw refuse("\(shape) is too large") }
      count = product
    }
    self.shape = shape
    // The fourth version differs from the third for chunks only.
    let version = try file.byte(layout.offset, "layout")
    guard version == 3 || version == 4 else { throw refuse("its storage layout is not supported") }
    switch try file.byte(layout.offset + 1, "layout") {
    case 0:
      try add(file, layout.offset + 4, count)
      guard count * type.size <= (try file.size(layout.offset + 2, 2, "layout")) else {
        throw HDF5Bytes.damaged("data set")
      }
    case 1:
      if count == 0 { return }
      guard let address = try file.address(layout.offset + 2, "layout") else {
        throw refuse("its values were never written")
      }
      try add(file, address, count)
    case 2 where version == 3:
      guard count > 0 else { return }
      let chunks = try HDF5Chunks(file, object, layout, shape, type.size)
      storage = HDF5Bytes(contents: try chunks.contents(file))
      try add(storage, 0, count)
    default: throw refuse("its storage layout is not supported")
    }
  }

  private mutating func add(_ file: HDF5Bytes, _ offset: Int, _ count: Int) throws(Failure) {
    // Both bounded: the limit of values, eight bytes at most.
    try file.check(offset, count * type.size, "data set")
    try file.budget.spend(count * type.size)
    (self.offset, self.count) = (offset, count)
  }

  /// All values as floats.
  func floats() -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      adviseLargePages(buffer.baseAddress, byteCount: count * MemoryLayout<Float>.stride)
      convert(into: buffer)
      initialized = count
    }
  }

  /// Writes the values to `buffer`, which has room for all.
  private func convert(into buffer: UnsafeMutableBufferPointer<Float>) {
    guard count > 0 else { return }
    let source = storage.contents.base + offset
    switch (type.kind, type.size) {
    case (.float, 4) where !type.isBigEndian:
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(start: source, count: count * 4))
    case (.float, 4): for i in 0..<count { buffer[i] = Float(bitPattern: bits(source, i)) }
    case (.float, 8): for i in 0..<count { buffer[i] = Float(Double(bitPattern: bits(source, i))) }
    case (.float, _): for i in 0..<count { buffer[i] = Binary16.float(bits(source, i)) }
    case (.bfloat16, _):
      for i in 0..<count {
        let half: UInt16 = bits(source, i)
        buffer[i] = Float(bitPattern: UInt32(half) << 16)
      }
    default: for i in 0..<count { buffer[i] = Float(integer(source, i)) }
    }
  }

  /// A value's bits, whatever order its bytes have.
  @inline(__always)
  private func bits<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeMutableRawPointer, _ index: Int
  )
    -> Bits
  {
    let bits = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
    return type.isBigEndian ? bits.byteSwapped : bits
  }

  /// The values of a data set of whole numbers; unsigned ones above the largest signed become that.
  func integers() -> [Int64] {
    (0..<count).map { integer(storage.contents.base + offset, $0) }
  }

  private func integer(_ source: UnsafeMutableRawPointer, _ index: Int) -> Int64 {
    let isSigned = type.kind == .integer(signed: true)
    let at = index * type.size
    switch type.size {
    case 1:
      return isSigned
        ? Int64(source.load(fromByteOffset: at, as: Int8.self))
        : Int64(source.load(fromByteOffset: at, as: UInt8.self))
    case 2:
      let bits: UInt16 = bits(source, index)
      return isSigned ? Int64(Int16(bitPattern: bits)) : Int64(bits)
    case 4:
      let bits: UInt32 = bits(source, index)
      return isSigned ? Int64(Int32(bitPattern: bits)) : Int64(bits)
    default:
      let bits: UInt64 = bits(source, index)
      return isSigned ? Int64(bitPattern: bits) : Int64(clamping: bits)
    }
  }
}

/// A data space's message.
enum HDF5Space {
  /// The sides of the space at `offset`; none for a single value.
  static func shape(_ file: HDF5Bytes, at offset: Int) throws(Failure) -> [Int] {
    let version = try file.byte(offset, "data space")
    let rank = try file.byte(offset + 1, "data space")
    guard version == 1 || version == 2, rank <= 32 else { throw HDF5Bytes.damaged("data space") }
    if version == 2, try file.byte(offset + 3, "data space") == 2 { return [0] }
    var shape: [Int] = []
    for index in 0..<rank {
      shape.append(try file.size(offset + (version == 1 ? 8 : 4) + index * 8, 8, "data space"))
    }
    return shape
  }
}

/// An attribute's message (IV.A.2.m).
struct HDF5Attribute {
  let name: String
  private let message: HDF5Object.Message
  private let type: HDF5Type
  private let shape: [Int]
  private let data: Int

  init(_ file: HDF5Bytes, _ message: HDF5Object.Message) throws(Failure) {
    self.message = message
    let version = try file.byte(message.offset, "attribute")
    guard (1...3).contains(version) else { throw HDF5Bytes.damaged("attribute") }
    func padded(_ length: Int) -> Int { version == 1 ? (length + 7) & ~7 : length }
    let nameLength = try file.size(message.offset + 2, 2, "attribute")
    let typeLength = try file.size(message.offset + 4, 2, "attribute")
    let spaceLength = try file.size(message.offset + 6, 2, "attribute")
    let start = message.offset + (version == 3 ? 9 : 8)
    name = try file.text(start, limit: nameLength, "attribute")
    type = try HDF5Type(file, at: start + padded(nameLength))
    shape = try HDF5Space.shape(file, at: start + padded(nameLength) + padded(typeLength))
    data = start + padded(nameLength) + padded(typeLength) + padded(spaceLength)
  }

  /// The attribute's text, one element or many.
  func strings(_ file: HDF5Bytes) throws(Failure) -> [String] {
    var count = 1
    for side in shape {
      guard side == 0 || count <= (1 << 16) / side else { throw HDF5Bytes.damaged("attribute") }
      count *= side
    }
    if count == 0 { return [] }
    let end = message.offset + message.length
    guard type.size > 0, data <= end, count <= (end - data) / type.size else {
      throw HDF5Bytes.damaged("attribute")
    }
    var result: [String] = []
    // All text together is bounded by the file, whatever the elements claim.
    var left = file.count
    for index in 0..<count {
      let offset = data + index * type.size
      switch type.kind {
      case .string: result.append(try file.text(offset, limit: type.size, "attribute"))
      case .variableString:
        let text = try heapText(file, offset)
        left -= text.utf8.count
        guard left >= 0 else { throw HDF5Bytes.damaged("attribute") }
        result.append(text)
      default: throw Failure(.badInput, step: "reading HDF5", cause: "not text")
      }
    }
    return result
  }

  /// A string in a global heap: its length, the heap's address, the object's number there (III.E).
  private func heapText(_ file: HDF5Bytes, _ offset: Int) throws(Failure) -> String {
    let length = try file.size(offset, 4, "attribute")
    guard length > 0, let heap = try file.address(offset + 4, "heap") else { return "" }
    let number = try file.size(offset + 12, 4, "heap")
    guard let object = try file.heaps.objects(file, heap)[number] else { throw HDF5Bytes.damaged("heap") }
    return try file.text(object.lowerBound, limit: min(length, object.count), "heap")
  }
}

/// Where the objects of global heaps lie (III.E): each heap is walked once, however many names are in it.
final class HDF5Heaps {
  /// By a heap's address, and an object's number.
  private var known: [Int: [Int: Range<Int>]] = [:]

  /// The objects of the heap at an address.
  func objects(_ file: HDF5Bytes, _ heap: Int) throws(Failure) -> [Int: Range<Int>] {
    if let objects = known[heap] { return objects }
    try file.expect("GCOL", at: heap, "heap")
    let size = try file.size(heap + 8, 8, "heap")
    try file.check(heap, size, "heap")
    var objects: [Int: Range<Int>] = [:]
    var position = heap + 16
    while position + 16 <= heap + size {
      let number = try file.size(position, 2, "heap")
      let bytes = try file.size(position + 8, 8, "heap")
      try file.check(position + 16, bytes, "heap")
      // Number 0 is the free room behind the last one.
      if number == 0 { break }
      if objects[number] == nil { objects[number] = position + 16..<position + 16 + bytes }
      position += 16 + (bytes + 7) & ~7
    }
    known[heap] = objects
    return objects
  }
}
