import FrameStream
import TextTables

/// What a stored stream is, counted.
package struct StreamFacts {
  /// Streams that follow each other.
  package internal(set) var streams = 0
  /// Frames of all streams.
  package internal(set) var frames = 0
  /// Packets of all streams.
  package internal(set) var packets = 0
  /// Faces of all frames; nil if no detector has seen them.
  package internal(set) var faces: Int?
  /// Records of other types, without indexes.
  package internal(set) var others = 0
  /// Seconds from the first frame to the last one, of all streams.
  package internal(set) var seconds = 0.0
  /// The last stream record's pictures; nil if they have none in common.
  package internal(set) var video: VideoDescription?
  /// Frames without pixels.
  package internal(set) var framesWithoutPixels = 0
  /// Bytes without compression.
  package internal(set) var byteCount = 0
  /// Bytes of the compressed file; nil for one that is not compressed, or a pipe.
  package internal(set) var compressedByteCount: Int?
  /// Streams that have an index.
  package internal(set) var indexes = 0
  /// Places where numbers of frames are left out.
  package internal(set) var gaps = 0

  /// Whether only the ends of a file were looked at: then little is counted.
  private var isOfEnds = false

  /// Nothing yet.
  package init() {}

  /// The input was compressed.
  /// - Parameter compressedByteCount: the file's length; 0 for a pipe.
  package mutating func note(compressedByteCount: Int) { self.compressedByteCount = compressedByteCount }

  /// What both ends of a file say.
  /// - Parameters:
  ///   - ending: its last records.
  ///   - header: its first one.
  package mutating func note(
    _ ending: StreamEnding, _ header: StreamHeader, byteCount: Int, compressedByteCount: Int?
  ) {
    (isOfEnds, streams, frames, video) = (true, 1, ending.end.frames ?? 0, header.video)
    (indexes, self.byteCount, self.compressedByteCount) =
      (ending.index == nil ? 0 : 1, byteCount, compressedByteCount)
  }

  /// The facts in a line: `275 frames, 412 packets, 9.176 s, 640x360 yuv420p, 95.2 MB, indexed`.
  package var summary: String {
    func count(_ number: Int, _ name: String) -> String { "\(number) \(name)\(number == 1 ? "" : "s")" }
    var parts: [String] = []
    if streams != 1 { parts.append(count(streams, "stream")) }
    parts.append(count(frames, "frame"))
    if gaps > 0 { parts.append(count(gaps, "gap") + " in their numbers") }
    if packets > 0 { parts.append(count(packets, "packet")) }
    if let faces { parts.append(count(faces, "face")) }
    if others > 0 { parts.append(count(others, "other record")) }
    if !isOfEnds { parts.append("\(DecimalText.value(seconds, 3)) s") }
    if let video { parts.append("\(video.width)x\(video.height) \(video.pixelFormat.rawValue)") }
    if frames > 0, !isOfEnds, framesWithoutPixels == frames { parts.append("no pixels") }
    parts.append("\(DecimalText.value(Double(byteCount) / 1e6, byteCount < 100_000 ? 4 : 1)) MB")
    if indexes > 0 { parts.append(indexes == streams ? "indexed" : "\(indexes) indexed") }
    if let compressedByteCount, compressedByteCount > 0 {
      let ratio = Double(byteCount) / Double(compressedByteCount)
      parts.append("compressed \(DecimalText.value(ratio, 1)) times")
    }
    return parts.joined(separator: ", ")
  }
}
