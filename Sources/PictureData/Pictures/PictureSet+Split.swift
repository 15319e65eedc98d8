import SystemIO

extension PictureSet {
  /// Sets a part of every class aside.
  ///
  /// Which pictures they are depends on the seed and on their names: of each class those whose numbers from both are
  /// least, so that a picture more moves one other at most. Each class gives `fraction` of its pictures, rounded, but
  /// keeps at least one.
  /// - Parameter fraction: between 0 and 1, neither included.
  /// - Returns: two sets without a picture in common, both in the order of this one.
  /// - Throws: ``Failure`` (`usage`) for another fraction, (`badInput`) if a side would be empty.
  package func split(fraction: Double, seed: UInt64) throws(Failure) -> (
    training: PictureSet, validation: PictureSet
  ) {
    guard fraction > 0, fraction < 1 else {
      throw Failure(
        .usage, step: "splitting", cause: "the part for validation, \(fraction), is not between 0 and 1")
    }
    var members = [[Int]](repeating: [], count: classes.count)
    for index in 0..<count { members[label(index)].append(index) }
    var isForValidation = [Bool](repeating: false, count: count)
    for inClass in members {
      // Frames of a stream may be named alike: then it counts which of them it is.
      var seen: [String: Int] = [:]
      let numbered = inClass.map { index -> (order: UInt64, index: Int) in
        let name = self.name(index)
        var checksum = Checksum()
        checksum.add(Int(truncatingIfNeeded: seed))
        checksum.add(name)
        checksum.add(seen[name, default: 0])
        seen[name, default: 0] += 1
        return (checksum.value, index)
      }
      let wanted = Int((fraction * Double(inClass.count)).rounded())
      let ordered = numbered.sorted { ($0.order, $0.index) < ($1.order, $1.index) }
      for chosen in ordered.prefix(min(wanted, max(inClass.count - 1, 0))) {
        isForValidation[chosen.index] = true
      }
    }
    let validation = (0..<count).filter { isForValidation[$0] }
    guard !validation.isEmpty, validation.count < count else {
      throw Failure(
        .badInput, step: "splitting", cause: "\(count) pictures are too few to set \(fraction) of them aside")
    }
    return (subset((0..<count).filter { !isForValidation[$0] }), subset(validation))
  }
}
