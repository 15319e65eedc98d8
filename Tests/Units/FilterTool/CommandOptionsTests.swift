import ArgumentParser
import FrameStream
import Testing

@testable import FilterTool

/// What a command's entry in the history says of its options.
struct CommandOptionsTests {
  enum Mode: String, ExpressibleByArgument, CaseIterable { case fast, exact }

  struct Side: ExpressibleByArgument {
    let value: Double
    init?(argument: String) {
      guard let value = Double(argument) else { return nil }
      self.value = value
    }
  }

  struct Group: ParsableArguments {
    @Option var minNeighbors = 3
    @Option var region: PictureSize?
    @Flag var noPixels = false
  }

  struct Command: ParsableCommand {
    @Argument var input = "-"
    @OptionGroup var group: Group
    @Option var scale = 1.5
    @Option var mode = Mode.fast
    @Option var side: Side?
    @Option var cascade: [String] = []
    @Option var output = "-"
    @Flag(inversion: .prefixedNo) var flip: Bool?
    @OptionGroup var messages: MessageOptions
  }

  private func text(_ arguments: [String]) throws -> String {
    let values = CommandOptions(of: try Command.parse(arguments)).values
    var writer = JSONWriter()
    writer.object {
      for (key, value) in values { $0.field(key, value) }
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func optionsInForceWithTheirDefaults() throws {
    #expect(try text([]) == #"{"min_neighbors":3,"scale":1.5,"mode":"fast"}"#)
    #expect(
      try text([
        "in.fm", "--min-neighbors", "5", "--region", "4x2", "--no-pixels", "--scale", "2", "--mode", "exact",
        "--side", "0.25", "--cascade", "a", "--cascade", "b", "--output", "o", "--flip", "--quiet",
      ])
        == #"{"min_neighbors":5,"region":{"width":4,"height":2},"no_pixels":true,"scale":2.0,"mode":"exact","#
        + #""side":0.25,"cascade":["a","b"],"flip":true}"#)
  }
}
