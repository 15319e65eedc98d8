import CFFmpeg
import FrameStream
import SystemIO

/// Which pictures are deinterlaced.
package enum Deinterlacing: String, Sendable, CaseIterable {
  /// Those that the decoder marks as made of two fields.
  case auto
  /// None.
  case off
  /// All, marked or not.
  case on
}

/// libavfilter's bwdif for pictures of one kind: one whole picture for each two fields, so that the number of
/// pictures and their times stay. Each needs the one after it, so pictures come out one later.
final class Deinterlacer {
  private let filter: OpaquePointer
  private let format: Int32
  private let width: Int32
  private let height: Int32
  /// What the filter does not keep: the times of the pictures inside it.
  private var times: [(own: Int64, stamp: Int64, duration: Int64)] = []
  private(set) var isDraining = false

  /// - Throws: ``Failure`` if libavfilter is not installed, or cannot filter such pictures.
  init(like frame: UnsafePointer<AVFrame>, all: Bool) throws(Failure) {
    var error: Int32 = 0
    guard let filter = fm_deinterlacer_open(frame, all ? 1 : 0, &error) else {
      throw Failure(
        .failed, step: "deinterlacing",
        cause: fm_deinterlacer_available() != 0
          ? errorText(error)
          : "libavfilter is not installed (Debian package \(String(cString: fm_filter_package())))")
    }
    self.filter = filter
    (format, width, height) = (frame.pointee.format, frame.pointee.width, frame.pointee.height)
  }

  deinit { fm_deinterlacer_free(filter) }

  /// Whether a picture is of the same kind as those before it.
  func takes(_ frame: UnsafePointer<AVFrame>) -> Bool {
    (frame.pointee.format, frame.pointee.width, frame.pointee.height) == (format, width, height)
  }

  /// Takes the picture out of `frame`, which is empty then; returns libav's error if it cannot be taken.
  func send(_ frame: UnsafeMutablePointer<AVFrame>) -> Int32? {
    let time = (frame.pointee.pts, frame.pointee.best_effort_timestamp, fm_frame_duration(frame))
    // The filter would double it, whatever it is.
    frame.pointee.pts = fm_no_timestamp
    let result = fm_deinterlacer_send(filter, frame)
    guard result >= 0 else { return result }
    times.append(time)
    return nil
  }

  /// No more pictures come.
  func drain() {
    guard !isDraining else { return }
    isDraining = true
    _ = fm_deinterlacer_send(filter, nil)
  }

  /// Fills `frame`; false if there is nothing for now, or, when draining, ever.
  func receive(into frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    av_frame_unref(frame)
    guard fm_deinterlacer_receive(filter, frame) >= 0 else { return false }
    if !times.isEmpty {
      let (own, stamp, duration) = times.removeFirst()
      frame.pointee.best_effort_timestamp = stamp
      frame.pointee.pts = own
      fm_frame_set_duration(frame, duration)
    }
    return true
  }
}
