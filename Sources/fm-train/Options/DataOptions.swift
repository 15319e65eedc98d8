import ArgumentParser
import FilterTool
import PictureData
import SystemIO
import TextTables

/// Pictures with their classes.
struct PicturesArgument: ParsableArguments {
  static let help = ArgumentHelp(
    "Folder with one folder of pictures per class, a file with a labeled stream (- reads one from standard input), or FER-2013's table, as in fer2013.csv:Training.",
    valueName: "folder")

  @Argument(help: help, completion: .file(extensions: ["fm", "csv"]))
  var path: String
}

/// Which training pictures, and which to validate with.
struct DataOptions: ParsableArguments {
  @Option(
    value: "folder", "Validation pictures: a folder, a stream or a table, as the training pictures.",
    name: .shortAndLong, completion: .file(extensions: ["fm", "csv"]))
  var validation: String?

  @Option(number: "f", "Set this fraction of each class aside for validation.")
  var validationSplit: Double?

  @OptionGroup var set: SetOptions

  func validate() throws {
    if validation != nil, validationSplit != nil {
      throw ValidationError("--validation and --validation-split exclude each other.")
    }
    if let validationSplit, !(validationSplit > 0 && validationSplit < 1) {
      throw ValidationError("--validation-split is between 0 and 1.")
    }
  }

  /// - Parameter source: Where the pictures to train with are.
  /// - Throws: `ValidationError` if an option does not apply to them.
  func check(source: String) throws {
    try set.check(source: source)
    if source == "-", validation == "-" {
      throw ValidationError(
        "standard input can be read only once: if the first folder is -, --validation must be something else."
      )
    }
  }
}

/// How one set of pictures is read.
struct SetOptions: ParsableArguments {
  @Option(
    value: "file.csv",
    "CSV file with the columns filename and label; if it does not exist, it is written from the folders first.",
    completion: .file(extensions: ["csv"]))
  var manifest: String?

  @Option(
    value: "name",
    "Rows of FER-2013's table to read: Training, PublicTest or PrivateTest, as in fer2013.csv:Training (default: all)."
  )
  var usage: String?

  @Option(
    value: "prefix",
    "Prefix of the manifest's columns that count votes for classes; for FER-2013's table the file with FER+'s votes, fer2013new.csv.",
    completion: .file(extensions: ["csv"]))
  var votes: String?

  @Option(
    value: "f",
    "Weight of the votes in the training target, above 0 and at most 1; the label gets the rest (default: 1)."
  )
  var votesWeight: Double?

  @Option(
    value: "vote=class,...", "Map vote column names to class names, such as happiness=happy,anger=angry.")
  var votesRename: String?

  @Option(
    value: "file", "Keep decoded pictures in this file, so that the next start is fast.", completion: .file())
  var cache: String?

  @Flag(help: "Fail on the first picture that cannot be read instead of skipping it.")
  var strict = false

  func validate() throws {
    if votes == nil, votesWeight != nil || votesRename != nil {
      throw ValidationError("--votes-weight and --votes-rename need --votes.")
    }
    if let votesWeight, !(votesWeight > 0 && votesWeight <= 1) {
      throw ValidationError("--votes-weight is more than 0 and at most 1.")
    }
    _ = try renamed()
  }

  /// - Parameter source: Where the pictures are.
  /// - Throws: `ValidationError` if an option is for pictures from elsewhere.
  func check(source: String) throws {
    let source = PictureSource(source)
    if case .table(_, let part) = source {
      if usage != nil, part != nil {
        throw ValidationError("--usage is given twice: after the table's name too.")
      }
      if let votes, FileStatus(path: votes)?.isRegularFile != true {
        throw ValidationError(
          "--votes of FER-2013's table is a file, such as fer2013new.csv: \(votes) is none.")
      }
    } else if usage != nil {
      throw ValidationError("--usage is for FER-2013's table.")
    }
    if case .folder = source {
      if votes != nil, manifest == nil { throw ValidationError("--votes needs --manifest.") }
      return
    }
    if manifest != nil {
      throw ValidationError("--manifest is for folders; a stream or a table has its own labels.")
    }
    if cache != nil { throw ValidationError("--cache is for folders, not for a stream or a table.") }
    if case .table = source { return }
    if votes != nil { throw ValidationError("--votes is for folders and FER-2013's table.") }
  }

  /// What `--votes`, `--votes-weight` and `--votes-rename` ask for; nil without votes.
  /// - Parameter isOfTable: Whether the votes are a table of their own, whose columns have no prefix.
  func voteRule(isOfTable: Bool = false) -> VoteRule? {
    guard let votes else { return nil }
    var rule = VoteRule(prefix: isOfTable ? "" : votes)
    rule.weight = votesWeight.map { Float($0) } ?? 1
    rule.renamed = (try? renamed()) ?? [:]
    return rule
  }

  private func renamed() throws -> [String: String] {
    var names: [String: String] = [:]
    guard let votesRename else { return names }
    guard let pairs = NameList.names(in: votesRename) else {
      throw ValidationError("--votes-rename: \"\(votesRename)\" is not a list of vote=class.")
    }
    for pair in pairs {
      let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
        names.updateValue(parts[1], forKey: parts[0]) == nil
      else { throw ValidationError("--votes-rename: \"\(pair)\" is not vote=class, once for each vote.") }
    }
    return names
  }
}
