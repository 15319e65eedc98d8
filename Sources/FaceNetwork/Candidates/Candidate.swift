import FrameStream

/// A face that a network's head proposes, in pixels of the picture that the network saw.
package struct Candidate: Sendable, Equatable {
  /// The left edge.
  package var x: Float
  /// The top edge.
  package var y: Float
  /// Pixels across.
  package var width: Float
  /// Pixels down.
  package var height: Float
  /// How sure the network is, 0 to 1.
  package var score: Float
  /// Eyes, nose and mouth; nil for heads without them.
  package var points: FacePoints?
  /// Its number among the candidates of its picture, which decides between equal scores.
  var number = 0

  /// A candidate with everything known about it.
  package init(
    x: Float, y: Float, width: Float, height: Float, score: Float, points: FacePoints? = nil
  ) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.score = score
    self.points = points
  }

  /// Pixels inside the box.
  var area: Float { width * height }

  /// True if its numbers are finite and within what pictures have.
  var isUsable: Bool {
    let limit: Float = 16_777_216
    return abs(x) <= limit && abs(y) <= limit && width > 0 && width <= limit && height > 0 && height <= limit
      && points?.isInRange ?? true
  }

  /// The same in a picture that is `across` times as wide and `down` times as high.
  func scaled(across: Float, down: Float) -> Candidate {
    var scaled = self
    scaled.x *= across
    scaled.width *= across
    scaled.y *= down
    scaled.height *= down
    scaled.points = points?.map { FacePoints.Point(x: $0.x * Double(across), y: $0.y * Double(down)) }
    return scaled
  }
}
