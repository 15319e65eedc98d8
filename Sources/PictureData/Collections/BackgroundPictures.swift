import SystemIO

/// Pictures without the object, each also at a half, a quarter, and so on.
package struct BackgroundPictures: Sendable {
  /// One picture.
  package struct Background: Sendable {
    /// The picture as it is stored, then at half the size, and so on; never empty.
    package var levels: [GrayPixels]
    /// Its file's name relative to the folder.
    package var name: String
    /// Pixels of the first level along each side for one of the file.
    package var fileScale: Float = 1
    /// Places in pixels of the first level where there may be an object: they are not learned from.
    package var leftOut: [Place] = []

    /// The picture as it is stored.
    package var picture: GrayPixels { levels[0] }

    /// Drops the first level, unless it is the only one.
    mutating func halve() {
      guard levels.count > 1 else { return }
      levels.removeFirst()
      fileScale /= 2
      leftOut = leftOut.map { $0.scaled(by: 0.5) }
    }
  }

  /// A rectangle of a background, in its pixels.
  package struct Place: Sendable, Equatable {
    /// The left edge.
    package var x: Float
    /// The upper edge.
    package var y: Float
    /// Columns.
    package var width: Float
    /// Rows.
    package var height: Float

    /// A rectangle.
    package init(x: Float, y: Float, width: Float, height: Float) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    /// The same place where the picture's sides are multiplied by `scale`.
    package func scaled(by scale: Float) -> Place {
      Place(x: x * scale, y: y * scale, width: width * scale, height: height * scale)
    }

    /// Whether the places have more than `share` of this one in common.
    package func overlaps(_ other: Place, by share: Float = 0) -> Bool {
      let across = min(x + width, other.x + other.width) - max(x, other.x)
      let down = min(y + height, other.y + other.height) - max(y, other.y)
      return across > 0 && down > 0 && across * down > share * width * height
    }
  }

  /// The pictures.
  package let backgrounds: [Background]
  /// The sums of the square roots of the pictures' areas up to each, by which they are drawn: a large picture is shown
  /// more often than a small one, but few large ones, much of which is sky, do not keep many small ones away.
  let sums: [Double]
  /// Megapixels of all pictures as they are stored.
  package let megapixels: Double

  /// Backgrounds that are in memory already.
  package init(_ backgrounds: [Background]) {
    self.backgrounds = backgrounds
    var sum = 0.0
    sums = backgrounds.map { background in
      sum += Double(background.picture.values.count).squareRoot()
      return sum
    }
    megapixels = backgrounds.reduce(0) { $0 + Double($1.picture.values.count) } / 1e6
  }

  /// Pictures that are in memory already; their halves are made.
  package init(_ pictures: [GrayPixels]) {
    self.init(
      pictures.enumerated().map { Background(levels: Self.levels(of: $1), name: "\($0)") })
  }

  /// The number of pictures.
  package var count: Int { backgrounds.count }

  /// One picture.
  package subscript(_ index: Int) -> Background { backgrounds[index] }

  /// The pictures at `indices`, in that order.
  package func subset(_ indices: [Int]) -> BackgroundPictures {
    BackgroundPictures(indices.map { backgrounds[$0] })
  }

  /// Whether a find lies mostly on a place that is left out: it is neither right nor wrong then.
  package func isLeftOut(_ spot: MinedSpot) -> Bool {
    let place = Place(
      x: spot.x - spot.side / 2, y: spot.y - spot.side / 2, width: spot.side, height: spot.side)
    return backgrounds[spot.background].leftOut.contains { place.overlaps($0, by: 0.5) }
  }

  /// A picture and its halves, down to a shorter side of at least 64 pixels.
  static func levels(of picture: GrayPixels) -> [GrayPixels] {
    var levels = [picture]
    while let last = levels.last, min(last.width, last.height) >= 128, let half = last.halved {
      levels.append(half)
    }
    return levels
  }
}
