import ArgumentParser
import FilterTool
import FrameStream
import StoredStream
import SystemIO

/// Prints what a report of a fault should say about this system.
struct Doctor: FilterCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print versions, codecs, models and cameras of this system, for a report of a fault.",
    discussion: """
        fm-stream doctor
      """)

  @OptionGroup var messages: MessageOptions

  func execute(_ tool: Tool) throws(Failure) {
    let (decode, detect, classify) = (
      ToolFacts("fm-decode"), ToolFacts("fm-detect"), ToolFacts("fm-classify")
    )
    func missing(_ key: String) -> String {
      decode.problem != nil || decode[key] == "none" ? "" : "; not here: \(decode[key])"
    }
    let others = Set([decode, detect, classify].compactMap(\.version)).subtracting([toolVersion]).sorted()
    try tool.print(table: [
      [
        "fm",
        String(versionLine("").dropFirst())
          + (others.isEmpty ? "" : "; other tools have \(others.joined(separator: ", "))"),
      ],
      ["system", SystemFacts.system],
      ["processor", SystemFacts.processor],
      ["FFmpeg", decode["ffmpeg"] + (decode.problem == nil ? "; \(decode["libraries"])" : "")],
      ["decoders", decode["decoders"] + missing("missing decoders")],
      ["encoders", decode["encoders"] + missing("missing encoders")],
      ["oneDNN", classify["onednn"] + (classify.problem == nil ? "; \(classify["abilities"])" : "")],
      ["zstd", StoredForm.libraryVersion],
      [
        "cascades",
        detect["cascades"] + (detect["cascades"] == "none" ? " (Debian package opencv-data)" : ""),
      ],
      ["detectors", detect["detectors"]],
      ["models", classify["models"] + (classify.problem == nil ? "; default \(classify["model"])" : "")],
      ["cameras", SystemFacts.cameras.isEmpty ? "none" : SystemFacts.cameras.joined(separator: ", ")],
    ])
  }
}
