import FilterTool
import Glibc
import SystemIO

/// The window of a player that shows what is written to it, with as little delay as the player can.
final class Viewer {
  private let process: ChildProcess
  private let name: String
  private let stop: StopSignal

  /// The players that are known, the first that is installed being used, and their options.
  private static let players: [(name: String, arguments: [String])] = [
    (
      "ffplay",
      [
        "-loglevel", "error", "-autoexit", "-fflags", "nobuffer", "-flags", "low_delay", "-framedrop",
        "-probesize", "100000", "-window_title", "fm-annotate", "-i", "-",
      ]
    ),
    ("mpv", ["--profile=low-latency", "--really-quiet", "--title=fm-annotate", "-"]),
  ]

  /// Opens the window.
  /// - Throws: ``Failure`` (`failed`) if no player is installed, or it cannot be started.
  init(_ tool: Tool) throws(Failure) {
    for player in Self.players {
      guard let started = try ChildProcess.start(player.name, player.arguments) else { continue }
      process = started
      name = player.name
      stop = tool.stop
      return
    }
    throw Failure(
      .failed, step: "cannot show the result",
      cause: "neither ffplay nor mpv is installed (Debian packages ffmpeg and mpv)")
  }

  /// Where to write what is shown.
  var descriptor: Descriptor { process.input }

  /// Waits until the player has shown everything, or a signal comes.
  /// - Throws: ``Failure`` (`failed`) if the player failed.
  func finish() throws(Failure) {
    process.closeInput()
    while process.status == nil {
      if stop.signal != nil { process.stop() }
      usleep(20_000)
    }
    if let status = process.status, status != 0, stop.signal == nil {
      throw Failure(
        .failed, step: "cannot show the result", subject: name, cause: "it ended with status \(status)")
    }
  }
}
