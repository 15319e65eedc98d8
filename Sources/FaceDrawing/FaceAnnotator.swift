import Drawing
import FrameStream

/// Draws boxes and labels on the pictures of one stream, in place and in the pictures' own format.
///
/// Labels and outlines are drawn once and kept, so a frame whose labels were seen before allocates nothing. The
/// same marks on the same picture give the same bytes in every run. To be used by one thread at a time.
package final class FaceAnnotator {
  private let style: DrawingStyle
  private let sampleAspectRatio: Rational?
  private let colorRange: ColorRange
  private let colorSpace: String?

  // Fonts are looked for when the first label is due: that takes some ten milliseconds.
  private lazy var typesetter: Typesetter? = Typesetter(font: style.font)
  private var labels = StampCache<Label>(maximumCount: 1024, maximumBytes: 24 << 20)
  private var outlines = StampCache<BoxOutline.Look>(maximumCount: 128, maximumBytes: 8 << 20)
  private var dots = PointDots()
  private var outlineShapes: [BoxOutline.Look: BoxOutline] = [:]
  private let blender = StampBlender()
  private let deepPicture = TenBitPicture()

  private var layout: PictureLayout?
  private var matrix: ColorMatrix?
  private var metrics: DrawingMetrics?
  private var placement: LabelPlacement?

  /// - Parameters:
  ///   - sampleAspectRatio: width to height of a pixel, so that text and lines look right when shown;
  ///     nil means square.
  ///   - colorRange: how luma is to be read; it does not matter for rgb24.
  ///   - colorSpace: FFmpeg's name of the YUV matrix (`bt709`, `smpte170m`…); nil or another chooses by size.
  package init(
    style: DrawingStyle = DrawingStyle(), sampleAspectRatio: Rational? = nil, colorRange: ColorRange,
    colorSpace: String? = nil
  ) {
    self.style = style
    self.sampleAspectRatio = sampleAspectRatio
    self.colorRange = colorRange
    self.colorSpace = colorSpace
  }

  /// False if labels are wanted but there is no font to write them with; asking looks for fonts.
  package var hasFont: Bool { typesetter != nil }

  /// What the store of drawn labels and outlines has done so far.
  package struct CacheStatistics: Sendable, Equatable {
    /// Labels and outlines that were there when needed, and that had to be drawn.
    package var hits: Int
    /// Those that had to be drawn.
    package var misses: Int
    /// What is kept now, and its bytes.
    package var count: Int
    /// The bytes of what is kept.
    package var byteCount: Int
  }

  /// The use of the cache since the annotator was made.
  package var cacheStatistics: CacheStatistics {
    CacheStatistics(
      hits: labels.hits + outlines.hits, misses: labels.misses + outlines.misses,
      count: labels.count + outlines.count, byteCount: labels.byteCount + outlines.byteCount)
  }

  /// Draws `marks` on the picture at `base`: all boxes first, then points, then all labels, each over those before it.
  ///
  /// A pixel outside the drawings keeps its luma; a chroma sample changes only if a drawing covers one of its
  /// pixels.
  /// - Parameter base: the packed picture's `layout.byteCount` bytes.
  /// - Returns: the smallest rectangle that holds all pixels drawn on; nil if there are none.
  @discardableResult
  package func draw(
    _ marks: [FaceMark], layout: PictureLayout, base: UnsafeMutablePointer<UInt8>
  ) -> PixelRectangle? {
    guard !marks.isEmpty, style.drawsBoxes || style.drawsLabels || style.drawsPoints else { return nil }
    if layout.format == .yuv420p10le {
      guard let reduced = deepPicture.reduce(layout, base) else { return nil }
      let damage = draw(marks, layout: reduced, base: deepPicture.base)
      if let damage { deepPicture.restore(layout, base, within: damage, isFullRange: colorRange == .pc) }
      return damage
    }
    prepare(for: layout)
    var damage: PixelRectangle?
    if style.drawsBoxes {
      for mark in marks { extend(&damage, by: drawBox(mark, base: base)) }
    }
    if style.drawsPoints {
      for mark in marks { extend(&damage, by: drawPoints(mark, base: base)) }
    }
    if style.drawsLabels {
      placement?.removeAll()
      for mark in marks { extend(&damage, by: drawLabel(mark, base: base)) }
    }
    return damage
  }

  /// Takes over a picture's geometry if it differs from the last one's.
  private func prepare(for layout: PictureLayout) {
    if self.layout == layout { return }
    let matrix = ColorMatrix(layout: layout, range: colorRange, colorSpace: colorSpace)
    if self.matrix != matrix {
      labels.removeAll()
      outlines.removeAll()
      dots.removeAll()
    }
    self.layout = layout
    self.matrix = matrix
    metrics = DrawingMetrics(
      layout: layout, sampleAspectRatio: sampleAspectRatio,
      requestedSize: style.drawsLabels && style.font != nil ? typesetter?.requestedSize : nil)
    placement = LabelPlacement(picture: layout.bounds)
  }

  private func extend(_ damage: inout PixelRectangle?, by rectangle: PixelRectangle?) {
    if let rectangle { damage = damage?.union(rectangle) ?? rectangle }
  }

  /// The outline of a mark's box and where it lies; nil if it is wholly outside the picture.
  private func outline(
    of mark: FaceMark
  ) -> (outline: BoxOutline, area: PixelRectangle, visible: PixelRectangle)? {
    guard let box = mark.rectangle, let metrics, let picture = placement?.picture,
      box.intersection(picture) != nil
    else { return nil }
    let look = BoxOutline.Look(
      appearance: mark.appearance,
      stroke: metrics.stroke(forBox: box), aspect: metrics.aspect, isHeld: mark.isHeld)
    let outline: BoxOutline
    if let known = outlineShapes[look] {
      outline = known
    } else {
      if outlineShapes.count >= outlines.maximumCount { outlineShapes.removeAll() }
      outline = BoxOutline(look)
      outlineShapes[look] = outline
    }
    let area = outline.area(around: box)
    guard let visible = area.intersection(picture) else { return nil }
    return (outline, area, visible)
  }

  private func drawBox(_ mark: FaceMark, base: UnsafeMutablePointer<UInt8>) -> PixelRectangle? {
    guard let layout, let matrix, let (outline, area, visible) = outline(of: mark) else { return nil }
    let stamp = outlines.stamp(for: outline.look) {
      outline.canvas().map { Stamp($0, matrix: matrix) }
    }
    guard let stamp else { return nil }
    blender.draw(
      stamp, over: area, visible: visible, holes: outline.holes(in: area), layout: layout, base: base,
      column: { outline.horizontal.template($0, of: area.width) },
      row: { outline.vertical.template($0, of: area.height) })
    return visible
  }

  private func drawPoints(_ mark: FaceMark, base: UnsafeMutablePointer<UInt8>) -> PixelRectangle? {
    guard let points = mark.points, let box = mark.rectangle, let layout, let matrix, let metrics else {
      return nil
    }
    return dots.draw(
      points, mark.appearance.color, stroke: metrics.stroke(forBox: box), aspect: metrics.aspect,
      matrix: matrix, layout: layout, base: base, with: blender)
  }

  private func drawLabel(_ mark: FaceMark, base: UnsafeMutablePointer<UInt8>) -> PixelRectangle? {
    guard mark.expression != nil || mark.person != nil, let layout, let matrix, let metrics,
      let (outline, area, _) = outline(of: mark)
    else { return nil }
    let box = mark.rectangle ?? area
    let label = Label(
      person: mark.person, expression: LabelText.bounded(mark.expression ?? ""),
      percentage: mark.expression == nil ? nil : mark.percentage,
      appearance: outline.look.appearance,
      textSize: metrics.textSize(forBoxWidth: box.width), aspect: metrics.aspect, maximumWidth: layout.width)
    let stamp = labels.stamp(for: label) {
      guard let typesetter else { return nil }
      return label.canvas(typesetter: typesetter).map { Stamp($0, matrix: matrix) }
    }
    guard let stamp, let place = placement?.place(width: stamp.width, height: stamp.height, at: area) else {
      return nil
    }
    blender.draw(
      stamp, over: place, visible: place, layout: layout, base: base, isStretched: false, column: { $0 },
      row: { $0 })
    return place
  }
}
