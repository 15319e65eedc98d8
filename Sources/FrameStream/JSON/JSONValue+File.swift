import SystemIO

extension JSONValue {
  /// Reads a small file of one JSON value.
  /// - Parameter limit: The most bytes it may have.
  /// - Throws: `Failure` naming the file.
  package init(contentsOf path: String, limit: Int = 1 << 20) throws(Failure) {
    let bytes = try WholeFile.read(path, limit: limit)
    do throws(Failure) { self = try JSONValue(JSONText(parsing: bytes)) } catch { throw error.within(path) }
  }
}
