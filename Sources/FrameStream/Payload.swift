/// The raw bytes that follow a record's line, in memory that is kept for the next record.
public final class Payload {
  /// Room for ``count`` bytes at least, aligned for vector loads.
  public private(set) var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  public private(set) var count = 0

  private static let alignment = 64

  public init() {
    capacity = 0
    base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: Payload.alignment)
      .assumingMemoryBound(to: UInt8.self)
  }

  deinit {
    base.deallocate()
  }

  /// Makes room for `count` bytes; what they hold is undefined.
  public func resize(to count: Int) {
    if count > capacity {
      base.deallocate()
      // Whole pages are left untouched until data arrives, so a false size costs no memory.
      base = UnsafeMutableRawPointer.allocate(byteCount: count + 64, alignment: Payload.alignment)
        .assumingMemoryBound(to: UInt8.self)
      capacity = count
    }
    self.count = count
  }

  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
  public var mutableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base, count: count)
  }
}
