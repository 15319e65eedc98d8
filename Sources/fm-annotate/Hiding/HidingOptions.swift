import ArgumentParser
import FaceHiding
import FilterTool

/// Which faces are hidden, and how.
struct HidingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Make every face unrecognizable.", valueName: "blur|mosaic|fill"))
  var hide: HidingStyle.Method?

  @Option(help: ArgumentHelp("Shape of what is hidden (default: oval).", valueName: "oval|box"))
  var hideShape: HidingStyle.Shape?

  @Option(
    help: ArgumentHelp(
      "Hide this fraction of the box beyond it on every side (default: 0.3).", valueName: "f"))
  var hideMargin: Double?

  @Option(
    help: ArgumentHelp(
      "Hide all but the people with these numbers of fm-track, such as 1,4.", valueName: "id,..."))
  var hideExcept: NumberList?

  @Option(
    help: ArgumentHelp("Hide only the people with these numbers of fm-track.", valueName: "id,..."))
  var hideOnly: NumberList?

  @Option(
    help: ArgumentHelp(
      "Hide a face for this many seconds before its first and after its last sighting; the output is late by as much (default: 0.5).",
      valueName: "seconds"))
  var hideHold: Double?

  func validate() throws {
    guard (0...4).contains(hideMargin ?? 0) else { throw ValidationError("--hide-margin is from 0 to 4.") }
    guard (0...60).contains(hold) else { throw ValidationError("--hide-hold is from 0 to 60.") }
    if hideExcept != nil, hideOnly != nil {
      throw ValidationError("--hide-except and --hide-only exclude each other.")
    }
    // Who gives one of these wants faces hidden: without --hide they would all be shown.
    let given = [
      ("shape", hideShape != nil), ("margin", hideMargin != nil), ("except", hideExcept != nil),
      ("only", hideOnly != nil), ("hold", hideHold != nil),
    ].first(where: \.1)
    if hide == nil, let given { throw ValidationError("--hide-\(given.0) needs --hide.") }
  }

  /// Seconds for which a face is hidden before its first and after its last sighting.
  var hold: Double { hideHold ?? 0.5 }

  /// How faces are hidden; nil if they are not.
  var style: HidingStyle? {
    hide.map { method in
      var style = HidingStyle(method)
      style.shape = hideShape ?? style.shape
      style.margin = hideMargin ?? style.margin
      return style
    }
  }

  /// Who is hidden.
  var people: HiddenPeople { HiddenPeople(except: hideExcept?.values, only: hideOnly?.values) }
}

extension HidingStyle.Method: ExpressibleByArgument {}
extension HidingStyle.Shape: ExpressibleByArgument {}

/// Numbers of people on the command line: `1,4`.
struct NumberList: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = words.compactMap { Int($0) }.filter { $0 > 0 }
    guard numbers.count == words.count else { return nil }
    values = numbers
  }
}
