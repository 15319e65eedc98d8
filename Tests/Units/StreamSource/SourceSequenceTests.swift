import Foundation
import FrameMedia
import Synchronization
import SystemIO
import Testing

@testable import StreamSource

/// Whole streams, written into a file by this process.
struct SourceSequenceTests {
  private let folder: FileFolder
  private let output: Descriptor

  init() throws {
    folder = try FileFolder([])
    output = try Descriptor.openForUpdating(folder["stream.fm"])
    for (name, gray) in [("a.ppm", 10), ("b.ppm", 200)] {
      let pixels = [UInt8](repeating: UInt8(gray), count: 2 * 2 * 3)
      try (Data("P6 2 2 255\n".utf8) + Data(pixels)).write(to: URL(fileURLWithPath: folder[name]))
    }
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder["c.ppm"]))
  }

  /// The messages, and whether a signal has come.
  private final class Surroundings: Sendable {
    let warnings = Mutex<[String]>([])
    let isStopped = Mutex(false)
  }

  private let surroundings = Surroundings()

  private func write(_ inputs: [String], selection: FrameSelection = FrameSelection(), isStrict: Bool = false)
    throws -> SourceSequence.Outcome
  {
    let surroundings = surroundings
    let context = SourceContext(
      name: "fm-test", version: "1", arguments: ["x"], stop: Descriptor(-1),
      hasStopped: { surroundings.isStopped.withLock { $0 } },
      warn: { text in surroundings.warnings.withLock { $0.append(text) } }, note: { _ in })
    let writer = FrameWriter(context, output: output, selection: selection, mayReopen: false)
    func attempts(toOpen name: String) -> Int { 0 }
    let sequence = SourceSequence(
      context, writer, isStrict: isStrict, duration: nil, attempts: attempts(toOpen:)
    ) { (name, _) throws(Failure) in
      try MediaInput(path: name)
    }
    return try sequence.write(PictureFolder.sources(inputs, format: nil))
  }

  /// The stream's JSON lines.
  private func records() throws -> [[String: Any]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder["stream.fm"]))
    return try data.split(separator: 10).filter { $0.first == UInt8(ascii: "{") }.map {
      try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
    }
  }

  private func kinds() throws -> [String] { try records().compactMap { $0["type"] as? String } }

  @Test func picturesMakeOneStream() throws {
    let outcome = try write([folder["a.ppm"], folder["b.ppm"]])
    #expect(outcome.hasStreams && outcome.failure == nil)
    let records = try records()
    #expect(try kinds() == ["stream", "frame", "frame", "end"])
    #expect(records[1]["source"] as? String == folder["a.ppm"] && records[2]["seq"] as? Int == 1)
    #expect(records[3]["status"] as? String == "ok" && records[3]["frames"] as? Int == 2)
  }

  @Test func everyNthAndNoMoreThanAsked() throws {
    _ = try write(
      [folder["a.ppm"], folder["b.ppm"], folder["a.ppm"], folder["b.ppm"]],
      selection: FrameSelection(frames: 1, every: 2))
    #expect(try kinds() == ["stream", "frame", "end"])
  }

  @Test func picturesThatCannotBeReadAreCounted() throws {
    let outcome = try write([folder["a.ppm"], folder["c.ppm"], folder["b.ppm"]])
    #expect(outcome.hasStreams && outcome.failure?.cause == "1")
    #expect(try records().last?["unreadable"] as? Int == 1)
    #expect(surroundings.warnings.withLock { $0.count } == 1)
  }

  /// Whatever an entry of a folder is, the pictures after it are read.
  @Test func entriesThatCannotBeOpenedAreCounted() throws {
    let bad = try FileFolder(["d.ppm/"])
    for name in ["a.ppm", "z.ppm"] {
      try FileManager.default.copyItem(atPath: folder["a.ppm"], toPath: bad[name])
    }
    mkfifo(bad["b.ppm"], 0o600)
    symlink("/dev/zero", bad["c.ppm"])
    symlink("nowhere", bad["e.ppm"])
    symlink("f.ppm", bad["f.ppm"])
    let latin = FileName.text([0x67, 0xE9]) + ".ppm"
    try WholeFile.write([UInt8](Data(contentsOf: URL(fileURLWithPath: folder["b.ppm"]))), to: bad[latin])
    let outcome = try write([bad.path])
    #expect(outcome.failure?.kind == .badInput && outcome.failure?.cause == "6")
    #expect(try kinds() == ["stream", "frame", "frame", "end"])
    #expect(try records().compactMap { $0["source"] as? String } == [bad.path, bad["a.ppm"], bad["z.ppm"]])
    #expect(try records().last?["unreadable"] as? Int == 6)
    #expect(surroundings.warnings.withLock { $0.count } == 6)
    // By its own name it is read.
    let named = try write([bad["a.ppm"], bad[latin]])
    #expect(named.failure == nil)
    #expect(try records().last?["frames"] as? Int == 2)
    #expect(try records().dropLast().last?["source"] as? String == bad[latin])
  }

  @Test func strictReadingEndsAtTheFirst() throws {
    #expect(throws: Failure.self) {
      _ = try write([folder["a.ppm"], folder["c.ppm"], folder["b.ppm"]], isStrict: true)
    }
    #expect(try kinds() == ["stream", "frame", "end"])
    #expect(try records().last?["status"] as? String == "error")
  }

  @Test func anInputThatCannotBeOpenedHasAStreamThatSaysSo() throws {
    let outcome = try write([folder["none.mp4"], folder["a.ppm"]])
    #expect(outcome.hasStreams && outcome.failure?.cause == "1 of 2")
    #expect(try kinds() == ["stream", "end", "stream", "frame", "end"])
    #expect(try records()[1]["status"] as? String == "error")
  }

  @Test func theOnlyInputThatCannotBeOpenedLeavesNothing() throws {
    #expect(throws: Failure.self) { _ = try write([folder["none.mp4"]]) }
    #expect(try kinds() == [])
  }

  @Test func aSignalEndsTheWork() throws {
    surroundings.isStopped.withLock { $0 = true }
    _ = try write([folder["none.mp4"], folder["a.ppm"]])
    #expect(try kinds() == [])
  }
}
