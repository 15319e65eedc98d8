/// The bytes of a picture or of another payload, in aligned memory that is reused for the next one.
public final class Payload {
  /// The first of ``count`` bytes, aligned for vector loads.
  public private(set) var base: UnsafeMutablePointer<UInt8>
  /// How many bytes the memory has room for.
  package private(set) var capacity: Int
  /// The length in bytes.
  public private(set) var count = 0

  private static let alignment = 64

  /// An empty payload.
  public init() {
    capacity = 0
    base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: Payload.alignment)
      .assumingMemoryBound(to: UInt8.self)
  }

  deinit {
    base.deallocate()
  }

  /// Changes the length to `count` bytes, whose contents are then undefined.
  public func resize(to count: Int) {
    if count > capacity {
      base.deallocate()
      // The system provides pages only when data arrives, so a false size costs no memory.
      base = UnsafeMutableRawPointer.allocate(byteCount: count + 64, alignment: Payload.alignment)
        .assumingMemoryBound(to: UInt8.self)
      capacity = count
    }
    self.count = count
  }

  /// The bytes, valid until the next ``resize(to:)``.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
  /// The bytes for writing, valid until the next ``resize(to:)``.
  public var mutableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base, count: count)
  }
}
