import SystemIO

/// Five points of a face in pixels of the frame, as a detection network gives them. Right and left are the person's
/// own sides.
public struct FacePoints: Sendable, Equatable {
  /// A position in pixels of the frame; it may lie outside.
  public struct Point: Sendable, Equatable {
    /// Columns from the left.
    public var x: Double
    /// Rows from the top.
    public var y: Double

    /// The point at a column and a row.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// The person's right eye.
  public var rightEye: Point
  /// The person's left eye.
  public var leftEye: Point
  /// The tip of the nose.
  public var nose: Point
  /// The right corner of the mouth.
  public var rightMouth: Point
  /// The left corner of the mouth.
  public var leftMouth: Point

  /// The points in the stream's order: right eye, left eye, nose, right and left corner of the mouth.
  public init(_ rightEye: Point, _ leftEye: Point, _ nose: Point, _ rightMouth: Point, _ leftMouth: Point) {
    self.rightEye = rightEye
    self.leftEye = leftEye
    self.nose = nose
    self.rightMouth = rightMouth
    self.leftMouth = leftMouth
  }

  /// The point at a position in the stream's order, 0 to 4.
  package subscript(index: Int) -> Point {
    switch index {
    case 0: rightEye
    case 1: leftEye
    case 2: nose
    case 3: rightMouth
    default: leftMouth
    }
  }

  /// Each point as `change` makes it.
  package func map(_ change: (Point) -> Point) -> FacePoints {
    FacePoints(change(rightEye), change(leftEye), change(nose), change(rightMouth), change(leftMouth))
  }

  /// True if all numbers are such that a picture could have them: finite, and within 2^24.
  package var isInRange: Bool {
    let limit = 16_777_216.0
    func isInRange(_ point: Point) -> Bool { abs(point.x) <= limit && abs(point.y) <= limit }
    return isInRange(rightEye) && isInRange(leftEye) && isInRange(nose) && isInRange(rightMouth)
      && isInRange(leftMouth)
  }
}

extension FacePoints {
  /// Reads an array of five pairs of numbers; nil if it is none.
  init?(json: JSONText?) {
    guard let json, json.isArray else { return nil }
    var points: [Point] = []
    try? json.forEachElement { (element) throws(Failure) in
      var pair: [Double] = []
      if element.isArray {
        try? element.forEachElement { (number) throws(Failure) in
          if pair.count < 3 { pair.append(number.double ?? .nan) }
        }
      }
      if points.count < 6 {
        points.append(pair.count == 2 ? Point(x: pair[0], y: pair[1]) : Point(x: .nan, y: .nan))
      }
    }
    guard points.count == 5 else { return nil }
    self.init(points[0], points[1], points[2], points[3], points[4])
    guard isInRange else { return nil }
  }

  /// Writes the array that ``init(json:)`` reads, to a tenth of a pixel.
  func write(to json: inout JSONWriter) {
    func write(_ point: Point, _ json: inout JSONWriter) {
      json.array { json in
        json.value((point.x * 10).rounded() / 10)
        json.value((point.y * 10).rounded() / 10)
      }
    }
    json.array { json in
      write(rightEye, &json)
      write(leftEye, &json)
      write(nose, &json)
      write(rightMouth, &json)
      write(leftMouth, &json)
    }
  }
}
