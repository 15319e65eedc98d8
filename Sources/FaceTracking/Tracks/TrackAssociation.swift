import Glibc

/// Decides which faces of a frame continue which tracks.
///
/// The cost of a pair is the negative logarithm of how much more probable the sighting is for this track's motion than
/// for anybody else, its appearance included where there are pixels. Only pairs within a gate count. Of all
/// assignments the one of least total cost is chosen, first with the faces the detector is sure of, then with the rest.
struct TrackAssociation {
  /// The largest squared distance of a pair, in standard deviations: 4 degrees of freedom, 99.7 %.
  static let gate = 16.0
  /// By how much boxes grow on every side before their overlap is measured, and the least overlap that counts.
  static let buffer = 0.3
  static let leastOverlap = 0.2
  /// The density of faces that are new or false, in a face's own area and relative size.
  static let newcomers = 0.002
  /// The most pairs of one track that are compared: the nearest. A bound on work in a crowd.
  static let pairsPerTrack = 8

  private let model: MotionModel
  private var assignment = SparseAssignment()
  /// The faces of a round from left to right, the sizes as logarithms.
  private var sorted: [Candidate] = []
  private var widest = 0.0
  private var pairs: [(column: Int, cost: Double)] = []
  private struct Candidate {
    let x: Double
    let y: Double
    let width: Double
    let height: Double
    let column: Int
  }
  /// The track of each face, -1 for none.
  private(set) var trackOfFace: [Int] = []

  init(_ model: MotionModel) { self.model = model }

  /// Sets ``trackOfFace``.
  /// - Parameters:
  ///   - tracks: their motions at the time of the frame.
  ///   - isSure: whether a face belongs to the first round.
  mutating func match(
    _ tracks: [Track], _ faces: [ObservedFace], at time: Double, isSure: (ObservedFace) -> Bool
  ) {
    trackOfFace.removeAll(keepingCapacity: true)
    trackOfFace.append(contentsOf: repeatElement(-1, count: faces.count))
    var free = Array(tracks.indices)
    for round in 0..<2 {
      let columns = faces.indices.filter { isSure(faces[$0]) == (round == 0) && !faces[$0].isHeld }
      guard !free.isEmpty, !columns.isEmpty else { continue }
      sort(columns, faces)
      assignment.removeAll()
      for row in free { addPairs(of: tracks[row], faces, columns, at: time) }
      assignment.solve(columnCount: columns.count)
      var rest: [Int] = []
      for (row, track) in free.enumerated() {
        let column = assignment.columnOfRow[row]
        if column >= 0 { trackOfFace[columns[column]] = track } else { rest.append(track) }
      }
      free = rest
    }
  }

  private mutating func sort(_ columns: [Int], _ faces: [ObservedFace]) {
    sorted.removeAll(keepingCapacity: true)
    widest = 0
    for (column, index) in columns.enumerated() {
      let box = faces[index].box
      widest = max(widest, box.width)
      sorted.append(
        Candidate(
          x: box.centerX, y: box.centerY, width: log(box.width), height: log(box.height), column: column))
    }
    sorted.sort { ($0.x, $0.column) < ($1.x, $1.column) }
  }

  /// The position in ``sorted`` of the first face whose center is not left of `x`.
  private func firstSorted(from x: Double) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].x < x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func addPairs(of track: Track, _ faces: [ObservedFace], _ columns: [Int], at time: Double)
  {
    let likelihood = SightingLikelihood(track.motion, model, gate: Self.gate)
    let base = likelihood.spread + 2 * log(2 * Double.pi) + log(Self.newcomers)
    let predicted = track.motion.box
    pairs.removeAll(keepingCapacity: true)
    // A sudden turn: too far for the motion, but still about where the face was.
    let mayTurn = time - track.lastTime < 0.5
    let turn = mayTurn ? (predicted.width + widest) * (0.5 + Self.buffer) : 0
    let reach = max(likelihood.reach.x, turn)
    var next = firstSorted(from: predicted.centerX - reach)
    while next < sorted.count, sorted[next].x <= predicted.centerX + reach {
      let center = sorted[next]
      let index = columns[center.column]
      next += 1
      var cost = Double.infinity
      if likelihood.mayReach(center.x, center.y) {
        let distance = likelihood.distance(center.x, center.y, center.width, center.height)
        if distance <= Self.gate { cost = base + distance / 2 }
      }
      if cost >= 0 {
        guard mayTurn else { continue }
        let overlap = predicted.overlap(faces[index].box, margin: Self.buffer)
        guard overlap > Self.leastOverlap else { continue }
        cost = -overlap
      }
      if let known = track.appearance, let seen = faces[index].appearance { cost -= known.evidence(seen) }
      keep(center.column, cost)
    }
    for pair in pairs { assignment.addPair(column: pair.column, cost: pair.cost) }
    assignment.endRow()
  }

  /// Puts a pair among those kept, the best first; of equal ones the earlier column.
  private mutating func keep(_ column: Int, _ cost: Double) {
    if pairs.count == Self.pairsPerTrack {
      guard (cost, column) < (pairs[pairs.count - 1].cost, pairs[pairs.count - 1].column) else { return }
      pairs.removeLast()
    }
    var index = pairs.count
    while index > 0, (pairs[index - 1].cost, pairs[index - 1].column) > (cost, column) { index -= 1 }
    pairs.insert((column, cost), at: index)
  }
}
