import SystemIO

/// Pictures changed on purpose, always in the same way, to measure a network on rotated, small, blurred and dark faces.
package struct PictureDegradation: Sendable, Equatable {
  /// Rotate pictures by this many degrees, clockwise; edge pixels are repeated. Nil to leave them.
  package var turn: Double?
  /// Then downscale them to this many pixels on the longer side, and upscale them again; nil to leave them.
  package var side: Int?
  /// Then blur them with a Gaussian of this deviation in pixels; nil to leave them.
  package var blur: Double?
  /// Then multiply values by this, and add noise as of a sensor; nil to leave them.
  package var lowLight: Double?

  /// The deviation of that noise, in values of 0 to 255.
  package static let noise: Float = 4

  /// Pictures keep what is not given.
  package init(turn: Double? = nil, side: Int? = nil, blur: Double? = nil, lowLight: Double? = nil) {
    self.turn = turn
    self.side = side
    self.blur = blur
    self.lowLight = lowLight
  }

  /// True if pictures stay as they are.
  package var isNone: Bool { self == PictureDegradation() }
}

extension PictureSet {
  /// The same pictures with changes that ``Augmentation`` makes at random, here always of the given strength.
  /// - Throws: ``Failure`` (`usage`) for a side that is not from 1 to the pictures' longer one, a blur that is not from
  ///   0.1, below which it changes nothing, to that, an angle beyond a whole turn, or a light that is not from 0.01 to 1;
  ///   (`failed`) without memory for the pixels.
  /// - Returns: nil if `isStopped` said so before the end.
  package func degraded(
    _ degradation: PictureDegradation, isStopped: () -> Bool = { false }
  ) throws(Failure) -> PictureSet? {
    if degradation.isNone { return self }
    let longer = max(width, height)
    func check<Value>(
      _ name: String, _ value: Value, from least: Value, to most: Value, ofSize: Bool = false
    ) throws(Failure) where Value: Comparable {
      guard !(least...most).contains(value) else { return }
      throw Failure(
        .usage, step: name,
        cause: "\(value) is not from \(least) to \(most)"
          + (ofSize ? " for pictures of \(width)x\(height) pixels" : ""))
    }
    if let turn = degradation.turn { try check("--turn", turn, from: -360, to: 360) }
    if let side = degradation.side { try check("--downscale", side, from: 1, to: longer, ofSize: true) }
    if let blur = degradation.blur { try check("--blur", blur, from: 0.1, to: Double(longer), ofSize: true) }
    if let light = degradation.lowLight { try check("--low-light", light, from: 0.01, to: 1) }
    let size = width * height
    let storage = try PixelStorage(
      byteCount: try PixelStorage.byteCount(width: width, height: height, pictures: count))
    let warp = degradation.turn.map {
      PictureWarp(
        angle: Float($0) * (.pi / 180), zoom: 1,
        center: (Float(width - 1) / 2, Float(height - 1) / 2), isFlipped: false)
    }
    let scratch = PictureScratch(width: width, height: height)
    let isWhole = withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { picture in
      let start = picture.baseAddress!
      for index in 0..<count {
        if isStopped() { return false }
        withPixels(index) { pixels in
          if let warp {
            warp.apply(to: pixels, stored: (width, height), into: start, size: (width, height))
          } else {
            for place in 0..<size { start[place] = Float(pixels[place]) }
          }
        }
        if let side = degradation.side { scratch.downscale(start, by: Float(side) / Float(longer)) }
        if let blur = degradation.blur { scratch.blur(start, sigma: Float(blur)) }
        if let light = degradation.lowLight {
          var random = CounterRandom(seed: 0, purpose: .capture, epoch: 0, index: UInt64(index))
          CaptureDraw(gain: Float(light), noise: PictureDegradation.noise)
            .apply(to: start, width: width, height: height, &random)
        }
        let output = storage.base + index * size
        for place in 0..<size { output[place] = UInt8(min(max(start[place].rounded(), 0), 255)) }
      }
      return true
    }
    guard isWhole else { return nil }
    return PictureSet(
      classes: classes, width: width, height: height, examples: (0..<count).map(example), pixels: storage,
      unreadable: unreadable)
  }
}
