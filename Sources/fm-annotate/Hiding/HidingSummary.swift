import FaceHiding

/// What was hidden, counted.
struct HidingSummary {
  private var faces = 0
  private var outside = 0
  private var frames = 0
  private var framesWithBoxes = 0
  private var framesInGaps = 0
  private var framesHeld = 0

  /// Counts a frame that was hidden.
  /// - Parameter hidden: for each of the frame's boxes, whether anything was hidden.
  mutating func add(_ frame: PlannedFrame, hidden: [Bool]) {
    frames += 1
    let own = hidden.prefix(frame.faces.count).count { $0 }
    faces += own
    outside += frame.faces.count - own
    guard hidden.contains(true) || frame.isWhole else { return }
    framesWithBoxes += 1
    if frame.bridgesGap { framesInGaps += 1 }
    if frame.heldCount > 0, !frame.bridgesGap { framesHeld += 1 }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// The numbers in a sentence, and how many frames rest on more than what the detector found in them.
  func text(_ style: HidingStyle) -> String {
    guard framesWithBoxes > 0 else { return "no face was hidden in \(Self.count(frames, "frame"))" }
    return
      "\(Self.count(faces, "face")) hidden (\(style.method.rawValue)) in \(framesWithBoxes) of "
      + "\(Self.count(frames, "frame")); "
      + "in \(Self.count(framesInGaps, "frame")) a face was put in between its sightings, "
      + "in \(framesHeld) it was held before or after them"
  }

  /// What was not hidden.
  /// - Parameter bareFrames: frames that left before a person was seen again, with nothing hidden for that person.
  func remarks(bareFrames: Int) -> [String] {
    var remarks: [String] = []
    if outside > 0 {
      remarks.append("\(Self.count(outside, "face")) lie outside their picture: nothing is hidden for them")
    }
    if bareFrames > 0 {
      remarks.append(
        "\(Self.count(bareFrames, "frame")) between two sightings of a person may show the face: they were written before "
          + "the second one came (run fm-track with --fill and a --lag as long as --max-gap, or give a longer --hide-hold)"
      )
    }
    return remarks
  }
}
