import SystemIO

/// Pictures degraded on purpose, always in the same way, to measure a network on small and blurred faces.
package struct PictureDegradation: Sendable, Equatable {
  /// Downscale pictures to this many pixels on the longer side, and upscale them again; nil to leave them.
  package var side: Int?
  /// Then blur them with a Gaussian of this deviation in pixels; nil to leave them.
  package var blur: Double?

  /// Pictures keep what is not given.
  package init(side: Int? = nil, blur: Double? = nil) {
    self.side = side
    self.blur = blur
  }

  /// True if pictures stay as they are.
  package var isNone: Bool { side == nil && blur == nil }
}

extension PictureSet {
  /// The same pictures, degraded as ``Augmentation/downscale`` and ``Augmentation/blur`` do at random.
  /// - Throws: ``Failure`` (`usage`) for a side that is not from 1 to the pictures' longer one, or a blur that is not
  ///   from 0.1, below which it changes nothing, to that; (`failed`) without memory for the pixels.
  /// - Returns: nil if `isStopped` said so before the end.
  package func degraded(
    _ degradation: PictureDegradation, isStopped: () -> Bool = { false }
  ) throws(Failure) -> PictureSet? {
    if degradation.isNone { return self }
    let longer = max(width, height)
    func check<Value>(_ name: String, _ value: Value, from least: Value, to most: Value) throws(Failure)
    where Value: Comparable {
      guard !(least...most).contains(value) else { return }
      throw Failure(
        .usage, step: name,
        cause: "\(value) is not from \(least) to \(most) for pictures of \(width)x\(height) pixels")
    }
    if let side = degradation.side { try check("--downscale", side, from: 1, to: longer) }
    if let blur = degradation.blur { try check("--blur", blur, from: 0.1, to: Double(longer)) }
    let size = width * height
    let storage = try PixelStorage(
      byteCount: try PixelStorage.byteCount(width: width, height: height, pictures: count))
    let scratch = PictureScratch(width: width, height: height)
    let isWhole = withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { picture in
      let start = picture.baseAddress!
      for index in 0..<count {
        if isStopped() { return false }
        withPixels(index) { pixels in for place in 0..<size { start[place] = Float(pixels[place]) } }
        if let side = degradation.side { scratch.downscale(start, by: Float(side) / Float(longer)) }
        if let blur = degradation.blur { scratch.blur(start, sigma: Float(blur)) }
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
