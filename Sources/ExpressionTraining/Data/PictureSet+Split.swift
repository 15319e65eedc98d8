import SystemIO

extension PictureSet {
  /// Sets a part of every class aside.
  ///
  /// Which pictures they are depends on the seed and on their number alone. Each class gives `fraction` of its
  /// pictures, rounded, but keeps at least one.
  /// - Parameter fraction: between 0 and 1, neither included.
  /// - Returns: two sets without a picture in common, both in the order of this one.
  /// - Throws: ``Failure`` (`usage`) for another fraction, (`badInput`) if a side would be empty.
  public func split(fraction: Double, seed: UInt64) throws(Failure) -> (
    training: PictureSet, validation: PictureSet
  ) {
    guard fraction > 0, fraction < 1 else {
      throw Failure(
        .usage, step: "splitting", cause: "the part for validation, \(fraction), is not between 0 and 1")
    }
    var members = [[Int]](repeating: [], count: classes.count)
    for index in 0..<count { members[label(index)].append(index) }
    var isForValidation = [Bool](repeating: false, count: count)
    for number in members.indices {
      var random = CounterRandom(seed: seed, purpose: .split, epoch: 0, index: UInt64(number))
      random.shuffle(&members[number])
      let wanted = Int((fraction * Double(members[number].count)).rounded())
      for index in members[number].prefix(min(wanted, max(members[number].count - 1, 0))) {
        isForValidation[index] = true
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
