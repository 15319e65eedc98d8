import ArgumentParser
import FilterTool

@main
struct StreamTool: FilterCommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "fm-stream",
    abstract: "Check, merge, view, index and compress stored streams.",
    usage: "fm-stream <subcommand> [<options>] ...",
    discussion: """
        fm-stream check in.fm
        fm-stream view --seq 1000-1100 in.fm | fm-annotate -o part.mp4
        fm-stream merge part-*.ndjson -o whole.ndjson
        fm-stream compress in.fm -o in.fm.zst
      """,
    version: versionLine("fm-stream"),
    subcommands: [Check.self, Merge.self, View.self, Index.self, Compress.self, Doctor.self])

  static let commonOptions: [String] = []
}
