import SystemIO

/// Pictures made worse on purpose, always in the same way: to see what a network makes of small and blurred faces.
public struct PictureDegradation: Sendable, Equatable {
  /// Bring pictures down to this side in pixels, the longer one if they are no squares, and back; nil to leave them.
  public var side: Int?
  /// Then blur them with a Gaussian of this deviation in pixels; nil to leave them.
  public var blur: Double?

  public init(side: Int? = nil, blur: Double? = nil) {
    self.side = side
    self.blur = blur
  }

  /// True if pictures stay as they are.
  public var isNone: Bool { side == nil && blur == nil }
}

extension PictureSet {
  /// The same pictures, made worse as ``Augmentation/downscale`` and ``Augmentation/blur`` do at random.
  /// - Throws: ``Failure`` (`usage`) for a side that is not from 1 to the pictures', or a blur that is not above 0 and
  ///   at most the side; (`failed`) without memory for the pixels.
  public func degraded(_ degradation: PictureDegradation) throws(Failure) -> PictureSet {
    if degradation.isNone { return self }
    let longer = max(width, height)
    func check(_ isRight: Bool, _ name: String, _ value: some CustomStringConvertible) throws(Failure) {
      guard !isRight else { return }
      throw Failure(
        .usage, step: name, cause: "\(value) does not fit pictures of \(width)x\(height) pixels")
    }
    if let side = degradation.side { try check((1...longer).contains(side), "downscale", side) }
    if let blur = degradation.blur { try check(blur > 0 && blur <= Double(longer), "blur", blur) }
    let size = width * height
    let storage = try PixelStorage(
      byteCount: try PixelStorage.byteCount(width: width, height: height, pictures: count))
    let scratch = PictureScratch(width: width, height: height)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { picture in
      let start = picture.baseAddress!
      for index in 0..<count {
        withPixels(index) { pixels in for place in 0..<size { start[place] = Float(pixels[place]) } }
        if let side = degradation.side { scratch.downscale(start, by: Float(side) / Float(longer)) }
        if let blur = degradation.blur { scratch.blur(start, sigma: Float(blur)) }
        let output = storage.base + index * size
        for place in 0..<size { output[place] = UInt8(min(max(start[place].rounded(), 0), 255)) }
      }
    }
    return PictureSet(
      classes: classes, width: width, height: height, examples: (0..<count).map(example), pixels: storage,
      unreadable: unreadable)
  }
}
