import Glibc

/// Something that is put on a canvas.
struct CanvasItem {
  enum Kind: Equatable {
    case object, background, shuffled, upsideDown, part, bareHead
  }

  var kind: Kind
  /// Which crop it is, or is made of, or has the shape of.
  var crop: Int
  /// The middle in pixels of the canvas.
  var x: Float
  var y: Float
  /// Columns and rows of the upright object.
  var width: Float
  var height: Float
  /// Clockwise, in radians.
  var angle: Float
  var hasHead: Bool

  var size: Float { (width * height).squareRoot() }

  /// The box: that of the ellipse in the object's rectangle, so that a square crop has the same box at every angle.
  func placedObject(_ sizes: CanvasSettings.Sizes) -> PlacedObject {
    let (cosine, sine) = (cos(angle), sin(angle))
    let across = ((width * cosine) * (width * cosine) + (height * sine) * (height * sine)).squareRoot()
    let down = ((width * sine) * (width * sine) + (height * cosine) * (height * cosine)).squareRoot()
    return PlacedObject(
      x: x - across / 2, y: y - down / 2, width: across, height: down, role: sizes.role(of: size), crop: crop)
  }
}

/// Decides what is on a canvas, and where.
struct CanvasLayout {
  private(set) var items: [CanvasItem] = []
  private let settings: CanvasSettings
  private let side: Float

  init(_ settings: CanvasSettings) {
    self.settings = settings
    side = Float(settings.side)
  }

  /// Draws the objects and decoys of a canvas.
  /// - Parameter spot: A place that is kept free.
  mutating func place(
    around spot: (x: Float, y: Float, size: Float)?, crops: ObjectCrops, _ feedback: CanvasFeedback,
    _ random: inout CounterRandom
  ) {
    items.removeAll(keepingCapacity: true)
    let objects = random.choice(settings.objectCounts)
    let decoys = random.choice(settings.decoyCounts)
    for number in 0..<(objects + decoys) {
      let kind = number < objects ? .object : decoyKind(&random)
      let crop = feedback.crop(of: crops.count, &random)
      let size = kind == .object ? objectSize(&random) : random.ratio(settings.sizes.learned)
      guard let (x, y) = position(ofSize: size, spot, &random) else { continue }
      let aspect = Float(crops.pictures[crop].width) / Float(crops.pictures[crop].height)
      let root = aspect.squareRoot()
      let angle = angle(ofDecoy: kind != .object, &random)
      let hasHead = random.chance(settings.surroundings.heads)
      items.append(
        CanvasItem(
          kind: kind, crop: crop, x: x, y: y, width: size * root, height: size / root, angle: angle,
          hasHead: hasHead || kind == .bareHead))
    }
  }

  private func decoyKind(_ random: inout CounterRandom) -> CanvasItem.Kind {
    let shares = settings.decoys
    // Where objects lie on their sides, they also lie upside down.
    let upsideDown = settings.pose.reach < 90 ? shares.upsideDown : 0
    let kinds: [(kind: CanvasItem.Kind, share: Float)] = [
      (.background, shares.background), (.shuffled, shares.shuffled), (.upsideDown, upsideDown),
      (.part, shares.part), (.bareHead, shares.bare),
    ]
    var left = random.unit() * kinds.reduce(0) { $0 + $1.share }
    for (kind, share) in kinds where share > 0 {
      if left < share { return kind }
      left -= share
    }
    return .background
  }

  private func objectSize(_ random: inout CounterRandom) -> Float {
    let sizes = settings.sizes
    let unit = random.unit()
    if unit < sizes.smallShare { return random.ratio(sizes.small) }
    return random.ratio(unit < sizes.smallShare + sizes.largeShare ? sizes.large : sizes.learned)
  }

  /// A place where nothing else is; nil if none is found in a few attempts.
  private func position(
    ofSize size: Float, _ spot: (x: Float, y: Float, size: Float)?, _ random: inout CounterRandom
  ) -> (x: Float, y: Float)? {
    let beyond = size > settings.sizes.learned.upperBound ? 0 : 0.1 * size
    for _ in 0..<6 {
      let x = random.uniform(-beyond...(side + beyond))
      let y = random.uniform(-beyond...(side + beyond))
      func isFree(_ otherX: Float, _ otherY: Float, _ otherSize: Float) -> Bool {
        let (across, down, reach) = (x - otherX, y - otherY, 0.55 * (size + otherSize))
        return across * across + down * down > reach * reach
      }
      if let spot, !isFree(spot.x, spot.y, spot.size) { continue }
      if items.allSatisfy({ isFree($0.x, $0.y, $0.size) }) { return (x, y) }
    }
    return nil
  }

  private func angle(ofDecoy isDecoy: Bool, _ random: inout CounterRandom) -> Float {
    let pose = settings.pose
    var degrees =
      random.chance(pose.uprightShare)
      ? min(max(random.normal() * pose.deviation, -pose.reach), pose.reach)
      : random.uniform(-pose.reach...pose.reach)
    if isDecoy, random.chance(settings.decoys.anyAngle) { degrees = random.uniform(-180...180) }
    return degrees * (.pi / 180)
  }
}

extension CounterRandom {
  /// An index, each as likely as its share says.
  mutating func choice(_ shares: [Float]) -> Int {
    var left = unit() * shares.reduce(0, +)
    for (index, share) in shares.enumerated() {
      if left < share { return index }
      left -= share
    }
    return shares.lastIndex { $0 > 0 } ?? 0
  }

  /// From a range of positive numbers, every ratio equally likely.
  mutating func ratio(_ range: ClosedRange<Float>) -> Float {
    exp(uniform(log(range.lowerBound)...log(range.upperBound)))
  }
}
