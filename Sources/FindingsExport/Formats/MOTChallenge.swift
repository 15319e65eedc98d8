import SystemIO

/// `mot`: MOTChallenge's rows: frame, id, left, top, width, height, confidence, and three times -1. Frames and pixels count
/// from 1; confidence is 1 where a cascade found the face.
final class MOTChallenge: FindingsWriter {
  private let output: TextOutput

  init(_ output: TextOutput, _ options: ExportOptions) { self.output = output }

  func add(_ frame: FindingsFrame, classes: [String]) throws(Failure) {
    for (face, person) in zip(frame.faces, frame.people) {
      guard let person else { continue }
      let box = face.box
      let confidence = TableText(separator: ",").cell(face.score ?? 1)
      try output.write(
        "\(frame.number + 1),\(person.number),\(box.x + 1),\(box.y + 1),\(box.width),\(box.height),"
          + "\(confidence),-1,-1,-1\n")
    }
  }

  func finish(_ findings: Findings) {}
}
