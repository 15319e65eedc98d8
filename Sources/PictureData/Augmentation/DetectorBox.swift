import FaceInput
import FrameStream

/// The square that a face is cropped to if a detection network finds it, in sides of the square that a cascade would have
/// found, whose left upper corner is 0, 0.
struct DetectorBox {
  /// The square's side.
  let side: Float
  /// Its center.
  let center: (x: Float, y: Float)

  /// How far a network's box varies within a cascade's: mean and standard deviation of its width, height and center, in
  /// sides of the cascade's square. Measured with YuNet and frontalface_alt on 315 faces of photographs that both found.
  private static let width = (mean: Float(0.78), deviation: Float(0.065))
  private static let height = (mean: Float(1), deviation: Float(0.09))
  private static let x = (mean: Float(0.5), deviation: Float(0.045))
  private static let y = (mean: Float(0.522), deviation: Float(0.033))

  /// Draws a network's box, and crops by the rule for such boxes.
  init(_ random: inout CounterRandom) {
    func draw(_ numbers: (mean: Float, deviation: Float)) -> Float {
      // Beyond two and a half deviations a box is another face's.
      numbers.mean + numbers.deviation * min(max(random.normal(), -2.5), 2.5)
    }
    let (width, height) = (draw(Self.width), draw(Self.height))
    let (x, y) = (draw(Self.x), draw(Self.y))
    // The rule is for whole pixels: those of a large picture.
    let scale: Float = 4096
    func pixels(_ value: Float) -> Int { Int((value * scale).rounded()) }
    let crop = CropRule.tightBox.crop(
      of: PixelRectangle(
        x: pixels(x - width / 2), y: pixels(y - height / 2), width: pixels(width), height: pixels(height)))
    side = Float(crop.width) / scale
    center = (
      (Float(crop.x) + Float(crop.width) / 2) / scale, (Float(crop.y) + Float(crop.height) / 2) / scale
    )
  }
}
