import CPangoCairo

/// A picture in memory that Cairo draws on: premultiplied ARGB, one native-endian 32-bit word a pixel.
package final class CairoCanvas {
  /// Which parts of a path that crosses itself are inside.
  package enum FillRule {
    /// Those that the path goes around.
    case winding
    /// Those that lie within an odd number of outlines.
    case evenOdd
  }

  /// Columns of pixels.
  package let width: Int
  /// Rows of pixels.
  package let height: Int
  private let surface: OpaquePointer
  let context: OpaquePointer
  /// Where a surface that is not a picture in memory writes to.
  private let output: SurfaceOutput?

  /// A transparent picture; nil if Cairo has no memory for it or the size is beyond its 32,767 pixels a side.
  package init?(width: Int, height: Int) {
    guard width > 0, height > 0, width <= 32_767, height <= 32_767,
      let surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(width), Int32(height))
    else { return nil }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface) else {
      cairo_surface_destroy(surface)
      return nil
    }
    self.width = width
    self.height = height
    self.surface = surface
    self.context = context
    output = nil
  }

  /// Drawing that becomes an SVG document, one unit a pixel of 1/96 inch; see ``svg()``.
  init?(svgWidth width: Int, height: Int) {
    let output = SurfaceOutput()
    guard width > 0, height > 0, width <= 32_767, height <= 32_767,
      let surface = cairo_svg_surface_create_for_stream(
        SurfaceOutput.write, output.pointer, Double(width), Double(height))
    else { return nil }
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface) else {
      cairo_surface_destroy(surface)
      return nil
    }
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
    self.width = width
    self.height = height
    self.surface = surface
    self.context = context
    self.output = output
  }

  /// The picture as a PNG file; nil if memory ran out at any time since it was made.
  func png() -> [UInt8]? {
    let file = SurfaceOutput()
    guard cairo_status(context) == CAIRO_STATUS_SUCCESS,
      cairo_surface_write_to_png_stream(surface, SurfaceOutput.write, file.pointer) == CAIRO_STATUS_SUCCESS
    else { return nil }
    return file.bytes
  }

  /// Ends the drawing and gives it as an SVG document; nil if memory ran out or it is a picture in memory.
  func svg() -> [UInt8]? {
    guard let output, cairo_status(context) == CAIRO_STATUS_SUCCESS else { return nil }
    cairo_surface_finish(surface)
    return cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS ? output.bytes : nil
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Calls `body` with each row's pixels, top first, after what was drawn has reached memory. Pixels may be changed.
  package func withRows(_ body: (_ y: Int, _ pixels: UnsafeMutableBufferPointer<UInt32>) -> Void) {
    cairo_surface_flush(surface)
    guard let data = cairo_image_surface_get_data(surface) else { return }
    let stride = Int(cairo_image_surface_get_stride(surface))
    for y in 0..<height {
      let row = UnsafeMutableRawPointer(data + y * stride).assumingMemoryBound(to: UInt32.self)
      body(y, UnsafeMutableBufferPointer(start: row, count: width))
    }
    cairo_surface_mark_dirty(surface)
  }

  /// Chooses the color to draw with.
  package func setColor(_ color: Color, alpha: Double = 1) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, alpha)
  }

  /// Fills a rectangle.
  package func fill(x: Double, y: Double, width: Double, height: Double) {
    cairo_rectangle(context, x, y, width, height)
    cairo_fill(context)
  }

  /// Fills everything.
  package func paint() { cairo_paint(context) }

  // MARK: Paths

  /// Adds a rectangle to the path.
  package func addRectangle(x: Double, y: Double, width: Double, height: Double) {
    cairo_rectangle(context, x, y, width, height)
  }

  /// Fills the path, which then is empty unless it is kept.
  package func fillPath(_ rule: FillRule = .winding, keepingPath: Bool = false) {
    setFillRule(rule)
    if keepingPath { cairo_fill_preserve(context) } else { cairo_fill(context) }
  }

  /// Limits drawing to the inside of the path, which then is empty.
  package func clipToPath(_ rule: FillRule = .winding) {
    setFillRule(rule)
    cairo_clip(context)
  }

  private func setFillRule(_ rule: FillRule) {
    cairo_set_fill_rule(context, rule == .evenOdd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING)
  }

  /// Adds a rectangle with elliptical corners to the path.
  package func addRoundedRectangle(
    x: Double, y: Double, width: Double, height: Double, radiusX: Double, radiusY: Double
  ) {
    let radiusX = min(radiusX, width / 2)
    let radiusY = min(radiusY, height / 2)
    guard radiusX > 0, radiusY > 0 else {
      cairo_rectangle(context, x, y, width, height)
      return
    }
    cairo_new_sub_path(context)
    let corners = [
      (x + width - radiusX, y + radiusY, -0.5), (x + width - radiusX, y + height - radiusY, 0),
      (x + radiusX, y + height - radiusY, 0.5), (x + radiusX, y + radiusY, 1),
    ]
    for (centerX, centerY, start) in corners {
      cairo_save(context)
      cairo_translate(context, centerX, centerY)
      cairo_scale(context, radiusX, radiusY)
      cairo_arc(context, 0, 0, 1, start * .pi, (start + 0.5) * .pi)
      cairo_restore(context)
    }
    cairo_close_path(context)
  }

  // MARK: State

  /// Multiplies what follows in size, to the right and downwards.
  package func scale(x: Double, y: Double) { cairo_scale(context, x, y) }

  /// Runs `body`; clips and scales made in it end with it.
  package func withSavedState(_ body: () -> Void) {
    cairo_save(context)
    body()
    cairo_restore(context)
  }

  /// Runs `body`, in which drawing replaces what is below it instead of covering it.
  package func replacing(_ body: () -> Void) {
    cairo_set_operator(context, CAIRO_OPERATOR_SOURCE)
    body()
    cairo_set_operator(context, CAIRO_OPERATOR_OVER)
  }

  /// Draws what `body` draws as one, with this opacity, 0 to 1.
  package func grouped(opacity: Double, _ body: () -> Void) {
    cairo_push_group(context)
    body()
    cairo_pop_group_to_source(context)
    cairo_paint_with_alpha(context, opacity)
  }

  // MARK: Pictures

  /// Draws the whole of `other` into a rectangle of this one, filtered.
  package func draw(_ other: CairoCanvas, x: Double, y: Double, width: Double, height: Double) {
    cairo_save(context)
    cairo_rectangle(context, x, y, width, height)
    cairo_clip(context)
    cairo_translate(context, x, y)
    cairo_scale(context, width / Double(other.width), height / Double(other.height))
    cairo_set_source_surface(context, other.surface, 0, 0)
    let pattern = cairo_get_source(context)
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_BEST)
    // Without it the picture's rim is mixed with transparency.
    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
    cairo_paint(context)
    cairo_restore(context)
  }
}
