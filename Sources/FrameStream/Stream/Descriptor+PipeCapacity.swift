import Glibc
import SystemIO

extension Descriptor {
  /// Sizes a pipe for the stream that begins with this record, if this is a pipe and the system allows it.
  func makeRoom(for line: RecordLine) {
    guard isPipe else { return }
    let capacity = (try? StreamHeader(line))?.pipeCapacity ?? StreamHeader.largestPipeCapacity
    let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ of fcntl(2), a macro that needs _GNU_SOURCE
    _ = fcntl(number, setPipeSize, Int32(capacity))
  }
}

extension StreamHeader {
  /// The most that a user may ask for by default (`/proc/sys/fs/pipe-max-size`), in bytes.
  static let largestPipeCapacity = 1 << 20

  /// How many bytes a pipe should hold. A large pipe saves process switches: a picture fills the usual 64 KiB many
  /// times. A live stream gets room for one picture only, because waiting makes pictures late.
  var pipeCapacity: Int {
    guard isLive, let video,
      let picture = try? PictureLayout(video.pixelFormat, width: video.width, height: video.height)
    else { return StreamHeader.largestPipeCapacity }
    return min(max(picture.byteCount, 1 << 16), StreamHeader.largestPipeCapacity)
  }
}
