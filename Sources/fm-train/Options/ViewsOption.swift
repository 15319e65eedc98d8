import ArgumentParser
import NetworkModel

/// The views of each picture whose answers are averaged.
struct ViewsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Views of each picture to average over: the center, center and mirror image (what fm-classify does), or ten crops.",
      valueName: "single|flip|ten-crop"))
  var views = PictureViews.standard
}

extension PictureViews: ExpressibleByArgument {}
