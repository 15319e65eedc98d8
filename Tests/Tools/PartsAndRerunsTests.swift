import Foundation
import Testing

extension ToolTests {
  /// What schedulers run: parts of films, and the same command again.
  struct PartsAndRerunsTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// The whole way, with findings.
    @Test func partsOfAFilmAreTheWholeThroughThePipe() throws {
      func records(_ option: String) throws -> [Substring] {
        let text = try folder.succeed(
          "fm-decode \(option) \(Fixtures.video) | fm-detect | fm-classify --no-pixels")
        return String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst().dropLast()
      }
      let whole = try records("")
      #expect(whole.count > 20)
      #expect(try (1...3).flatMap { try records("--chunk \($0)/3") } == whole)
    }

    @Test(arguments: ["0/3", "4/3", "3", "1/0", "-1/3", "a/b", "1/2/3", "1/3.0", "1/9999999", "", "/"])
    func whatIsNoPartIsRefused(_ part: String) throws {
      let result = try folder.run("fm-decode --chunk=\(part) \(Fixtures.video)")
      #expect(result.status == 64 && result.output.isEmpty, "\(result.messages)")
    }

    @Test(arguments: [
      "--chunk 1/2 --start 1", "--chunk 1/2 --frames 3", "--chunk 1/2 --realtime", "--chunk 1/2 --global-seq",
      "--global-seq", "--count decoding", "--skip-existing", "--skip-existing -o -",
    ]) func whatContradictsAPartIsRefused(_ options: String) throws {
      let result = try folder.run("fm-decode \(options) \(Fixtures.video)")
      #expect(result.status == 64 && result.output.isEmpty, "\(result.messages)")
    }

    /// Readable pictures only have numbers.
    @Test func foldersOfPicturesHaveParts() throws {
      try folder.succeed("mkdir album")
      try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25:d=0.4 album/%02d.png")
      try folder.write("no picture", to: "album/04.png")
      func frames(_ option: String) throws -> NSArray {
        try StreamRecords(try folder.run("fm-decode \(option) album").output, in: folder).frames as NSArray
      }
      let whole = try frames("")
      #expect(whole.count == 9)
      #expect(try (1...4).flatMap { try frames("--chunk \($0)/4") as [AnyObject] } as NSArray == whole)
    }

    /// Each tool that writes a file: made once, left alone by the same command, made again when it is not whole.
    @Test func whatIsWholeStays() throws {
      try folder.write(try folder.succeed("fm-decode \(Fixtures.video) | fm-detect"), to: "in.fm")
      let commands = [
        ("fm-decode \(Fixtures.video)", "a.fm"), ("fm-detect in.fm", "b.fm"),
        ("fm-classify --no-pixels in.fm", "c.ndjson"), ("fm-track --no-pixels in.fm", "d.ndjson"),
        ("fm-annotate in.fm", "e.mkv"), ("fm-export in.fm", "f.csv"),
        ("fm-stream compress in.fm", "h.fm.zst"),
      ]
      for (command, name) in commands {
        let whole = "\(command) --skip-existing -o \(name)"
        #expect(try folder.run(whole).status == 0)
        let data = folder.data(name)
        let again = try folder.run(whole)
        #expect(
          again.status == 0 && again.messages.hasSuffix("\(name): skipped, exists and is whole\n"), "\(again)"
        )
        // A stream says it by itself, also a compressed one.
        #expect(folder.exists(".\(name).whole") == ["e.mkv", "f.csv"].contains(name))
        // The last record, or the last bytes, are missing.
        try folder.write(data.dropLast(30), to: name)
        let repaired = try folder.run(whole)
        #expect(repaired.status == 0 && !repaired.messages.contains("skipped"), "\(repaired)")
        // An encoder's file may have a time or a number of its own.
        #expect(folder.data(name).count == data.count)
      }
      // Nobody said that this one is whole.
      #expect(try folder.run("fm-export in.fm -o g.csv").status == 0)
      #expect(try !folder.run("fm-export --skip-existing in.fm -o g.csv").messages.contains("skipped"))
      // A stream that was interrupted, or failed, has a name and is not whole.
      let text = String(decoding: folder.data("c.ndjson"), as: UTF8.self)
      try folder.write(text.replacingOccurrences(of: "\"ok\"", with: "\"interrupted\""), to: "c.ndjson")
      let made = try folder.run("fm-classify --no-pixels in.fm --skip-existing -o c.ndjson")
      #expect(made.status == 0 && !made.messages.contains("skipped"), "\(made)")
    }

    /// The input is not read: nothing comes from a pipe whose writer never ends.
    @Test func aRerunDoesNotReadItsInput() throws {
      try folder.succeed("fm-decode \(Fixtures.video) | fm-detect --skip-existing -o a.fm")
      let result = try folder.run("yes | fm-detect --skip-existing -o a.fm", within: 10)
      #expect(result.statuses == [128 + SIGPIPE, 0], "\(result.statuses)")
    }
  }
}
