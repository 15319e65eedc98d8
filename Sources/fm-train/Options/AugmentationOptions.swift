import ArgumentParser

/// How pictures are changed at random.
struct AugmentationOptions: RecipeOptions {
  @Flag(inversion: .prefixedNo, help: "Mirror every other picture.")
  var flip: Bool?

  @Option(number: "degrees", "Rotate pictures by up to this angle to either side.")
  var rotation: Double?

  @Option(number: "f", "Zoom by factors from 1 - f to 1 + f.")
  var zoom: Double?

  @Option(number: "f", "Shift by up to this fraction of the side.")
  var shift: Double?

  @Option(number: "f", "Multiply brightness by factors from 1 - f to 1 + f.")
  var brightness: Double?

  @Option(number: "f", "Multiply contrast by factors from 1 - f to 1 + f.")
  var contrast: Double?

  @Option(number: "p", "Paint a random rectangle over, with this probability.")
  var erasing: Double?

  @Option(number: "p", "Blur, with this probability.")
  var blur: Double?

  @Option(number: "p", "Downscale and re-upscale, with this probability.")
  var downscale: Double?

  @Option(number: "alpha", "Mix pictures in pairs, with weights of the beta distribution.")
  var mixup: Double?

  @Option(number: "pixels", "Train on random parts of this side in pixels, evaluate on the middle ones.")
  var crop: Int?

  @Option(
    number: "f",
    "Margin that fm-classify adds around a face's box (default: what --crop takes away, negative).")
  var margin: Double?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [
      ("flip", flip), ("rotation", rotation), ("zoom", zoom), ("shift", shift), ("brightness", brightness),
      ("contrast", contrast), ("erasing", erasing), ("blur", blur), ("downscale", downscale),
      ("mixup", mixup), ("crop", crop), ("margin", margin),
    ]
  }
}

/// How pictures become the network's input.
struct InputOptions: RecipeOptions {
  @Flag(inversion: .prefixedNo, help: "Bring each picture to mean 0 and deviation 1.")
  var standardize: Bool?

  @Option(
    number: "s", "An input of the network is pixel * s + o; this is s (default: the model file's, else 1).")
  var inputScale: Double?

  @Option(
    number: "o", "An input of the network is pixel * s + o; this is o (default: the model file's, else 0).")
  var inputOffset: Double?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [("standardize", standardize), ("input_scale", inputScale), ("input_offset", inputOffset)]
  }

  /// True if none was given.
  var isEmpty: Bool { values.allSatisfy { $0.value == nil } }
}
