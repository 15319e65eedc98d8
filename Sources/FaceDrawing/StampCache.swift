/// Stamps by what they show, the ones used longest ago given up when there are too many.
struct StampCache<Key: Hashable> {
  private struct Entry {
    var stamp: Stamp
    var lastUse: UInt64
  }

  private var entries: [Key: Entry] = [:]
  private var clock: UInt64 = 0
  let maximumCount: Int
  let maximumBytes: Int
  private(set) var byteCount = 0
  private(set) var hits = 0
  private(set) var misses = 0

  var count: Int { entries.count }

  init(maximumCount: Int, maximumBytes: Int) {
    self.maximumCount = maximumCount
    self.maximumBytes = maximumBytes
  }

  /// The stamp for `key`, made now if it is not there; nil if it cannot be made.
  mutating func stamp(for key: Key, make: () -> Stamp?) -> Stamp? {
    clock += 1
    if let index = entries.index(forKey: key) {
      hits += 1
      entries.values[index].lastUse = clock
      return entries.values[index].stamp
    }
    misses += 1
    guard let stamp = make() else { return nil }
    while !entries.isEmpty, entries.count >= maximumCount || byteCount + stamp.byteCount > maximumBytes {
      removeOldest()
    }
    entries[key] = Entry(stamp: stamp, lastUse: clock)
    byteCount += stamp.byteCount
    return stamp
  }

  private mutating func removeOldest() {
    guard let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    byteCount -= oldest.value.stamp.byteCount
    entries[oldest.key] = nil
  }

  mutating func removeAll() {
    entries.removeAll()
    byteCount = 0
  }
}
