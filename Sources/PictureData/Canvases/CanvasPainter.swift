import SystemIO

/// Makes one canvas after the other, with memory that is kept for the next one; for one thread.
package final class CanvasPainter {
  private let synthesis: CanvasSynthesis
  private let settings: CanvasSettings
  private let side: Int
  private let canvas: FloatPlane
  private let backdrop: BackdropPainter
  private let heads: HeadPainter
  private let paster: ObjectPaster
  private let finisher: CanvasFinisher
  private var layout: CanvasLayout

  /// - Throws: ``Failure`` (`failed`) without memory, or where FFmpeg has no JPEG.
  package init(_ synthesis: CanvasSynthesis) throws(Failure) {
    self.synthesis = synthesis
    settings = synthesis.settings
    side = settings.side
    canvas = FloatPlane(width: side, height: side)
    let windows = WindowReader(synthesis)
    backdrop = BackdropPainter(settings, windows)
    heads = HeadPainter(settings, synthesis.backgrounds)
    paster = ObjectPaster(synthesis, windows)
    finisher = try CanvasFinisher(settings)
    layout = CanvasLayout(settings)
  }

  /// Makes canvas `number`.
  /// - Parameters:
  ///   - pixels: Room for `side` · `side` gray levels, rows from the top.
  ///   - placed: Replaced by the objects, and what else is not to count as background.
  /// - Throws: ``Failure`` (`failed`) if FFmpeg cannot compress the canvas.
  package func paint(
    _ number: UInt64, seed: UInt64, _ feedback: CanvasFeedback = .none,
    into pixels: UnsafeMutablePointer<UInt8>, _ placed: inout [PlacedObject]
  ) throws(Failure) {
    var random = CounterRandom(seed: seed, purpose: .canvas, epoch: 0, index: number)
    placed.removeAll(keepingCapacity: true)
    let spot = backdrop.paint(canvas, feedback, &random, &placed)
    layout.place(around: spot, crops: synthesis.objects, feedback, &random)
    // Heads first, so that none covers an object.
    for item in layout.items where item.hasHead { heads.paint(item, on: canvas, &random) }
    for item in layout.items where item.kind != .bareHead {
      paster.paste(item, on: canvas, feedback, &random)
      if item.kind == .object { placed.append(item.placedObject(settings.sizes)) }
    }
    try finisher.finish(canvas, into: pixels, &random)
    for index in placed.indices where placed[index].role == .object {
      let isClear =
        placed[index].visibleShare(on: side) >= settings.sizes.visibleShare
        && placed[index].deviation(in: pixels, side) >= settings.sizes.leastDeviation
      if !isClear { placed[index].role = .ignored }
    }
  }

  /// Canvas `number` as a value of its own.
  /// - Throws: ``Failure`` as ``paint(_:seed:_:into:_:)`` does.
  package func canvas(
    _ number: UInt64, seed: UInt64, _ feedback: CanvasFeedback = .none
  ) throws(Failure) -> Canvas {
    var pixels = [UInt8](repeating: 0, count: side * side)
    var objects: [PlacedObject] = []
    try pixels.withUnsafeMutableBufferPointer { (pixels) throws(Failure) in
      try paint(number, seed: seed, feedback, into: pixels.baseAddress!, &objects)
    }
    return Canvas(pixels: pixels, objects: objects)
  }
}

extension PlacedObject {
  /// The standard deviation of gray levels in the middle seven tenths of the box, as far as it is on the canvas.
  fileprivate func deviation(in pixels: UnsafePointer<UInt8>, _ side: Int) -> Float {
    func range(_ middle: Float, _ length: Float) -> Range<Int> {
      let first = min(max(Int((middle - 0.35 * length).rounded(.down)), 0), side)
      return first..<max(first, min(Int((middle + 0.35 * length).rounded(.up)), side))
    }
    let (columns, rows) = (range(centerX, width), range(centerY, height))
    guard !columns.isEmpty, !rows.isEmpty else { return 0 }
    var (sum, squares) = (0, 0)
    for y in rows {
      for x in columns {
        let value = Int(pixels[y * side + x])
        sum += value
        squares += value * value
      }
    }
    let count = Double(columns.count * rows.count)
    let mean = Double(sum) / count
    return Float(max(Double(squares) / count - mean * mean, 0).squareRoot())
  }
}
