import Glibc

/// A program that runs beside this one and reads what is written to it.
package final class ChildProcess {
  /// Where to write what the program reads; closed by ``closeInput()``.
  package let input: Descriptor
  private let number: pid_t
  private var isOpen = true
  private var result: Int32?

  /// Starts an installed program by its name. What it prints goes to standard error. Nil if no folder of `PATH` has it.
  /// - Throws: ``Failure`` (`failed`) if it cannot be started.
  package static func start(_ name: String, _ arguments: [String]) throws(Failure) -> ChildProcess? {
    func failure(_ code: Int32) -> Failure {
      Failure(.failed, step: "cannot start", subject: name, cause: systemMessage(code))
    }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { _ = Glibc.close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_adddup2(&actions, 2, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals that this process handles or ignores mean to the program what they mean to any other.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGALRM] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = ([name] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var number: pid_t = 0
    let code = posix_spawnp(&number, name, &actions, &attributes, words, environ)
    guard code == 0 else {
      _ = Glibc.close(ends[1])
      if code == ENOENT { return nil }
      throw failure(code)
    }
    return ChildProcess(number, Descriptor(ends[1]))
  }

  private init(_ number: pid_t, _ input: Descriptor) {
    self.number = number
    self.input = input
  }

  deinit {
    closeInput()
    if result == nil { stop() }
  }

  /// Ends what the program reads.
  package func closeInput() {
    if isOpen { input.close() }
    isOpen = false
  }

  /// Asks the program to end.
  package func stop() { kill(number, SIGTERM) }

  /// The program's exit status once it has ended, 128 and the signal's number if a signal ended it; nil before.
  package var status: Int32? {
    if let result { return result }
    var word: Int32 = 0
    guard waitpid(number, &word, WNOHANG) == number else { return nil }
    result = word & 0x7F == 0 ? word >> 8 & 0xFF : 128 + (word & 0x7F)
    return result
  }
}
