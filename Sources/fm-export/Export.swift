import ArgumentParser
import FilterTool

@main
struct Export: FilterCommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "fm-export",
    abstract: "Write findings as tables, subtitles, annotations or a report.",
    usage: """
      fm-export [write] [<options>] [<file>]
      fm-export compare [<options>] <coded> <findings>
      """,
    discussion: """
      Without a subcommand it runs write, which reads a stream, with pixels or without, and writes it in other formats. \
      A file's name says the format.

        fm-decode in.mp4 | fm-detect | fm-classify | fm-export -o talk.csv
        fm-export faces.ndjson -o talk.eaf -o talk.vtt -o talk.html
        fm-export compare coded.eaf faces.ndjson
      """,
    version: versionLine("fm-export"),
    subcommands: [Write.self, CompareWithCoder.self],
    defaultSubcommand: Write.self)

  static let commonOptions = [
    "--output", "--format", "--formats", "--raw", "--min-duration", "--min-confidence", "--video",
    "--partial",
  ]
}
