import ExpressionNet
import FaceInput
import FilterTool
import FrameStream
import NetworkEngine
import SystemIO
import TextTables

/// Adds `expression`, `confidence` and `scores` to every face, those of several frames at once.
final class ClassificationStage: BatchingStage {
  private let classifier: ExpressionClassifier
  private let model: ModelOptions.Loaded
  /// How many of the scores are kept, the best first; nil for all, in the order of the classes.
  private let top: Int?
  /// The confidence below which a face gets no expression.
  private let minimumConfidence: Float
  /// The frames that may be given at once.
  let framesAtOnce: Int
  /// A frame's own gray picture, where it must be computed.
  private let grays: [GrayPicture]
  private var video: VideoDescription?
  /// Called with a message, once per stream each: a face had another expression; fm-track ran too early.
  var onWarning: ((String) -> Void)?
  private var hasReplaced = false
  private var found: [[FaceRecord]] = []
  private var faces: [ExpressionClassifier.Face] = []
  /// A row for each of the faces.
  private var scores: [Float] = []
  private var written = FaceList()

  /// - Parameter latency: How many frames may wait for the one before them.
  init(
    _ classifier: ExpressionClassifier, model: ModelOptions.Loaded, top: Int?, minimumConfidence: Float,
    latency: Int
  ) {
    self.classifier = classifier
    self.model = model
    self.top = top
    self.minimumConfidence = minimumConfidence
    framesAtOnce = 1 + latency
    grays = (0...latency).map { _ in GrayPicture() }
  }

  var historyDetails: [(key: String, value: JSONValue)] {
    let preprocessing = classifier.preprocessing
    var details: [(key: String, value: JSONValue)] = [
      ("model", .string(model.path)), ("classes", .string(NameList.list(classifier.classes))),
    ]
    if model.model.hasGuessedClasses { details.append(("classes_guessed", .bool(true))) }
    details += [
      ("precision", .string(classifier.precision.rawValue)),
      ("views", .string(classifier.views.rawValue)),
      ("input", .string(classifier.inputShape.map(String.init).joined(separator: "x"))),
      ("input_scale", JSONValue(writing: preprocessing.scale)),
      ("input_offset", JSONValue(writing: preprocessing.offset)),
      ("standardize", .bool(preprocessing.standardize)), ("margin", JSONValue(writing: preprocessing.margin)),
    ]
    if let temperature = classifier.temperature {
      details.append(("temperature", JSONValue(writing: temperature.value)))
    }
    if let sha256 = model.model.file.sha256 { details.append(("model_sha256", .string(sha256))) }
    if let version = try? ProcessorAbilities.libraryVersion() { details.append(("onednn", .string(version))) }
    return details
  }

  func begin(_ header: StreamHeader, line: RecordLine) throws(Failure) -> StreamHeader {
    video = header.video
    hasReplaced = false
    if line.history.contains(where: { $0.name == "fm-track" }) {
      onWarning?("fm-track ran before fm-classify, so these labels are not smoothed over time (run it after)")
    }
    return header
  }

  func process(_ frame: Record) throws(Failure) { try process([frame]) }

  func process(_ frames: [Record]) throws(Failure) {
    found.removeAll(keepingCapacity: true)
    faces.removeAll(keepingCapacity: true)
    for (frame, gray) in zip(frames, grays) { try collect(frame, gray) }
    guard !faces.isEmpty else { return }
    try classifier.classify(faces, into: &scores)
    var rest = scores[...]
    for (frame, found) in zip(frames, found) where !found.isEmpty {
      written.removeAll()
      for face in found {
        written.append(face, fields(of: face, rest.prefix(classifier.outputCount), in: frame))
        rest = rest.dropFirst(classifier.outputCount)
      }
      frame.line.setFaces(written)
    }
  }

  private func collect(_ frame: Record, _ gray: GrayPicture) throws(Failure) {
    guard let records = try frame.faces() else {
      throw Failure(
        .badInput, step: "no faces to classify",
        cause: "the frame has no key \"faces\" (run fm-detect first)")
    }
    found.append(records)
    guard !records.isEmpty else { return }
    guard let picture = gray.plane(of: frame) else { throw .noPixels("to classify") }
    let range = frame.colorRange(in: video)
    for face in records {
      faces.append(
        ExpressionClassifier.Face(
          plane: picture, colorRange: range, box: face.classified, pixelShape: video?.pixelShape ?? 1))
    }
  }

  private func fields(of face: FaceRecord, _ scores: ArraySlice<Float>, in frame: Record) -> FaceFields {
    // A network whose weights are not numbers answers NaN: then the face gets no expression.
    let best = scores.allSatisfy(\.isFinite) ? scores.indices.max { scores[$0] < scores[$1] } : nil
    var expression: String?
    if let best, scores[best] >= minimumConfidence {
      let name = classifier.classes[best - scores.startIndex]
      expression = name
      if !hasReplaced, let old = face.expression, old != name {
        hasReplaced = true
        onWarning?(
          "\(frame.subject): a face already labeled \(old), by another model or with other options, is classified again"
        )
      }
    }
    var fields = FaceFields()
    fields.classification = FaceFields.Classification(
      expression: expression, confidence: best.map { scores[$0] }, classes: classifier.classes,
      probabilities: scores, order: top.map { order(of: scores, top: $0) })
    return fields
  }

  /// The classes of the `top` highest scores, the highest first; of equal ones the first class comes first.
  private func order(of scores: ArraySlice<Float>, top: Int) -> [Int] {
    let order = scores.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
    return order.prefix(top).map { $0 - scores.startIndex }
  }
}
