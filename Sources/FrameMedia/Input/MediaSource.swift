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
  /// Options of the format that the source itself asks for.
  var inputOptions: [(String, String)] = []
  /// Protocols that it may not open; nil for none.
  var refusedProtocols: String?

  /// Protocols that would lead from a network to this machine's own files, or to what this process has open.
  private static let localProtocols = "file,pipe,fd,concat,concatf,subfile"

  /// Whether libavdevice is installed; devices have to be registered before they are found by name.
  private static let hasDevices = fm_register_devices() != 0

  init(name given: String, descriptor: Int32?, options: MediaInputOptions) throws(Failure) {
    let name = FilePath.ofFileURL(given) ?? given
    url = name
    protocols = options.protocols
    if let formatName = options.format {
      var known = av_find_input_format(formatName)
      if known == nil, MediaSource.hasDevices { known = av_find_input_format(formatName) }
      guard let found = known else {
        throw Failure(
          .usage, step: "cannot open", subject: name,
          cause: "this FFmpeg build has no input format \(formatName)"
            + (MediaSource.hasDevices
              ? ""
              : ", and its device library is not installed (Debian package \(String(cString: fm_device_package())))")
        )
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
      try openSequence(name, options)
      return
    } else {
      // The channel waits for a named pipe's first byte.
      let file = try Descriptor.openWithoutWaiting(name, only: options.kind)
      channel = DescriptorChannel(
        file.number, writing: false, owned: true, interruption: options.interruption)
    }
    guard let channel else { return }
    if channel.size == 0 {
      throw Failure(.badInput, step: "cannot open", subject: name, cause: "the file is empty")
    }
    // A list that names no protocol: playlists and references to other files stay unread.
    protocols = options.protocols ?? "none"
    if format == nil { try probe(channel, name) }
  }

  /// Lets libav's image2 read numbered pictures: the only reader that opens files by itself, by the pattern. An option
  /// says where to begin, because it would find only numbers up to 4; it ends where a number is missing.
  /// - Throws: ``Failure`` (`inputOutput`) if there are none.
  private mutating func openSequence(_ name: String, _ options: MediaInputOptions) throws(Failure) {
    guard let numbered = NumberedName(name), case let numbers = numbered.numbers(), let first = numbers.first
    else {
      throw Failure(
        .inputOutput, step: "cannot open", subject: name, cause: "there is no picture with such a number")
    }
    for number in numbers {
      try FileStatus(path: numbered.path(number))?.checkIsRegular(numbered.path(number))
    }
    if let gaps = NumberedName.gaps(in: numbers) {
      options.onWarning?("the pictures \(gaps) are missing, and none after them are read")
    }
    format = av_find_input_format("image2")
    url = "file:" + name
    protocols = "file"
    if !options.inputOptions.contains(where: { $0.0 == "start_number" }) {
      inputOptions = [("start_number", String(first))]
    }
  }

  /// Finds the format by content and extension. Pictures that only their extension identifies (TGA) are read through
  /// our descriptor too.
  private mutating func probe(_ channel: DescriptorChannel, _ name: String) throws(Failure) {
    // libav would gather a megabyte to tell one JPEG from many, which a camera may take a minute to send.
    if !channel.isSeekable, channel.firstBytes(3) == [0xff, 0xd8, 0xff] {
      format = av_find_input_format("mjpeg")
      if format != nil { return }
    }
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
    let device = open(name.fileNameBytes, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard device >= 0 else {
      throw Failure(system: errno, step: "no such camera", subject: name)
    }
    close(device)
  }
}
