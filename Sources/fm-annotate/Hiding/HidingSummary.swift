import FaceHiding

/// What was hidden, counted.
struct HidingSummary {
  private var faces = 0
  private var frames = 0
  private var framesWithBoxes = 0
  private var framesInGaps = 0
  private var framesHeld = 0

  /// Counts a frame that was hidden.
  mutating func add(_ frame: PlannedFrame) {
    frames += 1
    faces += frame.faces.count
    if !frame.boxes.isEmpty { framesWithBoxes += 1 }
    if frame.bridgesGap { framesInGaps += 1 }
    if frame.heldCount > 0, !frame.bridgesGap { framesHeld += 1 }
  }

  /// The numbers in a sentence, and how many frames rest on more than what the detector found in them.
  func text(_ style: HidingStyle) -> String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    guard framesWithBoxes > 0 else { return "no face was hidden in \(count(frames, "frame"))" }
    return
      "\(count(faces, "face")) hidden (\(style.method.rawValue)) in \(framesWithBoxes) of \(count(frames, "frame")); "
      + "in \(count(framesInGaps, "frame")) within tracks the detector had found none, "
      + "in \(framesHeld) a face was held before or after its sightings"
  }
}
