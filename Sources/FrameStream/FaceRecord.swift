import SystemIO

/// A face as a frame's `faces` has it.
public struct FaceRecord {
  /// The JSON object, with all that is not known here.
  public let text: JSONText
  public let x: Int
  public let y: Int
  public let width: Int
  public let height: Int
}

extension Record {
  /// The faces of a frame in order; nil if no detector has seen it (there is no `faces`).
  /// - Throws: ``Failure`` (`badInput`) if `faces` is not an array of objects with a `box` of four whole numbers.
  public func faces() throws(Failure) -> [FaceRecord]? {
    guard let list = line["faces"] else { return nil }
    func fail(_ cause: String) -> Failure { Failure(.badInput, step: "bad faces", cause: cause) }
    guard list.isArray else { throw fail("\"faces\" is not an array") }
    var faces: [FaceRecord] = []
    try list.forEachElement { (face) throws(Failure) in
      guard let box = face["box"], box.isArray else { throw fail("face \(faces.count) has no array \"box\"") }
      var numbers: [Int] = []
      try box.forEachElement { (number) throws(Failure) in
        guard numbers.count < 4, let value = number.int, (-(1 << 24)...1 << 24).contains(value) else {
          throw fail("\"box\" of face \(faces.count) is not four whole numbers in range")
        }
        numbers.append(value)
      }
      guard numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else {
        throw fail("\"box\" of face \(faces.count) is not [x,y,width,height] with a positive size")
      }
      faces.append(
        FaceRecord(text: face, x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
    }
    return faces
  }
}
