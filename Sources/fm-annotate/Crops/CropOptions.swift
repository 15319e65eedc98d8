import ArgumentParser

/// How faces are written as pictures of their own.
struct CropOptions: ParsableArguments {
  @Flag(
    help:
      "Write each face as a picture of its own, such as to faces/%05d.png, and a table of them beside it, manifest.csv."
  )
  var crops = false

  @Option(
    help: ArgumentHelp(
      "With --crops, add this fraction of the box on every side (default: 0).", valueName: "f"))
  var margin: Double?

  @Option(
    help: ArgumentHelp(
      "With --crops, make each picture a square of this many pixels (default: as many as in the frame).",
      valueName: "n"))
  var size: Int?

  func validate() throws {
    if let margin, !(0...4).contains(margin) { throw ValidationError("--margin is from 0 to 4.") }
    if let size, !(8...4096).contains(size) { throw ValidationError("--size is from 8 to 4096.") }
    if !crops, margin != nil || size != nil { throw ValidationError("--margin and --size need --crops.") }
  }
}
