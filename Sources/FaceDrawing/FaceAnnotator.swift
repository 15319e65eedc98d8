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
  private var legends = StampCache<Legend>(maximumCount: 4, maximumBytes: 16 << 20)
  private let blender = StampBlender()
  private let deepPicture = TenBitPicture()

  private var layout: PictureLayout?
  private var matrix: ColorMatrix?
  private var metrics: DrawingMetrics?
  private var placement: LabelPlacement?

  /// The classes that labels may name, in the order of the model's outputs; they decide which first letters tell one
  /// from another, and what a legend explains.
  package var classNames: [String] {
    get { initials.names }
    set { if newValue != initials.names { initials = ClassInitials(newValue) } }
  }
  private var initials = ClassInitials([])
  /// Whether a legend was due that has no room in the picture, so that first letters may be explained nowhere.
  package private(set) var lacksLegend = false
  private var boxes: [PixelRectangle] = []

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

  /// The family in which labels are set because that of the style is not installed; nil if it is.
  package var substituteFont: String? { typesetter?.substitute }

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
      boxes.removeAll(keepingCapacity: true)
      for mark in marks {
        guard let box = mark.rectangle, !mark.isDoubtful else { continue }
        placement?.add(face: box)
        boxes.append(box)
      }
      var hasInitials = false
      for mark in marks { extend(&damage, by: drawLabel(mark, &hasInitials, base: base)) }
      if style.legend == .always || style.legend == .auto && hasInitials {
        extend(&damage, by: drawLegend(base: base))
      }
    }
    return damage
  }

  /// Takes over a picture's geometry if it differs from the last one's.
  private func prepare(for layout: PictureLayout) {
    if self.layout == layout { return }
    let matrix = ColorMatrix(layout: layout, range: colorRange, colorSpace: colorSpace)
    if self.matrix != matrix {
      labels.removeAll()
      legends.removeAll()
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
      stroke: metrics.stroke(forBox: box), aspect: metrics.aspect, strength: mark.strength)
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

  /// Draws a mark's label in the longest form that has room; none if even the shortest would cover another face.
  private func drawLabel(
    _ mark: FaceMark, _ hasInitials: inout Bool, base: UnsafeMutablePointer<UInt8>
  ) -> PixelRectangle? {
    guard mark.expression != nil || mark.person != nil, let layout, let metrics,
      let (outline, area, _) = outline(of: mark)
    else { return nil }
    let box = mark.rectangle ?? area
    var chosen: (stamp: Stamp, place: LabelPlacement.Place)?
    for form in LabelForm.allCases where form == .initial || !mark.isDoubtful {
      guard let stamp = stamp(for: mark, form, outline.look, metrics, width: box.width, layout),
        let place = placement?.best(
          width: stamp.width, height: stamp.height, at: area, of: box, mayCoverOwn: form == .initial)
      else { continue }
      if place.isFree || (form == .initial || chosen == nil) && place.faces == 0 {
        chosen = (stamp, place)
        if form == .initial, mark.expression != nil { hasInitials = true }
      }
      if place.isFree { break }
    }
    guard let (stamp, place) = chosen else { return nil }
    placement?.take(place)
    blend(stamp, at: place.rectangle, layout, base)
    return place.rectangle
  }

  private func stamp(
    for mark: FaceMark, _ form: LabelForm, _ look: BoxOutline.Look, _ metrics: DrawingMetrics, width: Int,
    _ layout: PictureLayout
  ) -> Stamp? {
    guard let matrix else { return nil }
    let name = LabelText.bounded(mark.expression ?? "")
    let hasPercentage = mark.expression != nil && (form == .whole || form == .small)
    let label = Label(
      person: mark.person, expression: form == .initial ? initials.of(name) : name,
      percentage: hasPercentage ? mark.percentage : nil, appearance: look.appearance,
      isFaint: mark.isUnsure || mark.isDoubtful,
      textSize: form.textSize(metrics.textSize(forBoxWidth: width)), aspect: metrics.aspect,
      maximumWidth: layout.width)
    return labels.stamp(for: label) {
      guard let typesetter else { return nil }
      return label.canvas(typesetter: typesetter).map { Stamp($0, matrix: matrix) }
    }
  }

  /// Explains the classes in the corner that shows most of the faces.
  private func drawLegend(base: UnsafeMutablePointer<UInt8>) -> PixelRectangle? {
    guard let layout, let matrix, let metrics else { return nil }
    let legend = Legend(
      initials, textSize: (metrics.textSize * 0.8).rounded(), aspect: metrics.aspect, layout: layout)
    let stamp = legends.stamp(for: legend) {
      guard let typesetter else { return nil }
      return legend.canvas(typesetter: typesetter).map { Stamp($0, matrix: matrix) }
    }
    guard let stamp else {
      lacksLegend = lacksLegend || typesetter != nil && !legend.entries.isEmpty
      return nil
    }
    let place = Legend.corner(width: stamp.width, height: stamp.height, in: layout.bounds, faces: boxes)
    blend(stamp, at: place, layout, base)
    return place
  }

  private func blend(
    _ stamp: Stamp, at place: PixelRectangle, _ layout: PictureLayout, _ base: UnsafeMutablePointer<UInt8>
  ) {
    blender.draw(
      stamp, over: place, visible: place, layout: layout, base: base, isStretched: false, column: { $0 },
      row: { $0 })
  }
}
