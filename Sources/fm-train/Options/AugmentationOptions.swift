import ArgumentParser

/// How pictures are changed at random.
struct AugmentationOptions: RecipeOptions {
  @Flag(inversion: .prefixedNo, help: "Mirror every other picture.")
  var flip: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Turn pictures by up to this angle to either side.", valueName: "degrees"))
  var rotation: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Zoom by factors from 1 - f to 1 + f.", valueName: "f"))
  var zoom: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Shift by up to this fraction of the side.", valueName: "f"))
  var shift: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Multiply brightness by factors from 1 - f to 1 + f.", valueName: "f"))
  var brightness: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Multiply contrast by factors from 1 - f to 1 + f.", valueName: "f"))
  var contrast: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Paint a random rectangle over, with this probability.", valueName: "p"))
  var erasing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Blur, with this probability.", valueName: "p"))
  var blur: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Make smaller and larger again, with this probability.", valueName: "p"))
  var downscale: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Mix pictures in pairs, with weights of the beta distribution.", valueName: "alpha"))
  var mixup: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Train on random parts of this side in pixels, evaluate on the middle ones.", valueName: "pixels"))
  var crop: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What fm-classify is to add to a face's box on every side (default: what --crop takes away, negative).",
      valueName: "f"))
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
    parsing: .unconditional,
    help: ArgumentHelp(
      "An input of the network is pixel * s + o; this is s (default: the model file's, else 1).",
      valueName: "s"))
  var inputScale: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "An input of the network is pixel * s + o; this is o (default: the model file's, else 0).",
      valueName: "o"))
  var inputOffset: Double?

  var values: [(key: String, value: (any CustomStringConvertible)?)] {
    [("standardize", standardize), ("input_scale", inputScale), ("input_offset", inputOffset)]
  }

  /// True if none was given.
  var isEmpty: Bool { values.allSatisfy { $0.value == nil } }
}
