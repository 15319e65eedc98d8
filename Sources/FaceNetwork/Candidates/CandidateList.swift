/// The best candidates of a picture. Memory is kept from picture to picture.
package struct CandidateList {
  /// Those that are kept: in the order in which they came, or the best first after ``sort()``.
  package private(set) var candidates: [Candidate] = []
  /// A candidate is kept if its score is greater.
  package private(set) var floor: Float = 0
  private var count = 0

  /// The most that are kept: OpenCV's `top_k`.
  package static let limit = 5000

  /// A list without candidates.
  package init() {}

  /// Removes all candidates; those of the next picture need a score greater than `minimumScore`.
  package mutating func begin(minimumScore: Float) {
    candidates.removeAll(keepingCapacity: true)
    floor = minimumScore
    count = 0
  }

  /// Adds a candidate if its score suffices and its numbers are usable.
  package mutating func append(_ candidate: Candidate) {
    guard candidate.score > floor, candidate.isUsable else { return }
    candidates.append(candidate)
    candidates[candidates.count - 1].number = count
    count += 1
    guard candidates.count == 2 * Self.limit else { return }
    // Later ones with the score of the last that is kept would come after it.
    sort()
    floor = candidates[candidates.count - 1].score
  }

  /// Sorts the candidates, the best first and of equal scores the earlier, and keeps the best.
  package mutating func sort() {
    candidates.sort { $0.score != $1.score ? $0.score > $1.score : $0.number < $1.number }
    if candidates.count > Self.limit { candidates.removeLast(candidates.count - Self.limit) }
  }
}
