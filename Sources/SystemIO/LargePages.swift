import Glibc

/// Asks the kernel for large pages where a block is large (`madvise(MADV_HUGEPAGE)`): touching 10 MB for the first
/// time costs 2,560 page faults otherwise, more than reading a model takes. Only advice: failure changes nothing.
package func adviseLargePages(_ base: UnsafeMutableRawPointer?, byteCount: Int) {
  let page = 2 << 20
  guard let base, byteCount >= 2 * page else { return }
  let address = UInt(bitPattern: base)
  let first = (address + UInt(page) - 1) & ~UInt(page - 1)
  let last = (address + UInt(byteCount)) & ~UInt(page - 1)
  guard last > first, let start = UnsafeMutableRawPointer(bitPattern: first) else { return }
  _ = madvise(start, Int(last - first), MADV_HUGEPAGE)
}
