import Glibc
import SystemIO

extension Descriptor {
  /// Gives a pipe the room that suits the stream which begins with this record, if it is a pipe and the system allows
  /// it.
  func makeRoom(for line: RecordLine) {
    guard isPipe else { return }
    let capacity = (try? StreamHeader(line))?.pipeCapacity ?? StreamHeader.largestPipeCapacity
    let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ of fcntl(2), a macro that needs _GNU_SOURCE
    _ = fcntl(number, setPipeSize, Int32(capacity))
  }
}

extension StreamHeader {
  /// What a user may ask for by default (`/proc/sys/fs/pipe-max-size`).
  static let largestPipeCapacity = 1 << 20

  /// Bytes that a pipe should hold. A picture takes many fills of the usual 64 KiB, each with a change of process; but
  /// of a live stream, a picture that waits behind another is only the older when it is shown.
  var pipeCapacity: Int {
    guard isLive, let video,
      let picture = try? PictureLayout(video.pixelFormat, width: video.width, height: video.height)
    else { return StreamHeader.largestPipeCapacity }
    return min(max(picture.byteCount, 1 << 16), StreamHeader.largestPipeCapacity)
  }
}
