import ArgumentParser
import FaceDrawing
import FilterTool

/// What is drawn, and from which findings.
struct DrawingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Font of the labels, as Pango names fonts, such as \"DejaVu Sans Bold\".", valueName: "font"))
  var font: String?

  @Flag(help: "Draw no boxes.")
  var noBoxes = false

  @Flag(help: "Draw no labels.")
  var noLabels = false

  @Flag(help: "Draw the points of each face that a detection network found: eyes, nose and mouth.")
  var points = false

  @Flag(help: "Draw what detector and classifier said in each frame, not what fm-track made of it over time.")
  var raw = false

  @Option(
    help: ArgumentHelp(
      "Write a contact sheet of the faces with this many columns and rows, such as 5x4; %d in the output's name allows several.",
      valueName: "CxR"))
  var sheet: SheetGrid?

  @Option(
    help: ArgumentHelp(
      "Take the faces from this NDJSON file, matched by \"seq\", instead of from the stream.",
      valueName: "file"), completion: .file())
  var faces: String?

  @Flag(help: "Use --faces although the file is of another video by its source, size or number of frames.")
  var force = false

  var style: DrawingStyle {
    DrawingStyle(font: font, drawsBoxes: !noBoxes, drawsLabels: !noLabels, drawsPoints: points)
  }
}

/// A contact sheet's grid on the command line: `5x4`.
struct SheetGrid: ExpressibleByArgument {
  let columns: Int
  let rows: Int

  init?(argument: String) {
    guard let (columns, rows) = PictureSize.pair(argument, within: 1...100) else { return nil }
    self.columns = columns
    self.rows = rows
  }
}
