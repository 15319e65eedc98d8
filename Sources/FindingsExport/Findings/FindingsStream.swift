import FrameStream
import SystemIO
import TextTables

/// A stream whose findings are exported: what its frames have in common.
package struct FindingsStream: Sendable {
  /// What the pictures were read from; the input's name where the stream does not say.
  package let source: String
  /// Its place among the streams of the input, from 0.
  package let number: Int
  /// Seconds in one unit of `pts`.
  package let timeBase: Rational
  /// Frames per second as the container declares them; nil where that is meaningless.
  package let frameRate: Rational?
  /// Pixels in a row and rows; nil where the stream does not say.
  package let size: (width: Int, height: Int)?
  /// The shape of the stream's pixels, width by height.
  package let pixelShape: Double
  /// The number of frames according to the container, an estimate.
  package let frameCount: Int?
  /// What the pictures have in common, for who looks at pixels.
  package let video: VideoDescription?
  /// The filters that the stream has been through.
  package let history: [HistoryEntry]

  /// - Parameters:
  ///   - line: the stream record, for its history.
  ///   - inputName: the input's name.
  package init(_ header: StreamHeader, line: RecordLine, number: Int, inputName: String) {
    source = header.source.flatMap { $0.isEmpty ? nil : $0 } ?? inputName
    self.number = number
    timeBase = header.timeBase
    frameRate = header.video?.frameRate.flatMap {
      (1e-3...1e6).contains($0.value) ? $0 : nil
    }
    size = header.video.map { ($0.width, $0.height) }
    pixelShape = header.video?.pixelShape ?? 1
    frameCount = header.video?.frames
    video = header.video
    history = line.history
  }

  /// The source without its folder.
  package var fileName: String { FilePath.lastComponent(source) }

  /// The class names that a classifier says it has; empty if none does.
  package var declaredClasses: [String] {
    history.last { $0["classes"] != nil }?["classes"]?.string.flatMap { NameList.names(in: $0) } ?? []
  }

  /// Whether a tracker has been at work, by the history.
  package var isTracked: Bool { history.contains { $0.name == "fm-track" } }

  /// Whether a tracker says that it smoothed labels, by the history.
  package var isSmoothed: Bool {
    history.last { $0.name == "fm-track" }.map { $0["smoothing"]?.string != "none" } ?? false
  }
}
