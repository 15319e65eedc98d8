import ExpressionNet
import FilterTool
import FrameStream
import SystemIO

/// Adds `expression`, `confidence` and `scores` to every face.
final class ClassificationStage: Stage {
  private let classifier: ExpressionClassifier
  private let model: String
  private let gray = GrayPicture()
  private var video: VideoDescription?
  private var boxes: [FaceBox] = []

  init(_ classifier: ExpressionClassifier, model: String) {
    self.classifier = classifier
    self.model = model
  }

  var historyDetails: [(key: String, value: String)] {
    [("model", model), ("classes", classifier.classes.joined(separator: ","))]
  }

  func begin(_ header: StreamHeader) throws(Failure) -> StreamHeader {
    video = header.video
    return header
  }

  func process(_ frame: Record) throws(Failure) {
    guard let faces = try frame.faces() else {
      throw Failure(
        .badInput, step: "no faces to classify",
        cause: "the frame has no key \"faces\" (is fm-detect missing before?)")
    }
    guard !faces.isEmpty else { return }
    guard let picture = gray.plane(of: frame) else {
      throw Failure(
        .badInput, step: "no pixels to classify",
        cause: "the frame has no payload (--no-pixels before this tool?)")
    }
    boxes.removeAll(keepingCapacity: true)
    for face in faces { boxes.append(FaceBox(x: face.x, y: face.y, width: face.width, height: face.height)) }
    let scores = try classifier.classify(
      gray: picture, colorRange: frame.colorRange(in: video), boxes: boxes)
    frame.line.set("faces") { json in
      json.array { json in
        for (face, scores) in zip(faces, scores) { write(face, scores, to: &json) }
      }
    }
  }

  private func write(_ face: FaceRecord, _ scores: [Float], to json: inout JSONWriter) {
    json.object { json in
      json.fields(of: face.text, without: ["expression", "confidence", "scores"])
      // A network whose weights are not numbers answers NaN: then no expression is the honest one.
      let best = scores.allSatisfy(\.isFinite) ? scores.indices.max { scores[$0] < scores[$1] } : nil
      json.key("expression")
      if let best { json.value(classifier.classes[best]) } else { json.null() }
      json.key("confidence")
      if let best { json.value(scores[best]) } else { json.null() }
      json.key("scores")
      json.object { json in
        for (name, score) in zip(classifier.classes, scores) {
          json.key(name)
          json.value(score)
        }
      }
    }
  }
}
