import ArgumentParser
import PictureData

/// The views of each picture whose answers are averaged.
struct ViewsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Views of each picture to average over: the center (what fm-classify does), center and mirror image, or ten crops.",
      valueName: "single|flip|ten-crop"))
  var views = EvaluationViews.single
}

extension EvaluationViews: ExpressibleByArgument {}
