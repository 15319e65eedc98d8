import ArgumentParser
import FilterTool
import FrameMedia
import FrameStream
import SystemIO

@main
struct Annotate: FilterCommand {
  static let configuration = CommandConfiguration(
    commandName: "fm-annotate",
    abstract: "Draw the faces of a stream and write a video, pictures or a contact sheet.",
    discussion: """
      Reads a stream from fm-detect and fm-classify, draws a box and a label on each face, and encodes the result \
      with the stream's sound and subtitles.

        fm-decode in.mp4 | fm-detect | fm-classify | fm-annotate -o out.mp4
        fm-decode in.mp4 | fm-detect | fm-classify |
          fm-annotate --sheet 5x4 -o faces.png
      """,
    version: versionLine("fm-annotate"))

  @Argument(
    help: ArgumentHelp("Stream to read; - is standard input.", valueName: "file"), completion: .file())
  var input = "-"

  @OptionGroup var output: OutputOptions
  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var hiding: HidingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let findings = output.findings, let name = output.output,
      findings == name || Tool.isStandardOutput(findings) && Tool.isStandardOutput(name)
    {
      throw ValidationError("--output and --findings cannot be the same.")
    }
    if hiding.hide != nil, drawing.sheet != nil {
      throw ValidationError("--hide and --sheet exclude each other: a sheet shows faces.")
    }
    if drawing.faces == "-", input == "-" {
      throw ValidationError("the stream and --faces cannot both be standard input.")
    }
  }

  func execute(_ tool: Tool) throws(Failure) {
    try FilterRun.run(tool, from: input, to: output.findings, dropsPayloads: true) { (_) throws(Failure) in
      let destination = try output.open(tool, threads: threads.threads)
      let findings = try drawing.faces.map { (path) throws(Failure) in
        try FaceFindings(path, tool, isForced: drawing.force)
      }
      if let sheet = drawing.sheet {
        return SheetStage(sheet, destination, style: drawing.style, findings: findings, isRaw: drawing.raw)
      }
      let isHiding = hiding.hide != nil
      let stripsTags = output.stripTags
      let annotation = AnnotationStage(
        destination, style: drawing.style, findings: isHiding ? nil : findings, isRaw: drawing.raw,
        keepsStart: output.keepStart
      ) { header in
        stripsTags ? header.withoutPrivateTags() : isHiding ? header.withoutAttachedPictures() : header
      }
      guard let style = hiding.style else { return annotation }
      return HidingStage(
        style, hiding.people, hold: hiding.hideHold, findings: findings, before: annotation
      ) { tool.diagnostics.warn("\(destination.name): \($0)") }
    }
  }
}
