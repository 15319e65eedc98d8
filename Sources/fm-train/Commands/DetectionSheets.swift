import DetectorTraining
import SystemIO
import TrainingReports

/// Sheets of what a detector missed in pictures with boxes, and of what it found where nothing is.
struct DetectionSheets {
  let pictures: LabeledPictures
  let scores: DetectionScores
  let title: String

  /// The most places on a sheet.
  private static let limit = 80

  /// Writes `misses.png` and `false-finds.png`, and both as SVG, into a folder.
  func write(to folder: String) throws(Failure) {
    let misses = scores.misses.sorted { $0.box.size > $1.box.size }
    let falseFinds = scores.findings.filter { !$0.isHit }.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }.map(\.element)
    try write(
      misses.prefix(Self.limit).map { ($0.picture, $0.box, nil) }, to: folder + "/misses",
      summary: "\(misses.count) of \(scores.objectCount) objects missed, the largest first")
    try write(
      falseFinds.prefix(Self.limit).map { ($0.picture, $0.box, $0.score) }, to: folder + "/false-finds",
      summary: "\(falseFinds.count) false finds, the surest first")
  }

  private func write(
    _ places: [(picture: Int, box: ObjectBox, score: Double?)], to path: String, summary: String
  ) throws(Failure) {
    var shown: [Figure.Find] = []
    for (picture, box, score) in places {
      let name = pictures.names[picture]
      let part = try pictures.picture(name, channels: 1).part(around: box)
      shown.append(
        Figure.Find(
          picture: try FacePicture(width: part.width, height: part.height, channels: 1, pixels: part.bytes),
          score: score, name: name))
    }
    let figure = Figure.finds(shown, title: title, summary: summary, pictures: pictures.folder)
    try figure.write(to: path + ".png", over: .regular)
    try figure.write(to: path + ".svg", over: .regular)
  }
}
