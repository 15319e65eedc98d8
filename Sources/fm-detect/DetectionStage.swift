import FilterTool
import FrameStream
import SystemIO

/// Adds `faces` to every frame.
final class DetectionStage: Stage {
  private let finder: any FaceFinder
  /// One of this many frames is searched.
  private let every: Int
  private let threads: Int
  /// Called with what the person who runs the tool should know.
  var onWarning: ((String) -> Void)?
  private var hasWarnedOfShape = false
  private var video: VideoDescription?
  private var threadsInFrame = 1
  private var framesSinceSearch = 0
  private var searchedSize = (0, 0)
  private var faces = FaceList()
  /// The same faces for the frames after, that are not searched.
  private var held = FaceList()

  init(_ finder: any FaceFinder, every: Int, threads: Int) {
    self.finder = finder
    self.every = every
    self.threads = threads
  }

  /// Frames between two searches take their faces from the one before, so they cannot be done out of order.
  private var isSequential: Bool { every > 1 }

  var historyDetails: [(key: String, value: JSONValue)] { finder.historyDetails }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    // One picture is shared among the threads; a video's frames go to a thread each, which costs less.
    threadsInFrame = isSequential || header.video?.frames == 1 ? threads : 1
    video = header.video
    finder.begin(header.video, threads: threadsInFrame)
    framesSinceSearch = 0
    warnOfShape(header)
    return header
  }

  /// The rectangles are those of the pictures as stored: a face that is squeezed is found less often.
  private func warnOfShape(_ header: StreamHeader) {
    guard !hasWarnedOfShape, let video = header.video, let ratio = video.sampleAspectRatio,
      case let shape = video.pixelShape, abs(shape - 1) > 0.02
    else { return }
    hasWarnedOfShape = true
    let percent = Int((100 * min(shape, 1 / shape)).rounded())
    let side = shape > 1 ? "width" : "height"
    let source = header.source.flatMap { $0.isEmpty ? nil : $0 } ?? "the video"
    onWarning?(
      "\(source): its pixels are \(ratio.numerator):\(ratio.denominator), so faces are searched squeezed to \(percent) % of their \(side); fm-decode --square makes pixels square"
    )
  }

  func conclude(_ tally: FaceTally, inputName: String) {
    if let remark = tally.noFace { onWarning?("\(inputName): \(remark)") }
  }

  func makeWorkerCopy() throws(Failure) -> (any Stage)? {
    guard !isSequential, threadsInFrame == 1 else { return nil }
    let copy = finder.makeCopy()
    copy.begin(video, threads: 1)
    return DetectionStage(copy, every: every, threads: threads)
  }

  func process(_ frame: Record) throws(Failure) {
    let size = (frame.layout?.width ?? 0, frame.layout?.height ?? 0)
    // Faces of a picture of another size are at other positions.
    if framesSinceSearch > 0, framesSinceSearch < every, size == searchedSize {
      framesSinceSearch += 1
      frame.line.setFaces(held)
      return
    }
    try finder.search(frame)
    finder.write(to: &faces, areHeld: false)
    frame.line.setFaces(faces)
    framesSinceSearch = 1
    searchedSize = size
    if isSequential { finder.write(to: &held, areHeld: true) }
  }
}
