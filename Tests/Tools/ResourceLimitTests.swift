import Foundation
import Testing

extension ToolTests {
  /// Small limits on stack and memory end a tool with a message, or let it work; never by a fault, never in silence.
  struct ResourceLimitTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try folder.write(Fixtures.stream, to: "in.fm")
    }

    /// Runs a command under a limit; every word is one of `exec`'s.
    private func run(_ limit: String, _ command: String) throws -> RunningPipe.Result {
      try folder.write("ulimit $1 $2\nshift 2\nexec \"$@\"\n", to: "limit.sh")
      return try folder.run("bash limit.sh \(limit) \(command)")
    }

    @Test(arguments: ["fm-decode", "fm-detect", "fm-classify", "fm-annotate", "fm-train"])
    func aSmallStack(_ tool: String) throws {
      let result = try run("-s 192", "\(tool) --version")
      #expect(result.status == 1)
      #expect(
        result.messages
          == "\(tool): the stack is too small: its limit is 192 KB, and 256 are needed (ulimit -s)\n")
      #expect(try run("-s 256", "\(tool) --version").isSuccess)
    }

    @Test(arguments: ["fm-detect -q --no-pixels in.fm", "fm-annotate -q -f null -o - in.fm"])
    func littleMemory(_ command: String) throws {
      var failures = 0
      for megabytes in stride(from: 80, through: 480, by: 25) {
        let result = try run("-v \(megabytes << 10)", command)
        if result.isSuccess { continue }
        failures += 1
        // 127 is the loader's, for libraries that find no room.
        #expect([1, 127].contains(result.status), "\(megabytes) MB: \(result.status)")
        #expect(!result.messages.isEmpty, "\(megabytes) MB")
      }
      #expect(failures > 0)
    }
  }
}
