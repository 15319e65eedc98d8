import SystemIO

/// A training canvas: a gray picture with objects at known places.
package struct Canvas: Sendable, Equatable {
  /// `side` · `side` gray levels, rows from the top.
  package var pixels: [UInt8]
  /// The objects, and what else is not to count as background.
  package var objects: [PlacedObject]
}

/// What canvases are made from. A canvas is a function of this, a seed, its number, and the feedback: on any thread, in
/// any order, its bytes are the same.
package struct CanvasSynthesis: Sendable {
  /// The crops of what is to be found.
  package let objects: ObjectCrops
  /// Pictures without it.
  package let backgrounds: BackgroundPictures
  /// How they are put together.
  package let settings: CanvasSettings
  /// Pages of drawn writing.
  let pages: [GrayPixels]

  /// - Throws: ``Failure`` (`badInput`) without crops or backgrounds, (`usage`) for settings that make no sense.
  package init(
    objects: ObjectCrops, backgrounds: BackgroundPictures, settings: CanvasSettings = CanvasSettings()
  ) throws(Failure) {
    guard objects.count > 0 else {
      throw Failure(.badInput, step: "making canvases", cause: "there are no crops of the object")
    }
    guard backgrounds.count > 0 else {
      throw Failure(.badInput, step: "making canvases", cause: "there are no backgrounds")
    }
    try settings.check()
    self.objects = objects
    self.backgrounds = backgrounds
    self.settings = settings
    pages = settings.backdrop.writing > 0 ? (0..<12).map(WritingPage.page) : []
  }

  /// Makes one canvas. For many, keep a ``CanvasPainter`` and a ``CanvasFeedback``.
  /// - Parameters:
  ///   - mined: Places of backgrounds that a network took for objects.
  ///   - hardness: How likely each crop is compared with the others; nil for all alike.
  /// - Throws: ``Failure`` (`failed`) without memory, or where FFmpeg has no JPEG.
  package func canvas(
    number: UInt64, seed: UInt64, mined: [MinedSpot] = [], hardness: [Float]? = nil
  ) throws(Failure) -> Canvas {
    let painter = try CanvasPainter(self)
    return try painter.canvas(number, seed: seed, CanvasFeedback(mined: mined, hardness: hardness))
  }
}

extension CanvasSettings {
  /// - Throws: ``Failure`` (`usage`) for settings that make no sense.
  func check() throws(Failure) {
    func wrong(_ cause: String) -> Failure { Failure(.usage, step: "canvas settings", cause: cause) }
    guard (32...512).contains(side) else { throw wrong("a side of \(side) is not from 32 to 512") }
    for (name, range) in [("learned", sizes.learned), ("small", sizes.small), ("large", sizes.large)] {
      guard range.lowerBound >= 4, range.upperBound <= 1024 else {
        throw wrong("\(name) sizes of \(range) are not from 4 to 1024")
      }
    }
    for counts in [objectCounts, decoyCounts] {
      guard counts.allSatisfy({ $0 >= 0 && $0.isFinite }), counts.contains(where: { $0 > 0 }),
        counts.count <= 33
      else { throw wrong("a count of objects or decoys needs a share above 0, and there are 32 at most") }
    }
    guard (1...31).contains(finish.quantizer.lowerBound), finish.quantizer.upperBound <= 31 else {
      throw wrong("quantizers of \(finish.quantizer) are not from 1 to 31")
    }
    guard (0...0.45).contains(pose.turnReach), (0...180).contains(pose.reach) else {
      throw wrong("a rotation of \(pose.reach) degrees or a turn of \(pose.turnReach)")
    }
  }
}
