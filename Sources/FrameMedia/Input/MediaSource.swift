import CFFmpeg
import Glibc
import SystemIO

/// What libavformat opens: our own descriptor wherever possible, so that no name is read as a URL and
/// no file leads to another one.
struct MediaSource {
  var url: String
  var format: UnsafePointer<AVInputFormat>?
  var channel: DescriptorChannel?
  /// The only protocols that libav may open by itself; nil for its own choice.
  var protocols: String?
  /// Protocols that it may not open; nil for none.
  var refusedProtocols: String?

  /// Protocols that would lead from a network to this machine's own files, or to what this process has open.
  private static let localProtocols = "file,pipe,fd,concat,concatf,subfile"

  /// Whether libavdevice is installed; devices have to be registered before they are found by name.
  private static let hasDevices = fm_register_devices() != 0

  init(name given: String, descriptor: Int32?, options: MediaInputOptions) throws(Failure) {
    let name = MediaSource.path(given)
    url = name
    protocols = options.protocols
    if let formatName = options.format {
      var known = av_find_input_format(formatName)
      if known == nil, MediaSource.hasDevices { known = av_find_input_format(formatName) }
      guard let found = known else {
        throw Failure(
          .usage, step: "cannot open", subject: name,
          cause: "this FFmpeg build has no input format \(formatName)"
            + (MediaSource.hasDevices ? "" : ", and its device library is not installed"))
      }
      format = found
      if found.pointee.flags & AVFMT_NOFILE != 0, descriptor == nil {
        if formatName == "v4l2" || formatName == "video4linux2" { try MediaSource.checkDevice(name) }
        return
      }
    }
    if let descriptor {
      channel = DescriptorChannel(
        descriptor, writing: false, owned: false, interruption: options.interruption)
    } else if FilePath.isURL(name), !FilePath.exists(name) {
      if protocols == nil { refusedProtocols = MediaSource.localProtocols }
      return
    } else if MediaFormat.isSequencePattern(name), !FilePath.exists(name) {
      // The only reader that opens files by itself, by the pattern.
      format = av_find_input_format("image2")
      url = "file:" + name
      protocols = "file"
      return
    } else {
      // A named pipe that nobody writes would keep open(2) waiting; the channel waits for its first byte instead.
      let file = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard file >= 0 else {
        throw Failure(
          .inputOutput, step: "cannot open", subject: name, cause: systemMessage(errno))
      }
      _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
      channel = DescriptorChannel(file, writing: false, owned: true, interruption: options.interruption)
    }
    guard let channel else { return }
    if channel.size == 0 {
      throw Failure(.badInput, step: "cannot open", subject: name, cause: "the file is empty")
    }
    // A list that names no protocol: playlists and references to other files stay unread.
    protocols = options.protocols ?? "none"
    if format == nil { try probe(channel, name) }
  }

  /// Finds the format by content and extension. Pictures that only their extension identifies (TGA) are read through
  /// our descriptor too.
  private mutating func probe(_ channel: DescriptorChannel, _ name: String) throws(Failure) {
    let result = av_probe_input_buffer2(channel.context, &format, name, nil, 0, 0)
    if result < 0 {
      if let failure = channel.failure("cannot read", name) { throw failure }
      if result == fm_error_exit {
        throw Failure(.failed, step: "cannot open", subject: name, cause: "interrupted")
      }
      throw Failure(
        .badInput, step: "cannot open", subject: name, cause: "not a media file that FFmpeg knows")
    }
    if let found = format, String(cString: found.pointee.name) == "image2" {
      format = av_find_input_format("image2pipe")
    }
  }

  private static func checkDevice(_ name: String) throws(Failure) {
    let device = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard device >= 0 else {
      throw Failure(
        .inputOutput, step: "no such camera", subject: name, cause: systemMessage(errno))
    }
    close(device)
  }

  /// The path of a `file:` URL (RFC 8089), which is opened as any other file; other names stay as they are.
  static func path(_ name: String) -> String {
    for prefix in ["file://localhost/", "file:///", "file:/"]
    where name.hasPrefix(prefix) && !FilePath.exists(name) {
      // Two slashes begin a host's name.
      if prefix == "file:/", name.hasPrefix("file://") { break }
      let path = "/" + name.dropFirst(prefix.count)
      guard !FilePath.exists(path), let plain = withoutEscapes(path), FilePath.exists(plain) else {
        return path
      }
      return plain
    }
    return name
  }

  /// A URL's text with its `%20` and the like as the bytes they encode; nil if those are not text.
  private static func withoutEscapes(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let digits = String(rest.prefix(2)),
        digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16)
      {
        bytes.append(value)
        rest.removeFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }
}
