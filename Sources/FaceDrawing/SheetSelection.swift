/// In which order a contact sheet shows faces, and which of them if they are too many.
package enum SheetOrder: String, Sendable, CaseIterable {
  /// In the order of the film, spread evenly over it.
  case time
  /// The most confident first.
  case confidence
  /// By person, of each some that are spread evenly over the film.
  case person
}

/// Chooses as many elements as a sheet has cells from a film of any length.
///
/// At most twice as many are kept at a time: of what is spread over a film, every second one goes when they become too
/// many, and from then on only every second one comes in.
package struct SheetSelection<Element> {
  private struct Candidate {
    let element: Element
    let confidence: Double
    let number: Int
  }

  /// What is spread evenly over the film: all, or one person's.
  private struct Group {
    let person: Int
    var candidates: [Candidate] = []
    /// One of this many comes in.
    var stride = 1
    var seen = 0
  }

  private let order: SheetOrder
  private let capacity: Int
  private var groups: [Int: Group] = [:]
  private var best: [Candidate] = []
  private var keptCount = 0
  /// How many were offered.
  package private(set) var offered = 0

  /// A choice of at most `capacity` elements.
  package init(_ order: SheetOrder, capacity: Int) {
    self.order = order
    self.capacity = capacity
  }

  /// Takes an element in if it may be chosen; `make` is called only then, and may give none.
  /// - Parameters:
  ///   - person: its number; nil without one.
  ///   - confidence: how sure its label is; nil counts as 0.
  package mutating func offer(person: Int?, confidence: Double?, _ make: () -> Element?) {
    defer { offered += 1 }
    let confidence = confidence.map { $0.isNaN ? 0 : $0 } ?? 0
    guard order != .confidence else {
      if best.count == capacity, let last = best.last, last.confidence >= confidence { return }
      guard let element = make() else { return }
      let place = best.firstIndex { $0.confidence < confidence } ?? best.endIndex
      best.insert(Candidate(element: element, confidence: confidence, number: offered), at: place)
      if best.count > capacity { best.removeLast() }
      return
    }
    // Faces without a number, often false positives, come last.
    let key = order == .person ? person ?? Int.max : 0
    var group = groups[key] ?? Group(person: key)
    if group.seen % group.stride == 0, let element = make() {
      group.candidates.append(Candidate(element: element, confidence: confidence, number: offered))
      keptCount += 1
    }
    group.seen += 1
    groups[key] = group
    if keptCount > 2 * capacity { thin() }
  }

  /// Removes every second candidate of the group that has most, or the group that was seen least.
  private mutating func thin() {
    guard let largest = groups.values.max(by: { Self.isSmaller($0, $1) }) else { return }
    if largest.candidates.count > 1 {
      var group = largest
      group.candidates = largest.candidates.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      group.stride *= 2
      keptCount -= largest.candidates.count - group.candidates.count
      groups[group.person] = group
    } else if let least = groups.values.min(by: { ($0.seen, -$0.person) < ($1.seen, -$1.person) }) {
      keptCount -= least.candidates.count
      groups[least.person] = nil
    }
  }

  private static func isSmaller(_ a: Group, _ b: Group) -> Bool {
    (a.candidates.count, -a.person) < (b.candidates.count, -b.person)
  }

  /// What is chosen, in the sheet's order.
  package var chosen: [Element] {
    guard order != .confidence else { return best.map(\.element) }
    // Those seen in most frames, if there are more people than cells.
    let people = groups.values.sorted { ($1.seen, $0.person) < ($0.seen, $1.person) }.prefix(capacity)
    var shares = Dictionary(uniqueKeysWithValues: people.map { ($0.person, 0) })
    var free = capacity
    while free > 0 {
      let before = free
      for group in people where free > 0 {
        let share = shares[group.person] ?? 0
        guard share < group.candidates.count else { continue }
        shares[group.person] = share + 1
        free -= 1
      }
      if free == before { break }
    }
    return people.sorted { $0.person < $1.person }.flatMap { group in
      Self.spread(group.candidates.map(\.element), over: shares[group.person] ?? 0)
    }
  }

  /// A number of elements, evenly spread, with the first and the last.
  private static func spread(_ elements: [Element], over count: Int) -> [Element] {
    guard count > 1 else { return Array(elements.prefix(count)) }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
  }
}
