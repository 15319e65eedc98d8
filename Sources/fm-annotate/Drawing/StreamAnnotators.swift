import FaceDrawing
import FrameStream

/// What draws on the frames of one stream: one for each way to read their luma.
struct StreamAnnotators {
  private var annotators: [ColorRange: FaceAnnotator] = [:]

  /// Forgets the stream.
  mutating func removeAll() { annotators = [:] }

  /// The one for frames of a color range; made when it is first asked for.
  mutating func annotator(
    _ style: DrawingStyle, _ range: ColorRange, _ video: VideoDescription
  ) -> FaceAnnotator {
    if let annotator = annotators[range] { return annotator }
    let made = FaceAnnotator(
      style: style, sampleAspectRatio: video.sampleAspectRatio, colorRange: range,
      colorSpace: video.colorSpace)
    annotators[range] = made
    return made
  }
}
