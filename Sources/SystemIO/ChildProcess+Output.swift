import Glibc

extension ChildProcess {
  /// What a program prints to standard output, which is short. It reads nothing, and what it says on standard error is
  /// lost. Nil if there is no such program.
  /// - Parameters:
  ///   - limit: the most bytes; a program that prints more is ended.
  ///   - seconds: how long it may take; then it is ended.
  /// - Throws: ``Failure`` (`failed`) naming the program if it cannot be started, fails, or takes too long.
  package static func output(
    of name: String, _ arguments: [String], limit: Int = 1 << 16, within seconds: Double = 10
  ) throws(Failure) -> [UInt8]? {
    func failure(_ cause: String) -> Failure {
      Failure(.failed, step: "cannot ask", subject: name, cause: cause)
    }
    let ends = try Pipe { failure(systemMessage($0)) }
    defer { ends.output.close() }
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nothing) }
    let started: pid_t?
    do throws(Failure) {
      started = try spawn(name, arguments, [(nothing, 0), (ends.input.number, 1), (nothing, 2)]) {
        failure(systemMessage($0))
      }
    } catch {
      ends.input.close()
      throw error
    }
    ends.input.close()
    guard let number = started else { return nil }
    let end = MonotonicClock.seconds() + seconds
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    var isOver = false
    while !isOver, filled < limit, ends.output.isReadable(within: end - MonotonicClock.seconds()) {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(ends.output.number, $0.baseAddress! + filled, limit - filled)
      }
      if count < 0, errno == EINTR { continue }
      isOver = count <= 0
      filled += max(count, 0)
    }
    if !isOver { kill(number, SIGKILL) }
    var word: Int32 = 0
    _ = retryingOnInterrupt { waitpid(number, &word, 0) }
    guard isOver else {
      throw failure(filled == limit ? "it prints too much" : "it gives no answer in \(Int(seconds)) s")
    }
    guard word == 0 else {
      throw failure(
        word & 0x7F == 0 ? "its exit status is \(word >> 8 & 0xFF)" : "signal \(word & 0x7F) ended it")
    }
    return Array(bytes[..<filled])
  }
}
