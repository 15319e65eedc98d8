import FrameStream

/// Which columns a table of faces has: settled with the first face, for the header comes before it.
struct FaceColumns {
  private(set) var hasID = false
  private(set) var hasScore = false
  private(set) var hasNeighbors = false
  private(set) var hasLabel = false
  private(set) var hasSmoothed = false
  /// How many classes have columns.
  private(set) var classCount = 0
  private var names: [String] = []
  /// How many columns there are.
  private(set) var count = 7

  /// The columns of frames without faces.
  static let ofFrames = ["file", "frame", "time"]
  private static let ofBoxes = ["x", "y", "width", "height"]

  /// No face was found: the columns of boxes.
  init() {}

  /// - Parameters:
  ///   - face: the first face.
  ///   - stream: what its history says is there too, although this face does not have it.
  ///   - classes: the names that are known.
  init(_ face: FaceValues, _ stream: FindingsStream, classes: [String]) {
    hasID = face.id != nil || stream.isTracked
    hasScore = face.score != nil
    hasNeighbors = face.neighbors != nil
    hasLabel = face.label.isPresent || !stream.declaredClasses.isEmpty
    hasSmoothed = face.smoothed.isPresent || hasLabel && stream.isTracked && stream.isSmoothed
    names = classes
    classCount = names.count
    count = header.count
  }

  /// The names of the classes' columns: a class that is called like another column gets `_score` behind its name.
  static func columnName(ofClass name: String) -> String { reserved.contains(name) ? name + "_score" : name }

  private static let reserved = Set(
    ofFrames + ofBoxes + [
      "id", "score", "neighbors", "filled", "expression", "confidence", "smoothed_expression",
      "smoothed_confidence",
    ])

  /// The header's cells.
  var header: [String] {
    var cells = Self.ofFrames
    if hasID { cells.append("id") }
    cells += Self.ofBoxes
    if hasScore { cells.append("score") }
    if hasNeighbors { cells.append("neighbors") }
    if hasID { cells.append("filled") }
    if hasLabel { cells += ["expression", "confidence"] }
    if hasSmoothed { cells += ["smoothed_expression", "smoothed_confidence"] }
    let classes = names.map(Self.columnName)
    if hasLabel { cells += classes }
    if hasSmoothed { cells += classes.map { "smoothed_" + $0 } }
    return cells
  }

  /// Whether a face has something that has no column.
  func lacksColumn(for face: FaceValues) -> Bool {
    face.id != nil && !hasID || face.score != nil && !hasScore || face.neighbors != nil && !hasNeighbors
      || face.label.isPresent && !hasLabel || face.smoothed.isPresent && !hasSmoothed
      || face.label.scores.count > classCount || face.smoothed.scores.count > classCount
  }

  /// What a table without some columns lacks, as a phrase; nil if nothing was missing upstream.
  var shortcoming: String? {
    hasLabel
      ? nil
      : "no classifier has run on this stream: no columns of expressions (fm-classify names expressions)"
  }
}
