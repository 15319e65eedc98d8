import ArgumentParser
import FaceHiding
import FilterTool

/// Which faces are hidden, and how.
struct HidingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Make every face unrecognizable.", valueName: "blur|mosaic|fill"))
  var hide: HidingStyle.Method?

  @Option(help: ArgumentHelp("Shape of what is hidden.", valueName: "oval|box"))
  var hideShape = HidingStyle.Shape.oval

  @Option(
    help: ArgumentHelp(
      "Hide this fraction of the box beyond it on every side.", valueName: "f"))
  var hideMargin = 0.3

  @Option(
    help: ArgumentHelp(
      "Hide all but the people with these numbers of fm-track, such as 1,4.", valueName: "id,..."))
  var hideExcept: NumberList?

  @Option(
    help: ArgumentHelp("Hide only the people with these numbers of fm-track.", valueName: "id,..."))
  var hideOnly: NumberList?

  @Option(
    help: ArgumentHelp(
      "Hide a face for this many seconds before its first and after its last sighting; the output is late by as much.",
      valueName: "seconds"))
  var hideHold = 0.5

  func validate() throws {
    guard (0...4).contains(hideMargin) else { throw ValidationError("--hide-margin is from 0 to 4.") }
    guard (0...60).contains(hideHold) else { throw ValidationError("--hide-hold is from 0 to 60.") }
    if hideExcept != nil, hideOnly != nil {
      throw ValidationError("--hide-except and --hide-only exclude each other.")
    }
    if hide == nil, hideExcept != nil || hideOnly != nil {
      throw ValidationError("--\(hideExcept != nil ? "hide-except" : "hide-only") needs --hide.")
    }
  }

  /// How faces are hidden; nil if they are not.
  var style: HidingStyle? {
    hide.map { HidingStyle($0, shape: hideShape, margin: hideMargin) }
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
