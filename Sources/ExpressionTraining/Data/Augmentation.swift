/// How pictures are changed at random while a network trains on them.
///
/// The changes of a picture are a function of the seed, the epoch and the picture's number. Angles, zoom, shifts
/// and crops are one resampling (bilinear, edge pixels repeated).
public struct Augmentation: Sendable, Equatable {
  /// How often a picture is mirrored left to right, 0…1.
  public var flip: Float = 0
  /// The largest turn to either side, in degrees, 0…180.
  public var rotation: Float = 0
  /// Zoom: more than 1 makes the face larger.
  public var scale: ClosedRange<Float> = 1...1
  /// The largest shift in every direction, as a fraction of the picture's side, 0…1.
  public var shift: Float = 0
  /// Brightness is multiplied by a factor from 1 - brightness to 1 + brightness, 0…1.
  public var brightness: Float = 0
  /// Differences from the picture's mean are multiplied by a factor from 1 - contrast to 1 + contrast, 0…1.
  public var contrast: Float = 0
  /// A rectangle that is painted over.
  public var erasing = Erasing()
  /// Made softer, as out of focus.
  public var blur = Blur()
  /// Made smaller and larger again, as a small face.
  public var downscale = Downscale()
  /// Pairs of pictures are mixed with weights from the beta distribution with this parameter; 0 for never.
  public var mixup: Float = 0
  /// How many pixels larger than the network's input pictures are loaded, on either axis: the input is a part of
  /// them at random in training, and the middle in evaluation.
  public var cropMargin = 0

  /// Random erasing (Zhong et al., 2017).
  public struct Erasing: Sendable, Equatable {
    public enum Fill: String, Sendable, CaseIterable {
      /// Normal noise of the picture's mean and deviation.
      case noise
      /// The picture's mean.
      case mean
      case black
    }

    public var probability: Float = 0
    /// The rectangle's part of the picture.
    public var area: ClosedRange<Float> = 0.02...0.33
    /// The rectangle's height over its width.
    public var aspect: ClosedRange<Float> = 0.3...3.3
    public var fill = Fill.noise

    public init() {}
  }

  /// Gaussian blur.
  public struct Blur: Sendable, Equatable {
    public var probability: Float = 0
    /// The standard deviation in pixels of the network's input, 0.1…8.
    public var sigma: ClosedRange<Float> = 0.3...1.2

    public init() {}
  }

  /// Downscaling and upscaling.
  public struct Downscale: Sendable, Equatable {
    public var probability: Float = 0
    /// The smaller side over the original one, 0.05…1.
    public var factor: ClosedRange<Float> = 0.4...0.9

    public init() {}
  }

  public init() {}

  /// No change at all.
  public static let none = Augmentation()

  /// True if pictures are turned, zoomed or moved.
  var warps: Bool { rotation != 0 || shift != 0 || scale != 1...1 }
}
