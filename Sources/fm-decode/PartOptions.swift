import ArgumentParser
import FrameMedia
import FrameStream

/// Parts of an input, for several processes or machines, and the numbers of their frames.
struct PartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read the kth of n parts of the input, equally long; each frame, and each packet of sound, is in one of them.",
      valueName: "k/n"))
  var chunk: Chunk?

  @Flag(help: "With --start, let \"seq\" count from the beginning of the input.")
  var globalSeq = false

  @Option(
    help: ArgumentHelp(
      """
      How the frames before a part are counted: auto (by reading packets, where these tell) or decoding (all of them, \
      also in damaged files).
      """, valueName: "auto|decoding"))
  var count = FrameCounting.auto

  /// Refuses what contradicts a part.
  func validate(_ selection: SelectionOptions, _ reading: ReadingOptions, inputs: [String]) throws {
    guard chunk != nil else {
      if count == .decoding, !globalSeq {
        throw ValidationError("--count goes with --chunk or --global-seq.")
      }
      if globalSeq, reading.start == nil { throw ValidationError("--global-seq goes with --start.") }
      return
    }
    let others = [
      ("--start", reading.start != nil), ("--duration", reading.duration != nil),
      ("--frames", selection.frames != nil), ("--realtime", selection.realtime),
      ("--reconnect", reading.network.reconnect > 0), ("--global-seq", globalSeq),
    ]
    if let other = others.first(where: \.1) {
      throw ValidationError("--chunk and \(other.0) exclude each other.")
    }
    guard inputs.count == 1 else { throw ValidationError("--chunk takes one input.") }
  }
}

/// How the frames before a part are counted.
enum FrameCounting: String, CaseIterable, ExpressibleByArgument {
  case auto, decoding
}

extension Chunk: ExpressibleByArgument {
  /// Reads `3/8`.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }),
      let number = Int(parts[0]), let count = Int(parts[1])
    else { return nil }
    self.init(number: number, of: count)
  }
}
