import SystemIO

/// Which URLs an output may be sent to.
enum OutputAddress {
  /// The protocols of libav that lead to a network, and to nothing on this machine.
  private static let networks: Set<String> = [
    "amqp", "ftp", "gopher", "http", "https", "httpproxy", "icecast", "libsrt", "prompeg", "rist", "rtmp",
    "rtmpe",
    "rtmps", "rtmpt", "rtmpte", "rtmpts", "rtp", "rtsp", "rtsps", "sctp", "sftp", "smb", "srt", "srtp", "tcp",
    "tls",
    "udp", "udplite", "unix", "zmq",
  ]
  /// Those that lead to files, or to what this process has open, also by way of another.
  private static let locals: Set<String> = [
    "async", "cache", "concat", "concatf", "crypto", "data", "fd", "md5", "pipe", "subfile", "tee",
  ]

  /// Refuses what is no path, and no address on a network: libav would write files by itself, straight into old ones.
  /// - Throws: ``Failure`` (`usage`).
  static func check(_ name: String) throws(Failure) {
    let scheme = name.prefix { $0 != ":" }
    guard scheme.count < name.count else { return }
    // crypto+file is one protocol inside another.
    let parts = scheme.lowercased().split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    let isLocal = parts.contains(where: locals.contains) && !scheme.contains("/")
    guard isLocal || FilePath.isURL(name) && !parts.allSatisfy(networks.contains) else { return }
    throw Failure(
      .usage, step: "cannot write", subject: name,
      cause:
        "the protocol \(scheme) is not used for outputs; give a path (./\(name) for a file of that name), or -"
    )
  }
}
