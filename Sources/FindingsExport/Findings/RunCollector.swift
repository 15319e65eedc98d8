import FrameStream

/// Gathers people and runs from frames.
struct RunCollector {
  private let options: RunOptions
  private(set) var persons: [Person] = []
  private(set) var runs: [Run] = []
  /// Faces of a tracked stream that have no number.
  private(set) var unnumbered = 0
  /// Whether faces went by their place in the frame.
  private(set) var isUntracked = false
  /// People of a later stream whose number was taken.
  private(set) var renumbered = 0
  /// Whether any face has a label.
  private(set) var isClassified = false

  private var isTracked = false
  /// The persons of the present stream, by their number in it.
  private var places: [Int: Int32] = [:]
  private var taken: Set<Int> = []
  private var highest = 0
  /// The runs that the last frame belongs to, by person; and those of the frame that is being read.
  private var open: [Int32: Run] = [:]
  private var next: [Int32: Run] = [:]
  private var lastPosition: Double?

  init(_ options: RunOptions) { self.options = options }

  mutating func beginStream(_ stream: FindingsStream) {
    isTracked = stream.isTracked
    places.removeAll()
  }

  mutating func add(_ frame: FindingsFrame) {
    endFrame(at: frame.position)
    frame.people.removeAll(keepingCapacity: true)
    for (place, face) in frame.faces.enumerated() {
      guard let number = number(of: face, place) else {
        frame.people.append(nil)
        continue
      }
      let person = person(number, at: frame.position)
      // A person twice in one frame counts once.
      if next[person] != nil {
        unnumbered += 1
        frame.people.append(nil)
        continue
      }
      frame.people.append(PersonPlace(place: Int(person), number: persons[Int(person)].number))
      persons[Int(person)].frames += 1
      let label = !options.isRaw && face.smoothed.isPresent ? face.smoothed : face.label
      if label.isPresent { isClassified = true }
      let expression = Int32(label.expression ?? -1)
      let confidence = label.confidence ?? .nan
      let frameNumber = Int32(clamping: frame.number)
      if var run = open[person], run.expression == expression {
        run.frames += 1
        run.confidenceSum += confidence
        run.lastFrame = frameNumber
        next[person] = run
        open[person] = nil
      } else {
        next[person] = Run(
          person: person, expression: expression, start: frame.position, end: frame.position,
          firstFrame: frameNumber, lastFrame: frameNumber, frames: 1,
          center: Self.center(face.box, frame.size),
          confidenceSum: confidence)
      }
    }
    close()
    swap(&open, &next)
    lastPosition = frame.position
  }

  /// The last frame ends.
  mutating func finish(at end: Double) {
    endFrame(at: end)
    close()
    runs.sort { ($0.start, $0.person) < ($1.start, $1.person) }
  }

  /// The faces of the last frame were shown until now.
  private mutating func endFrame(at position: Double) {
    let length = position - (lastPosition ?? position)
    for person in open.keys {
      open[person]?.end = position
      persons[Int(person)].lastSeen = position
      persons[Int(person)].seconds += length
    }
  }

  private mutating func close() {
    for run in open.values { runs.append(run) }
    open.removeAll(keepingCapacity: true)
  }

  private mutating func number(of face: FaceValues, _ place: Int) -> Int? {
    if let id = face.id {
      isTracked = true
      return id
    }
    if isTracked {
      unnumbered += 1
      return nil
    }
    isUntracked = true
    return place + 1
  }

  private mutating func person(_ number: Int, at position: Double) -> Int32 {
    if let place = places[number] { return place }
    let place = Int32(persons.count)
    var shown = number
    if !taken.insert(number).inserted {
      renumbered += 1
      shown = highest + 1
      taken.insert(shown)
    }
    highest = max(highest, shown)
    persons.append(Person(number: shown, firstSeen: position, lastSeen: position))
    places[number] = place
    return place
  }

  private static func center(_ box: PixelRectangle, _ size: (width: Int, height: Int)?) -> (
    x: Float, top: Float, bottom: Float
  ) {
    guard let size else { return (.nan, .nan, .nan) }
    func share(_ value: Double, _ of: Int) -> Float { Float(min(max(value / Double(of), 0), 1)) }
    return (
      share(Double(box.x) + Double(box.width) / 2, size.width), share(Double(box.y), size.height),
      share(Double(box.maxY), size.height)
    )
  }
}
