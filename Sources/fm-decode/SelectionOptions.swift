import ArgumentParser
import FrameStream
import StreamSource

/// Which of the frames read are written, and what is said of them.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop after this many frames of each stream.", valueName: "n"))
  var frames: Int?

  @Option(
    help: ArgumentHelp(
      "Write only every nth frame and leave out the others; \"seq\" keeps the original numbers.",
      valueName: "n"))
  var every = 1

  @Flag(
    help: """
      Write frames at the speed of the video, and drop those that are late because downstream tools are slower; the \
      end record counts them.
      """)
  var realtime = false

  @Option(
    help: ArgumentHelp(
      "Class that all pictures show, written as every frame's \"label\" for fm-train.", valueName: "name"))
  var label: String?

  /// The same as the library takes it, of a part of the input.
  func selection(_ chunk: Chunk?) -> FrameSelection {
    FrameSelection(frames: frames, every: every, realtime: realtime, chunk: chunk, label: label)
  }

  func validate() throws {
    if let frames, frames < 1 { throw ValidationError("--frames must be at least 1.") }
    if label == "" { throw ValidationError("--label must not be empty.") }
    guard every >= 1 else { throw ValidationError("--every must be at least 1.") }
  }
}
