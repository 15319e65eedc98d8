/// How pictures are changed at random while a network trains on them.
///
/// The changes of a picture are a function of the seed, the epoch and the picture's number. Angles, zoom, shifts
/// and crops are one resampling (bilinear, edge pixels repeated).
package struct Augmentation: Sendable, Equatable {
  /// The probability that a picture is mirrored left to right, 0…1.
  package var flip: Float = 0
  /// The largest rotation to either side, in degrees, 0…180.
  package var rotation: Float = 0
  /// Zoom: more than 1 makes the face larger.
  package var scale: ClosedRange<Float> = 1...1
  /// The largest shift in every direction, as a fraction of the picture's side, 0…1.
  package var shift: Float = 0
  /// Brightness is multiplied by a factor from 1 - brightness to 1 + brightness, 0…1.
  package var brightness: Float = 0
  /// Differences from the picture's mean are multiplied by a factor from 1 - contrast to 1 + contrast, 0…1.
  package var contrast: Float = 0
  /// A rectangle that is painted over.
  package var erasing = Erasing()
  /// Blur, as out of focus.
  package var blur = Blur()
  /// Downscaling and upscaling, as of a small face.
  package var downscale = Downscale()
  /// The probability that a picture is cropped as from a detection network's box (``CropRule``) instead of a cascade's,
  /// 0…1: a little tighter or looser, and off its center.
  package var detectorBoxes: Float = 0
  /// Little light.
  package var lowLight = LowLight()
  /// A veil of gray.
  package var haze = Haze()
  /// The blocks of JPEG.
  package var compression = Compression()
  /// Pairs of pictures are mixed with weights from the beta distribution with this parameter; 0 for never.
  package var mixup: Float = 0
  /// How many pixels larger than the network's input pictures are loaded, on either axis: the input is a part of
  /// them at random in training, and the middle in evaluation.
  package var cropMargin = 0

  /// Random erasing (Zhong et al., 2017).
  package struct Erasing: Sendable, Equatable {
    /// What the rectangle is painted with.
    package enum Fill: String, Sendable, CaseIterable {
      /// Normal noise of the picture's mean and deviation.
      case noise
      /// The picture's mean.
      case mean
      /// Black.
      case black
    }

    /// The probability, 0 to 1.
    package var probability: Float = 0
    /// The rectangle's part of the picture.
    package var area: ClosedRange<Float> = 0.02...0.33
    /// The rectangle's height over its width.
    package var aspect: ClosedRange<Float> = 0.3...3.3
    /// What it is painted with.
    package var fill = Fill.noise

    /// Never.
    package init() {}
  }

  /// Gaussian blur.
  package struct Blur: Sendable, Equatable {
    /// The probability, 0 to 1.
    package var probability: Float = 0
    /// The standard deviation in pixels of the network's input, 0.1…8.
    package var sigma: ClosedRange<Float> = 0.3...1.2

    /// Never.
    package init() {}
  }

  /// Downscaling and upscaling.
  package struct Downscale: Sendable, Equatable {
    /// The probability, 0 to 1.
    package var probability: Float = 0
    /// The smaller side over the original one, 0.05…1.
    package var factor: ClosedRange<Float> = 0.4...0.9

    /// Never.
    package init() {}
  }

  /// A dark picture with the noise of a sensor, in whole numbers.
  package struct LowLight: Sendable, Equatable {
    /// The probability, 0 to 1.
    package var probability: Float = 0
    /// What values are multiplied with, 0.01…1.
    package var gain: ClosedRange<Float> = 0.15...0.6
    /// The deviation of the noise after that, in values of 0 to 255, 0…64.
    package var noise: ClosedRange<Float> = 1...6

    /// Never.
    package init() {}
  }

  /// A part of every value is a gray's, in whole numbers.
  package struct Haze: Sendable, Equatable {
    /// The probability, 0 to 1.
    package var probability: Float = 0
    /// The gray's part, 0…1.
    package var share: ClosedRange<Float> = 0.3...0.8
    /// The gray, 0…255.
    package var gray: ClosedRange<Float> = 64...224

    /// Never.
    package init() {}
  }

  /// The loss of JPEG, by blocks that may begin anywhere.
  package struct Compression: Sendable, Equatable {
    /// The probability, 0 to 1.
    package var probability: Float = 0
    /// libjpeg's quality, 1…100.
    package var quality: ClosedRange<Float> = 15...60

    /// Never.
    package init() {}
  }

  /// No change.
  package init() {}

  /// No change at all.
  package static let none = Augmentation()

  /// True if pictures are rotated, zoomed or shifted.
  var warps: Bool { rotation != 0 || shift != 0 || scale != 1...1 || detectorBoxes > 0 }

  /// True if ``CaptureDraw`` changes pictures.
  var captures: Bool {
    detectorBoxes > 0 || lowLight.probability > 0 || haze.probability > 0 || compression.probability > 0
  }
}
