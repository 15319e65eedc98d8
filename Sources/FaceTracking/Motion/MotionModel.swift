/// How faces move and how exact a detector's boxes are, as standard deviations.
///
/// Lengths are fractions of the face's own size, times are seconds; so one set of numbers serves pictures of any size
/// and rate. A velocity is forgotten with a time constant: people turn around, they do not fly on.
struct MotionModel: Sendable {
  /// The speed of a face, sizes a second.
  var speed = 0.7
  /// How long a velocity lasts, seconds.
  var memory = 0.8
  /// The relative growth of a face, a second.
  var growth = 0.2
  /// The error of a detection's center, sizes.
  var noise = 0.1
  /// The relative error of a detection's width and height.
  var sizeNoise = 0.12
  /// What is seen later than this, in seconds, changes nothing any more: velocities are long forgotten.
  static let horizon = 30.0
}
