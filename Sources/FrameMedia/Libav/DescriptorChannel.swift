import CFFmpeg
import Glibc
import Synchronization
import SystemIO

/// An AVIOContext over a file descriptor: libav reads or writes through it and never opens anything itself.
final class DescriptorChannel {
  private(set) var context: UnsafeMutablePointer<AVIOContext>?
  let descriptor: Int32
  private let owned: Bool
  /// The offset that counts as 0: the descriptor's position at the start.
  private let base: off_t
  let isSeekable: Bool
  private let isRegular: Bool
  private let interruption: MediaInterruption?
  /// Bytes that were read to look at them, and not yet given out.
  private var lookahead: [UInt8] = []
  /// errno of the first read or write that failed; 0 for none.
  private(set) var error: Int32 = 0

  /// - Parameters:
  ///   - owned: whether the descriptor is closed with the channel.
  ///   - interruption: what ends a read that waits.
  init(_ descriptor: Int32, writing: Bool, owned: Bool, interruption: MediaInterruption?) {
    self.descriptor = descriptor
    self.owned = owned
    self.interruption = interruption
    var status = stat()
    isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let offset = lseek(descriptor, 0, SEEK_CUR)
    isSeekable = isRegular && offset >= 0
    base = max(offset, 0)

    let size = 1 << 16
    let buffer = av_malloc(size)?.assumingMemoryBound(to: UInt8.self)
    let opaque = Unmanaged.passUnretained(self).toOpaque()
    context = avio_alloc_context(
      buffer, Int32(size), writing ? 1 : 0, opaque,
      { opaque, bytes, count in DescriptorChannel.of(opaque).read(bytes, count) },
      { opaque, bytes, count in DescriptorChannel.of(opaque).write(bytes, count) },
      { opaque, offset, whence in DescriptorChannel.of(opaque).seek(offset, whence) })
    context?.pointee.seekable = isSeekable ? Int32(AVIO_SEEKABLE_NORMAL) : 0
  }

  deinit {
    if context != nil {
      // libav may have put a larger buffer in the place of ours.
      av_freep(&context!.pointee.buffer)
      avio_context_free(&context)
    }
    if owned { close(descriptor) }
  }

  private static func of(_ opaque: UnsafeMutableRawPointer?) -> DescriptorChannel {
    Unmanaged<DescriptorChannel>.fromOpaque(opaque!).takeUnretainedValue()
  }

  /// The size of a regular file; nil for pipes and devices.
  var size: Int? {
    var status = stat()
    guard isRegular, fstat(descriptor, &status) == 0 else { return nil }
    return Int(max(status.st_size - base, 0))
  }

  /// True for the brands of HEIF's still pictures (ISO/IEC 23008-12) in a file that begins as MP4 does.
  var isStillPicture: Bool {
    guard let bytes = beginning(12), bytes.count == 12 else { return false }
    let brands = ["heic", "heix", "heim", "heis", "mif1", "msf1", "avif"]
    return Array(bytes[4..<8]) == Array("ftyp".utf8)
      && brands.contains { Array(bytes[8...]) == Array($0.utf8) }
  }

  /// The first bytes of a regular file, wherever reading is; nil for pipes and devices.
  func beginning(_ limit: Int) -> [UInt8]? {
    guard isSeekable else { return nil }
    return [UInt8](unsafeUninitializedCapacity: limit) { bytes, count in
      count = max(0, pread(descriptor, bytes.baseAddress, limit, base))
    }
  }

  /// Bytes of a regular file at a position, wherever reading is; fewer at its end.
  func bytes(at position: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      filled = isSeekable ? max(0, pread(descriptor, bytes.baseAddress, count, base + off_t(position))) : 0
    }
  }

  /// The first bytes of a pipe from which nothing has been read; they will be read again.
  func firstBytes(_ count: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    while lookahead.count < count {
      let wanted = Int32(count - lookahead.count)
      let got = buffer.withUnsafeMutableBufferPointer { readFresh($0.baseAddress, wanted) }
      guard got > 0 else { break }
      lookahead += buffer.prefix(Int(got))
    }
    return lookahead
  }

  private func read(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32) -> Int32 {
    guard !lookahead.isEmpty, let bytes else { return readFresh(bytes, count) }
    let given = lookahead.prefix(Int(count))
    for (index, byte) in given.enumerated() { bytes[index] = byte }
    lookahead.removeFirst(given.count)
    return Int32(given.count)
  }

  private func readFresh(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32) -> Int32 {
    while true {
      if interruption?.isRequested == true { return fm_error_exit }
      if !isRegular, !waitForInput() { return fm_error_exit }
      let got = Glibc.read(descriptor, bytes, Int(count))
      if got > 0 { return Int32(got) }
      if got == 0 { return fm_error_end }
      if errno == EINTR || errno == EAGAIN { continue }
      error = errno
      return -error
    }
  }

  /// Waits for input on a pipe; false if the interruption came first.
  private func waitForInput() -> Bool {
    guard let interruption, interruption.descriptor >= 0 else { return true }
    var waits = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&waits, 2, -1) < 0 && errno == EINTR {}
    return waits[1].revents == 0
  }

  private func write(_ bytes: UnsafePointer<UInt8>?, _ count: Int32) -> Int32 {
    guard error == 0, let bytes else { return error == 0 ? 0 : -error }
    var done = 0
    while done < Int(count) {
      let put = Glibc.write(descriptor, bytes + done, Int(count) - done)
      if put >= 0 {
        Descriptor.writtenByteCount.add(put, ordering: .relaxed)
        done += put
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wait, 1, -1)
      } else if errno != EINTR {
        error = errno
        return -error
      }
    }
    return count
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 { return size.map { Int64($0) } ?? Int64(-ENOSYS) }
    guard isSeekable else { return Int64(-ESPIPE) }
    let mode = whence & ~AVSEEK_FORCE
    let target = mode == SEEK_SET ? offset.addingReportingOverflow(Int64(base)) : (offset, false)
    guard !target.1 else { return Int64(-EINVAL) }
    let place = lseek(descriptor, off_t(target.0), mode)
    return place < 0 ? Int64(-errno) : Int64(place) - Int64(base)
  }

  /// The failure of the first read or write that failed; nil if none did.
  func failure(_ step: String, _ subject: String) -> Failure? {
    guard error != 0 else { return nil }
    var failure = Failure(system: error, step: step, subject: subject)
    if error == EPIPE { failure.kind = .brokenPipe }
    return failure
  }
}
