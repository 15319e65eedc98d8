import ArgumentParser
import FaceDrawing
import FilterTool

/// What is drawn, and from which findings.
struct DrawingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Font of the labels, as Pango names it, with a size if it is to be fixed: \"DejaVu Sans Bold 40px\".",
      valueName: "font"))
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
      "Explain colors and first letters of the classes in a corner; auto does so where labels have room for first letters only (default: auto).",
      valueName: "auto|always|never"))
  var legend: DrawingStyle.LegendUse?

  @Option(
    help: ArgumentHelp(
      "Take the faces from this NDJSON file, matched by \"seq\", instead of from the stream.",
      valueName: "file"), completion: .file())
  var faces: String?

  @Flag(help: "Use --faces although the file is of another video by its source, size or number of frames.")
  var force = false

  func validate() throws {
    if force, faces == nil { throw ValidationError("--force needs --faces.") }
    if noLabels, legend == .always {
      throw ValidationError("--legend always explains labels, which --no-labels leaves out.")
    }
  }

  /// The first of the options given that do nothing to pictures of faces.
  var ofFramesOnly: String? { points ? "--points" : legend != nil ? "--legend" : nil }

  var style: DrawingStyle {
    var style = DrawingStyle(font: font, drawsBoxes: !noBoxes, drawsLabels: !noLabels, drawsPoints: points)
    style.legend = legend ?? .auto
    return style
  }
}

extension DrawingStyle.LegendUse: ExpressibleByArgument {}
