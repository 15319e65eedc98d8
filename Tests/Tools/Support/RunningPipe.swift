import Checkout
import Foundation
import Synchronization
import Testing

/// Programs joined by pipes, as a shell joins them, in a process group of their own.
///
/// Nothing here waits for ever: what has not ended in time is killed and reported as a failure of the test.
final class RunningPipe {
  /// What is left when all have ended.
  struct Result {
    /// One for each program; 128 + the signal's number for one that a signal ended.
    var statuses: [Int32]
    /// What the last one wrote to standard output.
    var output: Data
    /// What all of them wrote to standard error.
    var messages: String
    var seconds: Double

    var status: Int32 { statuses.last ?? -1 }
    var text: String { String(decoding: output, as: UTF8.self) }
    /// Each program's exit status is 0.
    var isSuccess: Bool { statuses.allSatisfy { $0 == 0 } }
  }

  let processes: [pid_t]
  private let commands: [[String]]
  private let outputPath: String
  private let messagesPath: String
  private let start = Date()

  /// While pipes exist that a child of another thread must not inherit.
  private static let spawning = Mutex(())

  /// - Parameters:
  ///   - commands: each a program, by path or by name of one of ours or one in the PATH, and its arguments.
  ///   - input: the file that the first one reads.
  init(
    _ commands: [[String]], in folder: ToolFolder, input: String = "/dev/null",
    environment: [String: String] = [:]
  ) throws {
    self.commands = commands
    let mark = UUID().uuidString
    outputPath = folder.hidden("output-" + mark)
    messagesPath = folder.hidden("messages-" + mark)
    var variables = ProcessInfo.processInfo.environment
    variables["PATH"] = Programs.folder + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    variables.merge(environment) { $1 }
    let words = variables.map { $0.key + "=" + $0.value }
    let path = folder.path
    let (outputPath, messagesPath) = (outputPath, messagesPath)
    processes = try Self.spawning.withLock { _ in
      try Self.spawn(
        commands, folder: path, input: input, output: outputPath, messages: messagesPath, environment: words)
    }
  }

  private static func spawn(
    _ commands: [[String]], folder: String, input: String, output: String, messages: String,
    environment: [String]
  ) throws -> [pid_t] {
    var started: [pid_t] = []
    var source: Int32 = -1
    for (index, command) in commands.enumerated() {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      if index == 0 {
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
      } else {
        posix_spawn_file_actions_adddup2(&actions, source, 0)
      }
      var ends: [Int32] = [-1, -1]
      if index == commands.count - 1 {
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
      } else {
        precondition(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
      }
      posix_spawn_file_actions_addopen(&actions, 2, messages, O_WRONLY | O_CREAT | O_APPEND, 0o666)
      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      // A group of their own, and the signals as a shell would give them.
      posix_spawnattr_setpgroup(&attributes, started.first ?? 0)
      var signals = sigset_t()
      sigemptyset(&signals)
      posix_spawnattr_setsigmask(&attributes, &signals)
      for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
      posix_spawnattr_setsigdefault(&attributes, &signals)
      posix_spawnattr_setflags(
        &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
      let program = Programs.path("env")
      // env changes the folder and becomes the program.
      let words = [program, "-C", folder, Programs.path(command[0])] + command.dropFirst()
      var arguments = words.map { strdup($0) } + [nil]
      var variables = environment.map { strdup($0) } + [nil]
      defer { for text in arguments + variables { free(text) } }
      var process = pid_t()
      let code = posix_spawn(&process, program, &actions, &attributes, &arguments, &variables)
      if source >= 0 { close(source) }
      if ends[1] >= 0 { close(ends[1]) }
      source = ends[0]
      guard code == 0 else {
        if source >= 0 { close(source) }
        for other in started { kill(other, SIGKILL) }
        throw ProgramError(program: program, cause: String(cString: strerror(code)))
      }
      started.append(process)
    }
    return started
  }

  /// Sends a signal to one of the programs, or to all.
  func signal(_ number: Int32, to index: Int? = nil) {
    if let index {
      kill(processes[index], number)
    } else {
      kill(-processes[0], number)
    }
  }

  /// Waits until `isTrue`, at most `seconds`.
  func wait(_ seconds: Double = 20, until isTrue: () -> Bool) -> Bool {
    let limit = Date() + seconds
    while !isTrue() {
      if Date() > limit { return false }
      usleep(10_000)
    }
    return true
  }

  /// Waits until all have ended.
  func finish(
    within limit: Double = 60, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Result {
    var statuses = [Int32?](repeating: nil, count: processes.count)
    let deadline = Date() + limit
    var isLate = false
    while statuses.contains(where: { $0 == nil }) {
      for index in processes.indices where statuses[index] == nil {
        var status: Int32 = 0
        guard waitpid(processes[index], &status, WNOHANG) == processes[index] else { continue }
        statuses[index] = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
      }
      if !isLate, Date() > deadline {
        isLate = true
        let names = zip(commands, statuses).filter { $1 == nil }.map { $0.0.joined(separator: " ") }
        Issue.record("not ended after \(limit) s: \(names)", sourceLocation: sourceLocation)
        for process in processes { kill(process, SIGKILL) }
      }
      usleep(2000)
    }
    let output = FileManager.default.contents(atPath: outputPath) ?? Data()
    let messages = FileManager.default.contents(atPath: messagesPath) ?? Data()
    unlink(messagesPath)
    unlink(outputPath)
    return Result(
      statuses: statuses.map { $0 ?? -1 }, output: output,
      messages: String(decoding: messages, as: UTF8.self),
      seconds: Date().timeIntervalSince(start))
  }

  struct ProgramError: Error {
    var program: String
    var cause: String
  }
}

/// Where programs are.
enum Programs {
  /// The folder of our own: that of the running test, or what FM_BIN says.
  static let folder: String = {
    if let path = ProcessInfo.processInfo.environment["FM_BIN"] { return path }
    // The tests run from a bundle in the folder of the products, or, with newer toolchains, from a program
    // there; a loader's own path (/usr/...) is neither.
    let words = CommandLine.arguments + ["/proc/self/exe"]
    for word in words {
      guard let path = realpath(word, nil) else { continue }
      defer { free(path) }
      var folder = URL(fileURLWithPath: String(cString: path)).deletingLastPathComponent()
      for _ in 0..<3 {
        if access(folder.path + "/fm-decode", X_OK) == 0 { return folder.path }
        folder.deleteLastPathComponent()
      }
    }
    return "."
  }()

  static func path(_ name: String) -> String {
    if name.contains("/") { return name }
    if access(folder + "/" + name, X_OK) == 0 { return folder + "/" + name }
    return installed(name) ?? name
  }

  static func installed(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/" + name }
      .first { access($0, X_OK) == 0 }.map { String($0) }
  }

  /// All that the tests drive the tools with.
  static let areInstalled = ["ffmpeg", "ffprobe", "python3"].allSatisfy { installed($0) != nil }

  /// The second implementation of the stream, in Python, with the generator of the tests.
  static let streamReader = Checkout.root.appendingPathComponent("Tests/StreamReader/stream_tool.py").path
  /// The folder of the Python module that is installed.
  static let streamModule = Checkout.root.appendingPathComponent("Sources/Share/python").path
}
