import ArgumentParser
import PictureData

/// How often each picture is looked at.
struct ViewsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Parts of each picture to average over; single is what fm-classify does.",
      valueName: "single|flip|ten-crop"))
  var views = EvaluationViews.single
}

extension EvaluationViews: ExpressibleByArgument {}
