import SystemIO

/// Bounds-checked little-endian reading of an HDF5 file's bytes; every number in it is untrusted.
struct HDF5Bytes {
  let contents: FileContents
  /// What is left of the work that the file may make.
  let budget: HDF5Budget
  let heaps = HDF5Heaps()
  var count: Int { contents.count }

  init(contents: FileContents) {
    self.contents = contents
    budget = HDF5Budget(byteCount: contents.count)
  }

  static func damaged(_ what: String) -> Failure {
    Failure(.badInput, step: "reading HDF5", cause: "damaged \(what)")
  }

  /// Checks that `length` bytes at `offset` are inside the file.
  func check(_ offset: Int, _ length: Int, _ what: String) throws(Failure) {
    try budget.spend(8)
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
      throw Self.damaged(what)
    }
  }

  func byte(_ offset: Int, _ what: String) throws(Failure) -> Int {
    try check(offset, 1, what)
    return Int(contents.base.load(fromByteOffset: offset, as: UInt8.self))
  }

  /// An unsigned number of `width` bytes (1 to 8).
  func number(_ offset: Int, _ width: Int, _ what: String) throws(Failure) -> UInt64 {
    try check(offset, width, what)
    var result: UInt64 = 0
    for index in (0..<width).reversed() {
      result = result << 8 | UInt64(contents.base.load(fromByteOffset: offset + index, as: UInt8.self))
    }
    return result
  }

  /// A size or count that must fit an `Int`.
  func size(_ offset: Int, _ width: Int, _ what: String) throws(Failure) -> Int {
    guard let value = Int(exactly: try number(offset, width, what)) else { throw Self.damaged(what) }
    return value
  }

  /// An address of eight bytes; nil if it is undefined (all ones).
  func address(_ offset: Int, _ what: String) throws(Failure) -> Int? {
    let value = try number(offset, 8, what)
    if value == .max { return nil }
    guard value < UInt64(count) else { throw Self.damaged(what) }
    return Int(value)
  }

  func expect(_ signature: StaticString, at offset: Int, _ what: String) throws(Failure) {
    try check(offset, signature.utf8CodeUnitCount, what)
    for index in 0..<signature.utf8CodeUnitCount
    where contents.base.load(fromByteOffset: offset + index, as: UInt8.self) != signature.utf8Start[index] {
      throw Self.damaged(what)
    }
  }

  /// The text up to a zero byte or `limit`.
  func text(_ offset: Int, limit: Int, _ what: String) throws(Failure) -> String {
    try check(offset, 0, what)
    let most = min(limit, count - offset)
    let bytes = UnsafeRawBufferPointer(start: contents.base + offset, count: most).prefix { $0 != 0 }
    try budget.spend(bytes.count)
    return String(decoding: bytes, as: UTF8.self)
  }
}
