/// What the person who exports says, for all formats.
package struct ExportOptions: Sendable {
  /// The name and version of the program, for formats that have a field for it.
  package var generator = "fm-export"
  /// Whether labels of each frame count, not those over time.
  package var isRaw = false
  /// The video that an HTML report plays, as an address relative to the report; nil for none.
  package var video: String?

  /// The defaults.
  package init() {}
}
