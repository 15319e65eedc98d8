/// How much of a label is drawn: less and less where faces are close to each other.
enum LabelForm: CaseIterable {
  /// Number, name and percentage.
  case whole
  /// The same in smaller letters.
  case small
  /// Number and name.
  case name
  /// Number and the first letters of the name.
  case initial

  /// The letters' size, from that of the whole label.
  func textSize(_ whole: Double) -> Double {
    self == .whole ? whole : max(min(whole, 9), (whole * 0.8).rounded())
  }
}

/// The fewest first letters that tell classes apart.
struct ClassInitials: Equatable {
  /// All classes, in their order.
  let names: [String]
  private let initials: [String: String]

  init(_ names: [String]) {
    self.names = names
    var initials: [String: String] = [:]
    for name in names {
      let letters = Array(name.prefix(LabelText.longestName))
      var length = min(1, letters.count)
      while length < letters.count,
        names.contains(where: { $0 != name && $0.hasPrefix(String(letters.prefix(length))) })
      {
        length += 1
      }
      initials[name] = String(letters.prefix(length)).capitalizedFirst
    }
    self.initials = initials
  }

  /// The first letters of a class; of one that is not among them, the first letter.
  func of(_ name: String) -> String { initials[name] ?? String(name.prefix(1)).capitalizedFirst }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
