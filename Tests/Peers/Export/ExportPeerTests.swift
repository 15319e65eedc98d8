import Checkout
import Foundation
import Testing

/// Exported files read by programs that others wrote, and compared with the stream: borders of runs within a millisecond
/// (ASS: hundredths of seconds; EDL: half a frame), all boxes and scores. Skipped where pandas is not installed; readers
/// of single formats are skipped by themselves.
@Suite(
  .serialized,
  .enabled(if: ExportPeers.isInstalled("read_exports.py"), "no Python with pandas; FM_PYTHON names one"))
struct ExportPeerTests {
  static let clips = [
    "liveportrait_d3.mp4", "liveportrait_d9.mp4", "pyfeat_WolfgangLanger_Pexels.mp4",
    "short_hamilton_clip.mp4",
    "pyfeat_no_face.mp4",
  ]
  static let media = Checkout.shared.appendingPathComponent("media/video")

  private func check(_ stream: URL, in folder: URL, _ name: String) throws {
    let exports = folder.appendingPathComponent("exports")
    try ExportPeers.export(stream, to: exports)
    print("\(name):\n" + (try ExportPeers.python(["read_exports.py", "check", stream.path, exports.path])))
  }

  @Test func madeFindings() throws {
    try ExportPeers.withFolder { folder in
      let stream = folder.appendingPathComponent("made.ndjson")
      try Data(try ExportPeers.python(["make_findings.py"]).utf8).write(to: stream)
      try check(stream, in: folder, "made findings")
    }
  }

  @Test(
    .enabled(
      if: ExportPeers.tools != nil && access(media.path, R_OK) == 0,
      "the reference media are absent, or the tools are not built"), arguments: clips)
  func clip(_ name: String) throws {
    let tools = ExportPeers.tools ?? "."
    try ExportPeers.withFolder { folder in
      let stream = folder.appendingPathComponent("clip.ndjson")
      let pipe =
        "set -e; fm-decode -q --no-audio '\(Self.media.path)/\(name)' | fm-detect -q | fm-classify -q | fm-track -q --no-pixels -o '\(stream.path)'"
      _ = try ExportPeers.run(
        ["sh", "-c", pipe],
        environment: ProcessInfo.processInfo.environment.merging(
          ["PATH": tools + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")]
        ) { $1 })
      try check(stream, in: folder, name)
    }
  }

  @Test(
    .enabled(if: ExportPeers.isInstalled("view_report.py"), "no chromium, or no Python package playwright"))
  func reportInABrowser() throws {
    try ExportPeers.withFolder { folder in
      let stream = folder.appendingPathComponent("made.ndjson")
      try Data(try ExportPeers.python(["make_findings.py"]).utf8).write(to: stream)
      let video = folder.appendingPathComponent("made.mp4").path
      _ = try ExportPeers.run([
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=64x64:r=10:d=20", "-pix_fmt", "yuv420p", video,
      ])
      try ExportPeers.export(stream, to: folder, video: "made.mp4")
      print(
        try ExportPeers.python(["view_report.py", folder.appendingPathComponent("findings.html").path]))
    }
  }
}
