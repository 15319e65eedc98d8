import Foundation
import FrameStream
import SystemIO
import Testing

extension ToolTests {
  /// A stream cut anywhere is reported as cut.
  struct CutStreamTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// A header, two small frames, a packet.
    private func smallStream() throws -> Data {
      try folder.succeed("fm_stream.py generate --seed 11 --frames 2 --size 6x5 --format yuv420p --packets")
    }

    @Test func atEveryByteForTheLibrary() throws {
      let bytes = [UInt8](try smallStream())
      let record = Record()
      for cut in 0..<bytes.count {
        var parser = StreamParser()
        let failure = #expect(throws: Failure.self, "cut at \(cut)") {
          try bytes[..<cut].withUnsafeBytes { all in
            var position = 0
            while position < all.count {
              let rest = UnsafeRawBufferPointer(rebasing: all[position...])
              position += try parser.take(rest, into: record).used
            }
          }
          try parser.finish()
        }
        #expect(failure?.kind == .inputOutput, "cut at \(cut)")
      }
    }

    @Test func atManyBytesForTheTool() throws {
      let stream = try smallStream()
      let step = stream.count / 18
      for cut in stride(from: 0, to: stream.count, by: step) {
        let result = try folder.run("fm-detect --threads 2", data: stream.prefix(cut))
        #expect(result.status == 74, "cut at \(cut): \(result.messages)")
        // The header's pixels are not square, which is said first.
        let errors = result.messages.split(separator: "\n").filter { !$0.contains("--square") }
        #expect(
          errors.count == 1 && errors[0].hasPrefix("fm-detect: standard input: input cut short: "),
          "cut at \(cut)")
        guard !result.output.isEmpty, cut / step % 4 == 3 else { continue }
        let check = try folder.run("fm_stream.py check", data: result.output)
        #expect(check.status == 1, "closed with an error: \(check.messages)")
      }
    }

    @Test(arguments: ["mp4", "mkv"]) func annotateLeavesNothing(_ name: String) throws {
      let stream = Fixtures.stream
      for part in [0.001, 0.3, 0.6, 0.99] {
        let cut = stream.prefix(Int(Double(stream.count) * part))
        let result = try folder.run("fm-annotate -o out.\(name)", data: cut)
        #expect(result.status == 74, "\(result.messages)")
        #expect(result.messages.contains("input cut short"))
        #expect(folder.names.isEmpty, "\(folder.names)")
      }
    }

    /// The reader may be waiting for more when the failure comes; half a file must go even so.
    @Test func annotateLeavesNothingWhenItsInputIsMalformedAndOpen() throws {
      var broken = Fixtures.stream
      let middle = broken.count * 2 / 3
      broken.replaceSubrange(middle..<middle + 20_000, with: repeatElement(UInt8(ascii: "x"), count: 20_000))
      try broken.write(to: URL(fileURLWithPath: folder.hidden("broken.fm")))
      // cat keeps the pipe open through the terminal-less tail.
      let result = try folder.run(
        "bash -c cat${IFS}\(folder.hidden("broken.fm"));sleep${IFS}3 | fm-annotate -o out.mp4", within: 20)
      #expect(result.status == 65, "\(result.messages)")
      #expect(folder.names.isEmpty, "\(folder.names)")
    }

    @Test(arguments: ["fm-detect", "fm-classify"]) func aNamedOutputOfACutStreamIsNotKept(_ tool: String)
      throws
    {
      try folder.write("kept", to: "old.fm")
      let stream = try folder.run("fm-detect", data: Fixtures.stream).output
      for name in ["old.fm", "new.fm"] {
        let result = try folder.run("\(tool) -o \(name)", data: stream.prefix(stream.count / 2))
        #expect(result.status == 74)
      }
      #expect(folder.names == ["old.fm"])
      #expect(folder.data("old.fm") == Data("kept".utf8))
    }
  }
}
