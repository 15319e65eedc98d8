import Synchronization

/// The request that this process end, as a descriptor that becomes readable when a signal has made it.
///
/// Whatever opens or reads a file by its name gives up then, unless it was given a descriptor of its own.
package enum StopRequest {
  private static let number = Atomic<Int32>(-1)

  /// Nil if the process has none: then reading waits as long as it takes.
  package static var descriptor: Descriptor? {
    let number = number.load(ordering: .relaxed)
    return number < 0 ? nil : Descriptor(number)
  }

  /// Sets the descriptor; done once, where the process takes over its signals.
  package static func observe(_ descriptor: Descriptor) {
    number.store(descriptor.number, ordering: .relaxed)
  }
}
