import CPangoCairo

/// Gathers what a Cairo surface writes.
final class SurfaceOutput {
  private(set) var bytes: [UInt8] = []

  /// What Cairo hands back to ``write``; valid as long as this object is.
  var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Cairo's `cairo_write_func_t`.
  static let write:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> cairo_status_t = {
      output, data, count in
      guard let output else { return CAIRO_STATUS_WRITE_ERROR }
      Unmanaged<SurfaceOutput>.fromOpaque(output).takeUnretainedValue()
        .bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return CAIRO_STATUS_SUCCESS
    }
}
