import FrameMedia
import SystemIO

/// What an input's name on the command line means.
package struct InputName {
  private let name: String
  /// The libavformat or libavdevice input that was asked for.
  private let format: String?

  /// Protocols of streams that are sent in real time.
  private static let liveSchemes: Set<String> = ["rtsp", "rtsps", "rtmp", "rtmps", "rtp", "udp", "srt"]

  /// - Parameter format: a libavformat or libavdevice input by name; nil to find out by content.
  package init(_ name: String, format: String? = nil) {
    self.name = name
    self.format = format
  }

  /// Whether it is standard input.
  package var isStandardInput: Bool { name == "-" }

  /// The device of a camera that is named by its number, unless there is a file of that name.
  package var numberedCamera: String? {
    guard format == nil, let number = UInt8(name), "\(number)" == name, !FilePath.exists(name) else {
      return nil
    }
    return "/dev/video\(number)"
  }

  /// Whether the input is a device of Video4Linux, which is a file too.
  package var isCamera: Bool { format == "v4l2" || format == "video4linux2" }

  /// Whether a protocol sends it in real time.
  package var isSentLive: Bool { FilePath.scheme(of: name).map(InputName.liveSchemes.contains) ?? false }

  /// True for what may be lost and found again: devices and URLs.
  package var isRemote: Bool {
    guard !isStandardInput, !name.hasPrefix("file://"), !FilePath.exists(name) else { return isCamera }
    return FilePath.isURL(name) || format != nil || numberedCamera != nil
  }
}
