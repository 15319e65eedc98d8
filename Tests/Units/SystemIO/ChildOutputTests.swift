import SystemIO
import Testing

/// What another program prints.
struct ChildOutputTests {
  private func output(_ script: String, limit: Int = 100, within seconds: Double = 10) throws -> String? {
    try ChildProcess.output(of: "sh", ["-c", script], limit: limit, within: seconds)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func answers() throws {
    #expect(try output("echo a; echo lost >&2; cat; printf b") == "a\nb")
    #expect(try output("exit 0") == "")
    #expect(try ChildProcess.output(of: "/nonexistent/program", []) == nil)
  }

  @Test func failures() {
    for (script, cause) in [
      ("echo a; exit 3", "its exit status is 3"), ("kill -9 $$", "signal 9 ended it"),
      ("exec yes", "it prints too much"), ("exec sleep 60", "it gives no answer in 0 s"),
    ] {
      #expect {
        try output(script, within: script.contains("sleep") ? 0.2 : 10)
      } throws: { ($0 as? Failure)?.cause == cause }
    }
  }
}
