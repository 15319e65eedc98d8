import ArgumentParser

/// How pictures are changed at random.
struct AugmentationOptions: RecipeOptions {
  @Flag(inversion: .prefixedNo, help: "Mirror each picture with probability 0.5 (default: no).")
  var flip: Bool?

  @Option(number: "degrees", "Rotate pictures by up to this angle to either side.")
  var rotation: Double?

  @Option(number: "f", "Zoom by a random factor from 1 - f to 1 + f.")
  var zoom: Double?

  @Option(number: "f", "Shift by up to this fraction of the side.")
  var shift: Double?

  @Option(number: "f", "Multiply brightness by a random factor from 1 - f to 1 + f.")
  var brightness: Double?

  @Option(number: "f", "Multiply contrast by a random factor from 1 - f to 1 + f.")
  var contrast: Double?

  @Option(number: "p", "Overwrite a random rectangle with noise, with this probability.")
  var erasing: Double?

  @Option(number: "p", "Blur with this probability.")
  var blur: Double?

  @Option(number: "p", "Downscale and re-upscale with this probability.")
  var downscale: Double?

  @Option(
    number: "p",
    "Crop as from a detection network's box instead of a cascade's, with this probability: tighter or looser, off-center."
  )
  var detectorBoxes: Double?

  @Option(number: "p", "Darken and add noise, as in little light, with this probability.")
  var lowLight: Double?

  @Option(number: "p", "Lay a veil of gray over the picture, with this probability.")
  var haze: Double?

  @Option(number: "p", "Compress as JPEG, with this probability.")
  var compression: Double?

  @Option(
    number: "alpha", "Mix pictures in pairs, with weights from the beta distribution of this parameter.")
  var mixup: Double?

  @Option(number: "pixels", "Train on random crops with this side in pixels, and evaluate on center crops.")
  var crop: Int?

  @Option(
    number: "f",
    "Margin that fm-classify adds around a face's box (default: minus what --crop removes, otherwise the --from model's)."
  )
  var margin: Double?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("flip", flip), ("rotation", rotation), ("zoom", zoom), ("shift", shift), ("brightness", brightness),
      ("contrast", contrast), ("erasing", erasing), ("blur", blur), ("downscale", downscale),
      ("detector_boxes", detectorBoxes), ("low_light", lowLight), ("haze", haze),
      ("compression", compression), ("mixup", mixup), ("crop", crop), ("margin", margin),
    ]
  }
}

/// How pictures become the network's input.
struct InputOptions: RecipeOptions {
  @Flag(
    inversion: .prefixedNo,
    help:
      "Standardize each picture to mean 0 and standard deviation 1 (default: as the model file, otherwise no)."
  )
  var standardize: Bool?

  @Option(
    number: "s",
    "Scale factor: the network's input is pixel * s + o, for pixels from 0 to 255 (default: the model's, otherwise 1)."
  )
  var inputScale: Double?

  @Option(
    number: "o", "Offset added after scaling, see --input-scale (default: the model's, otherwise 0).")
  var inputOffset: Double?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [("standardize", standardize), ("input_scale", inputScale), ("input_offset", inputOffset)]
  }

  /// True if none was given.
  var isEmpty: Bool { values.allSatisfy { $0.value == nil } }
}
