import SystemIO

/// What the frames of a stream say of faces, counted.
package struct FaceTally: Sendable, Equatable {
  /// All frames.
  package private(set) var frames = 0
  /// Frames that a detector has seen: those with the key `faces`.
  package private(set) var searched = 0
  /// Frames with at least one face.
  package private(set) var framesWithFaces = 0
  /// Faces of all frames.
  package private(set) var faces = 0
  /// Faces that a classifier has seen: those with the key `expression`.
  package private(set) var classified = 0

  /// Nothing counted yet.
  package init() {}

  /// Counts a frame.
  /// - Parameter found: the record that has its faces; nil if there is none.
  package mutating func add(_ found: Record?) {
    frames += 1
    guard let list = found?.faceList else { return }
    searched += 1
    let before = faces
    try? list.forEachElement { face in
      faces += 1
      if face.isClassified { classified += 1 }
    }
    if faces > before { framesWithFaces += 1 }
  }

  /// What somebody who wants to see faces should know, as a phrase about the stream; nil if faces were found and
  /// classified.
  package var shortcoming: String? {
    if frames == 0 { return nil }
    if searched == 0 { return "no detector has run on this stream (fm-detect finds faces)" }
    if faces == 0 { return noFace }
    return classified > 0 ? nil : "no classifier has run on this stream (fm-classify names expressions)"
  }

  /// That frames were searched and no face was found; nil if that is not so.
  package var noFace: String? {
    guard searched > 0, faces == 0 else { return nil }
    return searched == 1 ? "no face in the frame" : "no face in any of the \(searched) frames"
  }

  /// The numbers as a phrase: `275 frames, 301 faces in 250 of them`.
  package var summary: String {
    let frameCount = "\(frames) frame\(frames == 1 ? "" : "s")"
    guard searched > 0 else { return frameCount }
    return "\(frameCount), \(faces) face\(faces == 1 ? "" : "s") in \(framesWithFaces) of them"
  }
}
