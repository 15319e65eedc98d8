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
  @OptionGroup var existing: ExistingOutput
  @OptionGroup var drawing: DrawingOptions
  @OptionGroup var sheets: SheetOptions
  @OptionGroup var crops: CropOptions
  @OptionGroup var hiding: HidingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let findings = output.findings, let name = output.output,
      Tool.isStandardOutput(findings), Tool.isStandardOutput(name)
    {
      throw ValidationError("--output and --findings cannot be the same.")
    }
    try existing.validate(outputs)
    if output.view, sheets.sheet != nil || crops.crops {
      throw ValidationError("--view shows video, not --sheet or --crops.")
    }
    if sheets.sheet != nil, crops.crops { throw ValidationError("--sheet and --crops exclude each other.") }
    if hiding.hide != nil, crops.crops || sheets.sheet != nil && sheets.sheetOf == .faces {
      throw ValidationError("--hide and pictures of faces (--sheet, --crops) exclude each other.")
    }
    if crops.crops || sheets.sheet != nil, let option = drawing.ofFramesOnly {
      throw ValidationError("\(option) draws on whole frames, not with --sheet or --crops.")
    }
    if drawing.faces == "-", input == "-" {
      throw ValidationError("the stream and --faces cannot both be standard input.")
    }
  }

  private var outputs: [String] { [output.output, output.findings].compactMap { $0 } }

  func execute(_ tool: Tool) throws(Failure) {
    try existing.unlessWhole(outputs, tool) { () throws(Failure) in try annotate(tool) }
  }

  private func annotate(_ tool: Tool) throws(Failure) {
    try FilterRun.run(tool, from: input, to: output.findings, dropsPayloads: true) { (_) throws(Failure) in
      let destination = try output.open(tool, threads: threads.threads)
      let findings = try drawing.faces.map { (path) throws(Failure) in
        try FaceFindings(path, tool, isForced: drawing.force)
      }
      guard let style = hiding.style else { return try stage(tool, destination, findings) }
      return HidingStage(
        style, hiding.people, hold: hiding.hold, findings: findings,
        before: try stage(tool, destination, nil)
      ) { tool.diagnostics.warn("\(destination.name): \($0)") }
    }
  }

  /// What is made of the frames.
  private func stage(
    _ tool: Tool, _ destination: Destination, _ findings: FaceFindings?
  ) throws(Failure) -> any Stage {
    let privateParts: PrivateParts =
      output.stripTags ? .tags : hiding.hide != nil ? .pictures : .none
    if let sheet = sheets.sheet {
      return try SheetStage(
        sheet, sheets, destination, style: drawing.style, findings: findings, isRaw: drawing.raw,
        leavingOut: privateParts)
    }
    if crops.crops {
      return try CropStage(
        crops, destination, findings: findings, isRaw: drawing.raw, leavingOut: privateParts, tool)
    }
    return AnnotationStage(
      destination, style: drawing.style, findings: findings, isRaw: drawing.raw, keepsStart: output.keepStart,
      leavingOut: privateParts)
  }
}
