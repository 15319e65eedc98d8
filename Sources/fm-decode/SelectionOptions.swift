import ArgumentParser
import StreamSource

/// Which of the frames read are written.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("End after this many frames.", valueName: "n"))
  var frames: Int?

  @Option(help: ArgumentHelp("Write every nth frame only; \"seq\" tells which they are.", valueName: "n"))
  var every = 1

  @Flag(
    help: """
      Give frames out at the pace of their times, and drop those that come late because the tools after this one \
      are slower; how many is said in the end record.
      """)
  var realtime = false

  /// The same as the library takes it.
  var selection: FrameSelection { FrameSelection(frames: frames, every: every, realtime: realtime) }

  func validate() throws {
    if let frames, frames < 1 { throw ValidationError("--frames must be at least 1.") }
    guard every >= 1 else { throw ValidationError("--every must be at least 1.") }
  }
}
