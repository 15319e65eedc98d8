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
    let ends = try Pipe(failure)
    defer { ends.output.close() }
    do throws(Failure) {
      let started = try spawn(name, arguments, [(ends.output.number, 0), (2, 1)], failure)
      guard let number = started else {
        ends.input.close()
        return nil
      }
      return ChildProcess(number, ends.input)
    } catch {
      ends.input.close()
      throw error
    }
  }

  /// The ends of a new pipe, which programs that are started do not have.
  struct Pipe {
    /// Where it is read.
    let output: Descriptor
    /// Where it is written.
    let input: Descriptor

    init(_ failure: (Int32) -> Failure) throws(Failure) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw failure(errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (output, input) = (Descriptor(ends[0]), Descriptor(ends[1]))
    }
  }

  /// Starts a program by its name or path. Nil if there is none.
  /// - Parameter descriptors: which of this process's descriptors the program has under which number.
  static func spawn(
    _ name: String, _ arguments: [String], _ descriptors: [(own: Int32, number: Int32)],
    _ failure: (Int32) -> Failure
  ) throws(Failure) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (own, number) in descriptors { posix_spawn_file_actions_adddup2(&actions, own, number) }
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
    guard code != ENOENT else { return nil }
    guard code == 0 else { throw failure(code) }
    return number
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
