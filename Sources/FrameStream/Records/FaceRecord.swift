import SystemIO

/// A face in a frame's `faces`, as it was written; the properties read it when they are asked for.
public struct FaceRecord {
  /// The JSON object, unknown keys included.
  let text: JSONText
  /// The face's box in pixels of the frame, never empty; it may reach outside the frame.
  public let box: PixelRectangle

  /// How many raw detections the cascade merged into this face; nil if a cascade did not find it.
  public var neighbors: Int? { text[Key.neighbors]?.int }
  /// How sure the network is that found the face, 0 to 1; nil if no network did.
  public var score: Double? { text[Key.score]?.double }
  /// Eyes, nose and mouth as the network gave them; nil if none did, or if they are not five pairs of numbers.
  public var points: FacePoints? { FacePoints(json: text[Key.points]) }
  /// The part of the picture that a classifier sees instead of the box; nil if it sees the box.
  public var crop: PixelRectangle? { try? PixelRectangle(faceBox: text[Key.crop], number: 0) }
  /// The part of the picture that a classifier sees: the crop, or the box of a face without one.
  public var classified: PixelRectangle { crop ?? box }
  /// The name of the cascade that found the face; nil if there was only one.
  public var cascade: String? { text[Key.cascade]?.string }
  /// True if the box is that of an earlier frame because this one was not searched.
  public var isHeld: Bool { text[Key.isHeld]?.bool ?? false }
  /// The number of the person, from 1, the same while he or she is followed; nil without one.
  public var id: Int? { text[Key.id]?.int }
  /// True if a tracker put the face in where the detector found none.
  public var isFilled: Bool { text[Key.isFilled]?.bool ?? false }
  /// The box without its jitter; nil if no tracker wrote one.
  public var steadyBox: PixelRectangle? { try? PixelRectangle(faceBox: text[Key.steadyBox], number: 0) }
  /// The label over time: the most probable class and its probability, either nil if there is none; nil if no tracker
  /// wrote it.
  public var smoothed: (expression: String?, confidence: Double?)? {
    guard let smoothed = text[Key.smoothed] else { return nil }
    return (smoothed[Key.expression]?.string, smoothed[Key.confidence]?.double)
  }
  /// The class that a classifier gave the face; nil if none.
  public var expression: String? { text[Key.expression]?.string }
  /// The probability of the most probable class; nil if no classifier gave one.
  public var confidence: Double? { text[Key.confidence]?.double }
  /// The classes and their probabilities in the order of the record, nil for a value that is not a number; empty if no
  /// classifier has seen the face.
  public var scores: [(name: String, probability: Double?)] {
    var scores: [(name: String, probability: Double?)] = []
    try? text[Key.scores]?.forEachField { (name, value) in scores.append((name.string ?? "", value.double)) }
    return scores
  }
  /// The position of the ``expression`` among the ``scores``; nil if it is not there.
  package var classIndex: Int? {
    guard let expression, let scores = text[Key.scores] else { return nil }
    var found: Int?
    var index = 0
    try? scores.forEachField { (name, _) in
      if found == nil, name.equals(contentsOf: expression) { found = index }
      index += 1
    }
    return found
  }
}

/// What a filter says of a face. Nil properties are not written: a face that is there keeps what it has.
public struct FaceFields: Sendable {
  /// How many raw detections were merged into the face.
  public var neighbors: Int?
  /// How sure a network is that this is a face, 0 to 1.
  public var score: Float?
  /// Eyes, nose and mouth.
  public var points: FacePoints?
  /// The part of the picture that a classifier should see instead of the box.
  public var crop: PixelRectangle?
  /// The name of the cascade that found the face.
  public var cascade: String?
  /// Objects that were found inside the face.
  public var parts: [Part]?
  /// True if the box is that of an earlier frame because this one was not searched.
  public var isHeld: Bool?
  /// What a classifier says; its three keys are written together.
  public var classification: Classification?
  /// What a tracker says; its keys replace all that an earlier tracker wrote.
  public var tracking: Tracking?

  /// Nothing yet.
  public init() {}

  /// An object inside a face, such as an eye, its box in pixels of the frame.
  public struct Part: Sendable {
    /// Where it is, in pixels of the frame.
    public var box: PixelRectangle
    /// How many raw detections were merged into it.
    public var neighbors: Int
    /// The name of the cascade that found it.
    public var cascade: String

    /// An object with everything known about the face.
    public init(box: PixelRectangle, neighbors: Int, cascade: String) {
      self.box = box
      self.neighbors = neighbors
      self.cascade = cascade
    }
  }

  /// What a tracker says of a face.
  public struct Tracking: Sendable {
    /// The number of the person, from 1; nil if the face belongs to nobody who is followed.
    public var id: Int?
    /// True if the box is the tracker's: the detector found no face there, or did not search the frame.
    public var isFilled = false
    /// Replaces the box that was copied from an earlier frame, and removes the points and the crop that came with it;
    /// nil leaves the face's box.
    public var correctedBox: PixelRectangle?
    /// The box without its jitter; nil if it is not wanted.
    public var steadyBox: PixelRectangle?
    /// The label over time.
    public var smoothed: Classification?

    /// A face that belongs to nobody.
    public init() {}
  }

  /// A face's class and probabilities.
  public struct Classification: Sendable {
    /// The class; nil, written as null, if none is named.
    public var expression: String?
    /// The probability of the most probable class; nil, written as null, if there is none.
    public var confidence: Float?
    /// The names of all classes.
    public var classes: [String]
    /// The probability of each class, in the order of ``classes``.
    public var probabilities: ArraySlice<Float>
    /// The positions of the classes to write, in this order; nil for all.
    public var order: [Int]?

    /// What a classifier says of a face: `probabilities` has one element for each of `classes`.
    public init(
      expression: String?, confidence: Float?, classes: [String], probabilities: ArraySlice<Float>,
      order: [Int]? = nil
    ) {
      self.expression = expression
      self.confidence = confidence
      self.classes = classes
      self.probabilities = probabilities
      self.order = order
    }
  }
}

private typealias Key = FaceKey

/// The keys of a face, and of the list of faces.
enum FaceKey {
  static let faces: StaticString = "faces"
  static let box: StaticString = "box"
  static let neighbors: StaticString = "neighbors"
  static let score: StaticString = "score"
  static let points: StaticString = "points"
  static let crop: StaticString = "crop"
  static let cascade: StaticString = "cascade"
  static let parts: StaticString = "parts"
  static let isHeld: StaticString = "held"
  static let expression: StaticString = "expression"
  static let confidence: StaticString = "confidence"
  static let scores: StaticString = "scores"
  static let id: StaticString = "id"
  static let isFilled: StaticString = "filled"
  static let steadyBox: StaticString = "box_smoothed"
  static let smoothed: StaticString = "smoothed"
}

// MARK: Reading

extension Record {
  /// The faces of a frame in order; nil if no detector has seen the frame (it has no `faces`).
  /// - Throws: `Failure` (`badInput`) if `faces` is not an array of objects with a `box` of four whole numbers, or one has
  ///   an `id` that is no number of a person.
  public func faces() throws(Failure) -> [FaceRecord]? {
    guard let list = line[Key.faces] else { return nil }
    guard list.isArray else {
      throw Failure(.badInput, step: "bad faces", cause: "\"faces\" is not an array")
    }
    var faces: [FaceRecord] = []
    try list.forEachElement { (face) throws(Failure) in
      var box: JSONText?
      try face.forEachField { (key, value) throws(Failure) in
        if box == nil, key.equals(Key.box) { box = value }
        guard key.equals(Key.id), value.isNumber else { return }
        guard let id = value.int, (1...StreamLimits.number).contains(id) else {
          throw Failure(
            .badInput, step: "bad faces",
            cause: "\"id\" of face \(faces.count) is not a whole number from 1 to \(StreamLimits.number)")
        }
      }
      faces.append(FaceRecord(text: face, box: try PixelRectangle(faceBox: box, number: faces.count)))
    }
    return faces
  }
}

extension PixelRectangle {
  /// Reads the box of the face with a number in its frame.
  fileprivate init(faceBox box: JSONText?, number: Int) throws(Failure) {
    func fail(_ cause: String) -> Failure { Failure(.badInput, step: "bad faces", cause: cause) }
    guard let box, box.isArray else { throw fail("face \(number) has no array \"box\"") }
    var numbers: [Int] = []
    try box.forEachElement { (element) throws(Failure) in
      guard numbers.count < 4, let value = element.int, (-(1 << 24)...1 << 24).contains(value) else {
        throw fail("\"box\" of face \(number) is not four whole numbers in range")
      }
      numbers.append(value)
    }
    guard numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else {
      throw fail("\"box\" of face \(number) is not [x,y,width,height] with a positive size")
    }
    self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
  }
}

extension Record {
  /// The value of a frame's key `faces` if it is an array.
  var faceList: JSONText? { line[Key.faces].flatMap { $0.isArray ? $0 : nil } }
}

extension JSONText {
  /// Whether a face has been classified, whatever came out.
  var isClassified: Bool { self[Key.expression] != nil }
}

// MARK: Writing

/// The faces of a frame as a filter writes them. Memory is reused after ``removeAll()``.
public struct FaceList {
  fileprivate var json = JSONWriter()

  /// A list without faces.
  public init() {}

  /// Removes the faces and keeps the memory.
  public mutating func removeAll() { json.removeAll() }

  /// Adds a new face.
  public mutating func append(_ box: PixelRectangle, _ fields: FaceFields) {
    json.object { json in
      json.box(box)
      fields.write(to: &json)
    }
  }

  /// Adds a face that another filter wrote: `fields` replace those of the same keys and go to its end; all others keep
  /// their order and their bytes.
  public mutating func append(_ face: FaceRecord, _ fields: FaceFields) {
    json.object { json in
      if let box = fields.tracking?.correctedBox { json.box(box) }
      json.fields(of: face.text) { !fields.replace($0) }
      fields.write(to: &json)
    }
  }
}

extension Record {
  /// Replaces a frame's `faces` with those of another record, as they were written; with none if that has none.
  package func takeFaces(of other: Record?) {
    if let list = other?.line[Key.faces] {
      line.set(Key.faces) { $0.value(list) }
    } else {
      line.remove(Key.faces)
    }
  }
}

extension RecordLine {
  /// Sets a frame's `faces`, an empty array for no faces; the rest of the line keeps its bytes.
  public mutating func setFaces(_ faces: FaceList) {
    set(Key.faces) { json in
      json.array { json in if !faces.json.bytes.isEmpty { json.value(faces.json) } }
    }
  }
}

extension FaceFields {
  /// True if a field with this key is written.
  fileprivate func replace(_ key: JSONText) -> Bool {
    neighbors != nil && key.equals(Key.neighbors) || score != nil && key.equals(Key.score)
      || points != nil && key.equals(Key.points) || crop != nil && key.equals(Key.crop)
      || cascade != nil && key.equals(Key.cascade)
      || parts != nil && key.equals(Key.parts) || isHeld != nil && key.equals(Key.isHeld)
      || tracking?.replace(key) ?? false
      || classification != nil
        && (key.equals(Key.expression) || key.equals(Key.confidence) || key.equals(Key.scores))
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.field(Key.score, score)
    if let points {
      json.key(Key.points)
      points.write(to: &json)
    }
    if let crop { json.box(crop, Key.crop) }
    json.field(Key.neighbors, neighbors)
    json.field(Key.cascade, cascade)
    if let parts {
      json.key(Key.parts)
      json.array { json in
        for part in parts {
          json.object { json in
            json.box(part.box)
            json.field(Key.neighbors, part.neighbors)
            json.field(Key.cascade, part.cascade)
          }
        }
      }
    }
    json.field(Key.isHeld, isHeld)
    classification?.write(to: &json)
    tracking?.write(to: &json)
  }
}

extension FaceFields.Tracking {
  fileprivate func replace(_ key: JSONText) -> Bool {
    key.equals(Key.id) || key.equals(Key.isFilled) || key.equals(Key.steadyBox) || key.equals(Key.smoothed)
      || correctedBox != nil
        && (key.equals(Key.box) || key.equals(Key.points) || key.equals(Key.crop))
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.field(Key.id, id)
    json.field(Key.isFilled, isFilled ? true : nil)
    if let steadyBox { json.box(steadyBox, Key.steadyBox) }
    if let smoothed {
      json.key(Key.smoothed)
      json.object { smoothed.write(to: &$0) }
    }
  }
}

extension FaceFields.Classification {
  fileprivate func write(to json: inout JSONWriter) {
    json.field(Key.expression, orNull: expression)
    json.field(Key.confidence, orNull: confidence)
    json.key(Key.scores)
    json.object { json in
      if let order {
        for index in order { write(index, to: &json) }
      } else {
        for index in classes.indices { write(index, to: &json) }
      }
    }
  }

  private func write(_ index: Int, to json: inout JSONWriter) {
    json.field(classes[index], probabilities[probabilities.startIndex + index])
  }
}

extension JSONWriter {
  fileprivate mutating func box(_ box: PixelRectangle, _ key: StaticString = Key.box) {
    self.key(key)
    array { json in
      json.value(box.x)
      json.value(box.y)
      json.value(box.width)
      json.value(box.height)
    }
  }
}
