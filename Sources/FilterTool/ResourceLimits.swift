import Glibc
import SystemIO

/// The limits on a process's stack and memory (`ulimit -s`, `ulimit -v`): where one is too small, the tool ends with a
/// message and not with a fault.
enum ResourceLimits {
  /// The smallest stack that the command line's parser, libav's threads and a damaged file's nesting go with, in bytes.
  private static let smallestStack: rlim_t = 256 << 10

  /// What the handler writes; global because a signal handler has no context.
  private nonisolated(unsafe) static var message = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private nonisolated(unsafe) static var isTold = false

  /// Checks the stack; to be called before anything else.
  /// - Throws: ``Failure`` (`failed`) that names the limit.
  static func checkStack() throws(Failure) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0, limit.rlim_cur < smallestStack
    else { return }
    throw Failure(
      .failed, step: "the stack is too small",
      cause: "its limit is \(limit.rlim_cur >> 10) KB, and \(smallestStack >> 10) are needed (ulimit -s)")
  }

  /// Says why, when memory that could not be had ends the process: Swift's allocations do not fail, they fault.
  static func watchMemory(toolName: String) {
    let text = Array("\(toolName): out of memory (is it limited, by ulimit -v?)\n".utf8)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
    bytes.copyBytes(from: text)
    message = bytes
    for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // The system's last word to this thread. Any other fault happens again when this returns, and ends the process
        // as it would have without a handler.
        guard errno == ENOMEM else {
          signal(number, SIG_DFL)
          return
        }
        // Two threads may find no memory at the same time: the second waits for the first one's exit.
        while ResourceLimits.isTold { pause() }
        ResourceLimits.isTold = true
        _ = write(STDERR_FILENO, ResourceLimits.message.baseAddress, ResourceLimits.message.count)
        _exit(Failure.Kind.failed.exitStatus)
      }
      sigaction(number, &action, nil)
    }
  }
}
