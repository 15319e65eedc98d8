import Glibc
import Synchronization

/// Counts what chosen threads ask of the C library's allocator, which the functions below replace in the whole test
/// program; other tests, which run at the same time on other threads, are not counted.
enum AllocationCounter {
  /// Threads to count; 0 is none. Not an array: that would be allocated within an allocation.
  fileprivate static let first = Atomic<UInt>(0)
  fileprivate static let second = Atomic<UInt>(0)
  fileprivate static let counted = Atomic<Int>(0)

  /// The allocations of the two threads (or one of them) while `body` runs.
  static func count(_ threads: (UInt, UInt), _ body: () throws -> Void) rethrows -> Int {
    counted.store(0, ordering: .sequentiallyConsistent)
    first.store(threads.0, ordering: .sequentiallyConsistent)
    second.store(threads.1, ordering: .sequentiallyConsistent)
    defer {
      first.store(0, ordering: .sequentiallyConsistent)
      second.store(0, ordering: .sequentiallyConsistent)
    }
    try body()
    return counted.load(ordering: .sequentiallyConsistent)
  }

  /// The calling thread, as ``count(_:_:)`` takes it.
  static var thread: UInt { pthread_self() }

  @inline(__always) fileprivate static func note() {
    let (first, second) = (first.load(ordering: .relaxed), second.load(ordering: .relaxed))
    guard first | second != 0 else { return }
    let own = pthread_self()
    if own == first || own == second { counted.add(1, ordering: .relaxed) }
  }
}

@_silgen_name("__libc_malloc") private func libcMalloc(_ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_calloc") private func libcCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_realloc")
private func libcRealloc(_ pointer: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_memalign")
private func libcMemalign(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer?

@_cdecl("malloc") public func countedMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note()
  return libcMalloc(size)
}

@_cdecl("calloc") public func countedCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note()
  return libcCalloc(count, size)
}

@_cdecl("realloc")
public func countedRealloc(_ pointer: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note()
  return libcRealloc(pointer, size)
}

@_cdecl("aligned_alloc")
public func countedAlignedAlloc(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note()
  return libcMemalign(alignment, size)
}

@_cdecl("posix_memalign")
public func countedPosixMemalign(
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
  AllocationCounter.note()
  guard let memory = libcMemalign(alignment, size) else { return ENOMEM }
  result.pointee = memory
  return 0
}
