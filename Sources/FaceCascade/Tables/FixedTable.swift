/// Memory of a fixed number of values that C code points into.
final class FixedTable<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  /// Copies the values.
  init(_ values: [Element]) {
    count = values.count
    base = .allocate(capacity: max(1, count))
    values.withUnsafeBufferPointer { base.update(from: $0.baseAddress ?? UnsafePointer(base), count: count) }
  }

  /// `count` times `value`, aligned to 64 bytes.
  init(repeating value: Element, count: Int) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Element>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(
      to: Element.self, capacity: max(1, count))
    base.initialize(repeating: value, count: count)
  }

  deinit {
    base.deallocate()
  }
}

/// Sets a C array, which Swift sees as a tuple, to values; the other elements keep theirs.
func assignArray<Tuple, Element: BitwiseCopyable>(_ tuple: inout Tuple, _ values: [Element]) {
  withUnsafeMutableBytes(of: &tuple) { bytes in
    precondition(values.count * MemoryLayout<Element>.stride <= bytes.count)
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }
}
