import Foundation
import Testing

extension ToolTests {
  /// The tools and the Python implementation of the stream: what one writes the other takes.
  struct StreamAgreementTests {
    let folder: ToolFolder

    /// Prints every record without what the tools put in, a line each; payloads by their hash.
    private static let reducer = """
      import sys, hashlib
      sys.path.insert(0, sys.argv[1])
      sys.dont_write_bytecode = True
      from fm_stream import Object, Reader, serialize
      own = set(sys.argv[2:])
      for record in Reader(sys.stdin.buffer):
          pairs = Object(p for p in record.object if p[0] not in ('history',) and ('faces' not in own or p[0] != 'faces'))
          for index, (key, value) in enumerate(pairs):
              if key == 'faces':
                  pairs[index] = (key, [Object(p for p in face if p[0] not in own) for face in value])
          print(serialize(pairs), hashlib.sha256(record.payload).hexdigest())
      """

    init() throws {
      folder = try ToolFolder()
      try folder.write(Self.reducer, to: "reduce.py")
    }

    /// A random stream. The format is known by its first bytes, so its first line begins with them.
    private func generate(_ options: String) throws -> Data {
      let data = try folder.succeed("fm_stream.py generate \(options)")
      guard let colon = data.firstIndex(of: UInt8(ascii: ":")) else { return data }
      return Data("{\"fm\"".utf8) + data[colon...].replacingLeadingColonSpace()
    }

    private func reduced(_ stream: Data, without keys: String) throws -> String {
      String(
        decoding: try folder.succeed("python3 reduce.py \(Programs.streamModule) \(keys)", data: stream),
        as: UTF8.self)
    }

    @Test(arguments: [
      "--seed 2 --frames 6 --packets", "--seed 3 --frames 6 --unknown",
      "--seed 4 --frames 3 --concat 3 --unknown --packets", "--seed 5 --frames 0",
      "--seed 7 --frames 5 --format rgb24 --unknown", "--seed 8 --frames 5 --format nv12 --size 1x1",
      "--seed 14 --frames 6 --unknown --packets",
    ])
    func whatTheToolsDoNotKnowGoesThrough(_ options: String) throws {
      let stream = try generate(options)
      let before = try StreamRecords(stream, in: folder)
      try checkDetect(stream, before)
      try checkClassify(stream, before)
    }

    private func checkDetect(_ stream: Data, _ before: StreamRecords) throws {
      let result = try folder.run("fm-detect", data: stream)
      let isSearchable = before.frames.allSatisfy { $0["payload"] != nil }
      guard isSearchable else {
        #expect(result.status == 65, "\(result.messages)")
        #expect(result.messages.contains("no pixels to search"))
        #expect(
          try folder.run("fm_stream.py check", data: result.output).status == 1, "it is closed with an error")
        return
      }
      #expect(result.isSuccess && ToolFolder.unexpected(result.messages) == "", "\(result.messages)")
      #expect(try reduced(result.output, without: "faces") == reduced(stream, without: "faces"))
      let after = try StreamRecords(result.output, in: folder)
      #expect(after.frames.allSatisfy { $0["faces"] is [Any] })
      for history in after.all("stream").map({ $0["history"] as? [[String: Any]] ?? [] }) {
        #expect(history.map { $0["name"] as? String } == ["fm_stream.py", "fm-detect"])
      }
    }

    private func checkClassify(_ stream: Data, _ before: StreamRecords) throws {
      // Quiet: faces that have names already are classified again, which it says.
      let result = try folder.run("fm-classify --quiet", data: stream)
      let frames = before.frames
      if let broken = frames.first(where: { frame in
        guard let faces = frame["faces"] as? [Any] else { return true }
        return !faces.isEmpty && frame["payload"] == nil
      }) {
        #expect(result.status == 65, "\(result.messages)")
        #expect(
          result.messages.contains(broken["faces"] == nil ? "no faces to classify" : "no pixels to classify"))
        return
      }
      #expect(result.isSuccess && ToolFolder.unexpected(result.messages) == "", "\(result.messages)")
      let keys = "expression confidence scores"
      #expect(try reduced(result.output, without: keys) == reduced(stream, without: keys))
    }

    @Test(arguments: ["error", "interrupted"]) func aStatusGoesDownThePipe(_ status: String) throws {
      let stream = try generate("--seed 21 --frames 3 --format gray --size 32x32 --status \(status)")
      let result = try folder.run("fm-detect | fm-classify --no-pixels", data: stream)
      #expect(result.statuses == [1, 1], "\(result.messages)")
      #expect(result.messages.contains("fm-detect: standard input: stopped upstream: "))
      let records = try StreamRecords(result.output, in: folder)
      #expect(records.end["status"] as? String == status)
      #expect(records.frames.count == 3)
    }

    @Test func dumpsAgree() throws {
      let stream = Fixtures.stream
      #expect(stream.count > 10_000)
      let copied = try folder.succeed("fm_stream.py copy", data: stream)
      #expect(copied == stream)
      let twice = try folder.succeed("fm-detect", data: stream + stream)
      let summary = String(decoding: try folder.succeed("fm_stream.py check", data: twice), as: UTF8.self)
      #expect(summary.contains("\"streams\": 2"))
    }
  }
}

extension Data.SubSequence {
  /// A colon and what follows it, without the spaces between.
  fileprivate func replacingLeadingColonSpace() -> Data {
    Data([UInt8(ascii: ":")]) + Data(dropFirst().drop { $0 == 0x20 || $0 == 0x09 })
  }
}
