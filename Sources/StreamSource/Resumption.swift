import FrameStream

/// How an input that was lost is opened again.
package struct Resumption: Sendable {
  /// The format that the stream has.
  package var pixelFormat: PixelFormat
  /// Where to continue, in seconds from the input's beginning; nil for an input without a beginning.
  package var start: Double?
  /// When the wanted part of a live input ends, on ``SystemIO/MonotonicClock``.
  package var end: Double?
}
