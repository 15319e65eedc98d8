import ArgumentParser
import ExpressionTraining
import FilterTool
import SystemIO

/// Pictures with their classes.
struct PicturesArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures for each class; - is a stream with labels on standard input.",
      valueName: "folder"))
  var path: String
}

/// Which pictures to train with, and which to check with.
struct DataOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Class folders of pictures to check the network with.", valueName: "folder"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Set this fraction of each class aside to check with.", valueName: "f"))
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
  /// - Throws: `ValidationError` if an option means nothing for them.
  func check(source: String) throws {
    try set.check(source: source)
    if source == "-", validation == "-" {
      throw ValidationError(
        "standard input can be read only once: --validation is a folder if the first is -.")
    }
  }
}

/// How one set of pictures is read.
struct SetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read filename,label from a file; if it does not exist, write it from the folders first.",
      valueName: "file.csv"))
  var manifest: String?

  @Option(
    help: ArgumentHelp(
      "Columns of the manifest that begin so are votes for the classes.", valueName: "prefix"))
  var votes: String?

  @Option(
    help: ArgumentHelp(
      "Part of the votes in what the network learns; the rest is the label's.", valueName: "f"))
  var votesWeight: Double?

  @Option(
    help: ArgumentHelp(
      "Classes that the votes call otherwise: happiness=happy,anger=angry.", valueName: "vote=class,..."))
  var votesRename: String?

  @Option(
    help: ArgumentHelp("Keep decoded pictures there, so that the next start is quick.", valueName: "file"))
  var cache: String?

  @Flag(help: "End at the first picture that cannot be read, instead of leaving it out.")
  var strict = false

  func validate() throws {
    if votes != nil, manifest == nil { throw ValidationError("--votes needs --manifest.") }
    if votes == nil, votesWeight != nil || votesRename != nil {
      throw ValidationError("--votes-weight and --votes-rename need --votes.")
    }
    if let votesWeight, !(votesWeight > 0 && votesWeight <= 1) {
      throw ValidationError("--votes-weight is more than 0 and at most 1.")
    }
    _ = try renamed()
  }

  /// - Parameter source: Where the pictures are.
  /// - Throws: `ValidationError` if an option is for folders, and they come from a stream.
  func check(source: String) throws {
    guard source == "-" else { return }
    if manifest != nil {
      throw ValidationError("--manifest lists pictures of a folder; those of - have their labels with them.")
    }
    if cache != nil {
      throw ValidationError("--cache keeps pictures of a folder; those of - come from a stream.")
    }
  }

  /// What `--votes`, `--votes-weight` and `--votes-rename` ask for; nil without votes.
  var voteRule: VoteRule? {
    guard let votes else { return nil }
    var rule = VoteRule(prefix: votes)
    rule.weight = votesWeight.map { Float($0) } ?? 1
    rule.renamed = (try? renamed()) ?? [:]
    return rule
  }

  private func renamed() throws -> [String: String] {
    var names: [String: String] = [:]
    guard let votesRename else { return names }
    guard let pairs = NameList.names(in: votesRename) else {
      throw ValidationError("--votes-rename: \"\(votesRename)\" is no list of vote=class.")
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
