import Synchronization
import SystemIO

/// libhdf5 as a whole, which is not safe for threads.
enum HDF5Library {
  private static let lock = Mutex<Void>(())

  /// Runs `body` while no other thread uses the library.
  static func run<Result: Sendable>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    try lock.withLock { (_) throws(Failure) in try body() }
  }
}
