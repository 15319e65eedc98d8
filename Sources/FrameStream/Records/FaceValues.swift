import SystemIO

/// Names of classes by number, in the order in which a stream's faces first have them.
package struct ClassNames: Sendable, Equatable {
  /// The most classes of one stream: more than any network has.
  package static let limit = 1024

  /// The names; a class's number is its place.
  package private(set) var names: [String] = []
  private var places: [String: Int] = [:]

  /// The most names that are looked for one after the other.
  private static let few = 16

  /// No class yet.
  package init() {}

  /// The number of a class by its name, new ones at the end.
  /// - Throws: `Failure` (`badInput`) beyond ``limit``.
  package mutating func index(of name: String) throws(Failure) -> Int {
    if let index = places[name] { return index }
    guard names.count < Self.limit else {
      throw Failure(
        .badInput, step: "too many classes", cause: "the faces have more than \(Self.limit) expressions")
    }
    places[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// The same for a name in a record; scores come in the same order in most faces, so `guess` is tried first.
  fileprivate mutating func index(of text: JSONText, guess: Int) throws(Failure) -> Int {
    if names.indices.contains(guess), text.equals(contentsOf: names[guess]) { return guess }
    if names.count <= Self.few, let index = names.firstIndex(where: { text.equals(contentsOf: $0) }) {
      return index
    }
    return try index(of: text.string ?? "")
  }
}

/// What a record says of one face, read in one walk over its text. Memory is reused from face to face.
package struct FaceValues: Sendable {
  /// A class with the probabilities behind it.
  package struct Label: Sendable {
    /// Whether the record has a label, even one that names no class.
    package fileprivate(set) var isPresent = false
    /// The class's number; nil if none is named.
    package fileprivate(set) var expression: Int?
    /// The probability of the most probable class; nil if there is none.
    package fileprivate(set) var confidence: Double?
    /// The probabilities by the classes' numbers, NaN where the record has none; as long as the highest number needs.
    package fileprivate(set) var scores: [Double] = []

    /// The probability of a class; nil if the record has none.
    package func score(_ index: Int) -> Double? {
      scores.indices.contains(index) && !scores[index].isNaN ? scores[index] : nil
    }

    fileprivate mutating func removeAll() {
      (isPresent, expression, confidence) = (false, nil, nil)
      scores.removeAll(keepingCapacity: true)
    }
  }

  /// The box in pixels.
  package fileprivate(set) var box = PixelRectangle(x: 0, y: 0, width: 0, height: 0)
  /// The number of the person; nil without one.
  package fileprivate(set) var id: Int?
  /// How sure the detection network is.
  package fileprivate(set) var score: Double?
  /// How many raw detections a cascade merged.
  package fileprivate(set) var neighbors: Int?
  /// Whether the box is that of an earlier frame.
  package fileprivate(set) var isHeld = false
  /// Whether a tracker put the face in.
  package fileprivate(set) var isFilled = false
  /// What the classifier said.
  package fileprivate(set) var label = Label()
  /// The label over time.
  package fileprivate(set) var smoothed = Label()

  /// Nothing yet.
  package init() {}

  /// Replaces all by what a face's record says.
  /// - Throws: `Failure` (`badInput`) if there are too many classes.
  package mutating func assign(_ face: FaceRecord, _ names: inout ClassNames) throws(Failure) {
    box = face.box
    (id, score, neighbors, isHeld, isFilled) = (nil, nil, nil, false, false)
    label.removeAll()
    smoothed.removeAll()
    try face.text.forEachField { (key, value) throws(Failure) in
      if key.equals(FaceKey.expression) {
        try label.setExpression(value, &names)
      } else if key.equals(FaceKey.confidence) {
        label.confidence = value.double
      } else if key.equals(FaceKey.scores) {
        try label.setScores(value, &names)
      } else if key.equals(FaceKey.id) {
        id = value.int
      } else if key.equals(FaceKey.score) {
        score = value.double
      } else if key.equals(FaceKey.neighbors) {
        neighbors = value.int
      } else if key.equals(FaceKey.isHeld) {
        isHeld = value.bool ?? false
      } else if key.equals(FaceKey.isFilled) {
        isFilled = value.bool ?? false
      } else if key.equals(FaceKey.smoothed) {
        try setSmoothed(value, &names)
      }
    }
  }

  /// Names no class where its probability is lower than a minimum, or there is none.
  package mutating func dropClasses(below minimum: Double) {
    label.dropClass(below: minimum)
    smoothed.dropClass(below: minimum)
  }

  private mutating func setSmoothed(_ object: JSONText, _ names: inout ClassNames) throws(Failure) {
    try object.forEachField { (key, value) throws(Failure) in
      if key.equals(FaceKey.expression) {
        try smoothed.setExpression(value, &names)
      } else if key.equals(FaceKey.confidence) {
        smoothed.confidence = value.double
      } else if key.equals(FaceKey.scores) {
        try smoothed.setScores(value, &names)
      }
    }
  }
}

extension FaceValues.Label {
  fileprivate mutating func dropClass(below minimum: Double) {
    if !((confidence ?? -1) >= minimum) { expression = nil }
  }

  fileprivate mutating func setExpression(_ value: JSONText, _ names: inout ClassNames) throws(Failure) {
    isPresent = true
    expression = value.isString ? try names.index(of: value, guess: -1) : nil
  }

  fileprivate mutating func setScores(_ object: JSONText, _ names: inout ClassNames) throws(Failure) {
    isPresent = true
    var place = 0
    try object.forEachField { (name, value) throws(Failure) in
      let index = try names.index(of: name, guess: place)
      while scores.count <= index { scores.append(.nan) }
      scores[index] = value.double ?? .nan
      place += 1
    }
  }
}
