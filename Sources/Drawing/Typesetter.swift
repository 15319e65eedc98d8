import CPangoCairo

/// Sets one line of text at a time with Pango, in one typeface; nothing is read as markup.
package final class Typesetter {
  private let layout: OpaquePointer
  private let description: OpaquePointer
  /// The size that the font description asks for, in pixels; nil if it says none.
  package let requestedSize: Double?
  /// The family that is used because none of the requested ones is installed; nil if one is.
  package let substitute: String?

  /// - Parameter font: A Pango font description; "Sans Bold" if nil.
  ///
  /// Nil if no font is installed.
  package init?(font: String?) {
    Typesetter.silenceMessages()
    guard let description = pango_font_description_from_string(font ?? "Sans Bold"),
      let fontMap = pango_cairo_font_map_new()
    else { return nil }
    defer { g_object_unref(fontMap) }
    if pango_font_description_get_family(description) == nil {
      pango_font_description_set_family(description, "Sans")
    }
    let size = Double(pango_font_description_get_size(description)) / Double(PANGO_SCALE)
    let isAbsolute = pango_font_description_get_size_is_absolute(description) != 0
    // A point is 1/72 inch, a pixel 1/96 inch, as on the Web.
    requestedSize = size > 0 ? min(max(isAbsolute ? size : size * 96 / 72, 6), 256) : nil
    pango_font_description_set_absolute_size(description, 16 * Double(PANGO_SCALE))

    guard let context = pango_font_map_create_context(fontMap) else {
      pango_font_description_free(description)
      return nil
    }
    defer { g_object_unref(UnsafeMutableRawPointer(context)) }
    // Pango ends the process when it must draw without any font, so ask first.
    guard let anyFont = pango_font_map_load_font(fontMap, context, description) else {
      pango_font_description_free(description)
      return nil
    }
    substitute = font == nil ? nil : Typesetter.substitute(anyFont, for: description, in: fontMap)
    g_object_unref(anyFont)

    // The same pixels whatever the desktop's settings: no sub-pixel colors, no hinting of distances.
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)

    layout = pango_layout_new(context)
    self.description = description
    pango_layout_set_single_paragraph_mode(layout, 1)
  }

  /// Names that fontconfig always gives a font.
  private static let genericFamilies: Set = ["sans", "sans-serif", "serif", "monospace", "system-ui"]

  private static func substitute(
    _ font: UnsafeMutablePointer<PangoFont>, for description: OpaquePointer,
    in fontMap: UnsafeMutablePointer<PangoFontMap>
  ) -> String? {
    let asked = String(cString: pango_font_description_get_family(description)).lowercased()
    var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
    var count: Int32 = 0
    pango_font_map_list_families(fontMap, &families, &count)
    defer { g_free(families) }
    let installed = (0..<Int(count)).compactMap { index in
      families?[index].map { String(cString: pango_font_family_get_name($0)).lowercased() }
    }
    let known = genericFamilies.union(installed)
    let isKnown = asked.split(separator: ",").contains { name in
      known.contains(String(name.drop(while: { $0 == " " })))
    }
    guard !isKnown, let used = pango_font_describe(font) else { return nil }
    defer { pango_font_description_free(used) }
    return pango_font_description_get_family(used).map { String(cString: $0) }
  }

  deinit {
    g_object_unref(UnsafeMutableRawPointer(layout))
    pango_font_description_free(description)
  }

  /// Sets `text` at `size` pixels to the em in at most `width` pixels, and returns the line's extent.
  package func set(_ text: String, size: Double, width: Double) -> (width: Double, height: Double) {
    let scale = Double(PANGO_SCALE)
    pango_font_description_set_absolute_size(description, size * scale)
    pango_layout_set_font_description(layout, description)
    pango_layout_set_text(layout, text, -1)
    let whole = extent()
    guard whole.width > width else { return whole }
    return shorten(Array(text), to: width)
  }

  /// Sets as much of a text's beginning and end as has room, with an ellipsis between them. Pango's own leaves a gap
  /// after it, and aligns right-to-left text at the right end of the width.
  private func shorten(_ text: [Character], to width: Double) -> (width: Double, height: Double) {
    func set(keeping count: Int) -> (width: Double, height: Double) {
      let end = String(text.suffix(count / 2).drop(while: \.isWhitespace))
      var start = text.prefix(count - count / 2)
      while start.last?.isWhitespace == true { start.removeLast() }
      pango_layout_set_text(layout, String(start) + "…" + end, -1)
      return extent()
    }
    var (fits, tooMany) = (0, text.count)
    while tooMany - fits > 1 {
      let middle = (fits + tooMany) / 2
      if set(keeping: middle).width <= width { fits = middle } else { tooMany = middle }
    }
    return set(keeping: fits)
  }

  /// Draws the line set last, its top left corner at (`x`, `y`).
  package func draw(on canvas: CairoCanvas, x: Double, y: Double) {
    var logical = PangoRectangle()
    pango_layout_get_extents(layout, nil, &logical)
    let scale = Double(PANGO_SCALE)
    cairo_move_to(canvas.context, x - Double(logical.x) / scale, y - Double(logical.y) / scale)
    pango_cairo_show_layout(canvas.context, layout)
  }

  private func extent() -> (width: Double, height: Double) {
    var logical = PangoRectangle()
    pango_layout_get_extents(layout, nil, &logical)
    return (Double(logical.width) / Double(PANGO_SCALE), Double(logical.height) / Double(PANGO_SCALE))
  }

  /// Libraries never print: Pango's remarks on odd fonts and text go nowhere.
  private static func silenceMessages() { _ = silenced }
  private static let silenced: UInt32 = g_log_set_handler(
    "Pango", GLogLevelFlags(rawValue: G_LOG_LEVEL_MASK.rawValue), { _, _, _, _ in }, nil)
}
