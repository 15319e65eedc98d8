import Glibc
import Synchronization
import SystemIO

/// SIGINT, SIGTERM and SIGHUP as a request to finish the current frame and close the outputs.
///
/// The first one is noted; a second one of the same kind ends the process at once.
package final class StopSignal: Sendable {
  /// Becomes readable when a signal has come, and stays so.
  package let descriptor: Descriptor

  /// Where the handler writes; global because a signal handler has no context.
  private nonisolated(unsafe) static var handlerOutput: Int32 = -1
  private nonisolated(unsafe) static var received: Int32 = 0
  /// The output whose reader is waited for only briefly after a signal; -1 for none.
  private nonisolated(unsafe) static var boundOutput: Int32 = -1
  /// Byte count at the last alarm, and the number of consecutive alarms without progress on a full pipe.
  private nonisolated(unsafe) static var byteCount = 0
  private nonisolated(unsafe) static var stalledAlarms = 0

  /// Takes over the signals; made once in a process, before threads start.
  /// - Throws: ``Failure`` if there is no pipe for it.
  package init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Failure(.failed, step: "setting up signals", cause: systemMessage(errno))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    descriptor = Descriptor(ends[0])
    StopSignal.handlerOutput = ends[1]
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var current = sigaction()
      sigaction(number, nil, &current)
      // nohup and a shell's background jobs ask us to ignore some signals; that is respected.
      let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
      if unsafeBitCast(current.__sigaction_handler.sa_handler, to: Int.self) == ignored { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let saved = errno
        StopSignal.received = number
        var byte: UInt8 = 0
        _ = write(StopSignal.handlerOutput, &byte, 1)
        if StopSignal.boundOutput >= 0 {
          StopSignal.byteCount = Descriptor.writtenByteCount.load(ordering: .relaxed)
          alarm(1)
        }
        errno = saved
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
    }
    var watch = sigaction()
    watch.__sigaction_handler.sa_handler = { _ in
      let saved = errno
      let count = Descriptor.writtenByteCount.load(ordering: .relaxed)
      var output = pollfd(fd: StopSignal.boundOutput, events: Int16(POLLOUT), revents: 0)
      // Room, or no reader at all: the delay is not the reader's.
      let isFree = poll(&output, 1, 0) != 0
      StopSignal.stalledAlarms = isFree || count != StopSignal.byteCount ? 0 : StopSignal.stalledAlarms + 1
      StopSignal.byteCount = count
      if StopSignal.stalledAlarms == 2 {
        Glibc.signal(StopSignal.received, SIG_DFL)
        raise(StopSignal.received)
      }
      alarm(1)
      errno = saved
    }
    watch.sa_flags = SA_RESTART
    sigaction(SIGALRM, &watch, nil)
    // A closed pipe shows as EPIPE, so that files can still be closed.
    Glibc.signal(SIGPIPE, SIG_IGN)
    // A file that has reached its limit (ulimit -f) shows as EFBIG, so that what is half written is removed.
    Glibc.signal(SIGXFSZ, SIG_IGN)
  }

  /// The signal that came; nil if none has.
  package var signal: Int32? {
    let number = StopSignal.received
    return number == 0 ? nil : number
  }

  /// Limits the waiting for the output's reader after a signal: if it has one (a pipe, a socket, a terminal) that takes
  /// nothing for two seconds although there is something to take, the process ends there, within a record.
  package func boundWrites(to output: Descriptor) {
    guard !output.isRegularFile else { return }
    // Read here so that the counter is not initialized in a signal handler.
    StopSignal.byteCount = Descriptor.writtenByteCount.load(ordering: .relaxed)
    StopSignal.boundOutput = output.number
  }

  private let hasBegun = Atomic<Bool>(false)

  /// From now on the process ends its work itself when a signal comes; see ``endWhatHasNotBegun(_:)``.
  package func beginWork() { hasBegun.store(true, ordering: .relaxed) }

  /// Calls `body` half a second after a signal that comes before ``beginWork()``. Until then the tool only opens and
  /// reads, which heeds the signal by itself, unless a disk, a device or a library keeps the thread.
  func endWhatHasNotBegun(_ body: @escaping @Sendable (_ signal: Int32) -> Void) throws(Failure) {
    try onSignal { [self] in
      usleep(500_000)
      if !hasBegun.load(ordering: .relaxed), let signal { body(signal) }
    }
  }

  /// Calls `body` on a thread of its own when a signal comes.
  /// - Throws: ``Failure`` if there can be no thread.
  package func onSignal(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    let descriptor = descriptor
    _ = try WorkerThread {
      // Returns only when a signal has come: nothing else is ever read here.
      _ = try? descriptor.waitUntilReadable()
      body()
    }
  }

  /// Ends the process as the signal would have done by itself, so that a calling shell sees it.
  static func die(of number: Int32) -> Never {
    Glibc.signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    sigprocmask(SIG_UNBLOCK, &set, nil)
    raise(number)
    exit(1)
  }
}
