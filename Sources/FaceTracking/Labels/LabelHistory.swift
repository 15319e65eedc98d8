import Glibc
import SystemIO

/// What the classifier said of one person at each sighting, and what follows from that: forward sums over each sighting
/// and all before it, and, when a label is asked for, backward sums over all after it.
///
/// All numbers are in flat arrays; a method of smoothing keeps what it needs.
struct LabelHistory: Sendable {
  /// A sighting.
  private struct Row {
    let time: Double
    /// The probability that the expression lasted since the sighting before.
    let stay: Float
    /// The logarithm of the likelihood of a class that the answer does not name.
    let rest: Float
    /// Whether the classifier said something.
    let isAnswer: Bool
  }

  let smoothing: LabelSmoothing
  private let chain: LabelChain
  private(set) var classCount = 0
  private var rows = SlidingWindow<Row>()
  /// Rows of ``width`` numbers. For viterbi: the likelihood of each class by this answer, its logarithm, the
  /// probability of each class with all that came before, and the logarithm of the probability of the best course that
  /// ends in each class, up to a constant. For exponential: the mean that forgets.
  private var values = SlidingWindow<Float>()
  /// For viterbi, rows of two numbers a class: the likelihood of all later answers, and the logarithm of the
  /// probability of the best course onward, up to a constant.
  private var outlook = SlidingWindow<Float>()
  /// The time of the newest sighting that ``outlook`` knows.
  private var outlookTime = -Double.infinity
  private var lastAnswer: Double?
  /// How many sightings came before the first answer, of those kept.
  private var unanswered = 0
  private var hasForgotten = false

  init(_ smoothing: LabelSmoothing, _ chain: LabelChain) {
    self.smoothing = smoothing
    self.chain = chain
  }

  private var width: Int { smoothing == .viterbi ? 4 * classCount : classCount }

  /// About how many bytes a sighting takes, with this many classes.
  static func bytesPerSighting(_ smoothing: LabelSmoothing, classCount: Int) -> Int {
    switch smoothing {
    case .none: 0
    case .exponential: MemoryLayout<Row>.stride + 4 * classCount
    case .viterbi: MemoryLayout<Row>.stride + 4 * 6 * classCount
    }
  }

  // MARK: Sightings

  /// Adds a sighting; `probabilities` are empty without an answer. An answer of more classes than those before widens
  /// them all.
  mutating func add(_ probabilities: [Float], at time: Double) {
    guard smoothing != .none else { return }
    let isAnswer = !probabilities.isEmpty && probabilities.allSatisfy { $0.isFinite && $0 >= 0 }
    if isAnswer, probabilities.count > classCount { widen(to: probabilities.count) }
    // Errors last from answer to answer; sightings without one between them change nothing.
    let weight = chain.weight(lastAnswer.map { time - $0 } ?? chain.errorMemory)
    let left = max(0, 1 - probabilities.reduce(0, +))
    let rest = isAnswer ? weight * log(max(chain.floor, min(left, probabilities.min() ?? 0))) : 0
    rows.append(
      Row(
        time: time, stay: rows.last.map { chain.stay(time - $0.time) } ?? 1, rest: rest, isAnswer: isAnswer))
    if lastAnswer == nil, !isAnswer { unanswered += 1 }
    let row = rows.count - 1
    values.append(repeating: 0, count: width)
    switch smoothing {
    case .none: break
    case .exponential:
      let kept = isAnswer ? lastAnswer.map { chain.kept(time - $0) } ?? 0 : 1
      addMean(probabilities, row, kept)
    case .viterbi: addLikelihood(probabilities, row, isAnswer, weight, rest)
    }
    if isAnswer { lastAnswer = time }
  }

  private mutating func addMean(_ probabilities: [Float], _ row: Int, _ kept: Float) {
    let count = classCount
    values.changeMemory { values in
      let mean = values + row * count
      for index in 0..<count {
        let new = index < probabilities.count ? probabilities[index] : 0
        mean[index] = (row > 0 ? mean[index - count] * kept : 0) + (kept < 1 ? new * (1 - kept) : 0)
      }
    }
  }

  private mutating func addLikelihood(
    _ probabilities: [Float], _ row: Int, _ isAnswer: Bool, _ weight: Float, _ rest: Float
  ) {
    let count = classCount
    let floor = chain.floor
    values.changeMemory { values in
      let likelihood = values + row * 4 * count
      for index in 0..<count {
        let logarithm =
          isAnswer && index < probabilities.count ? weight * log(max(probabilities[index], floor)) : rest
        likelihood[index] = exp(logarithm)
        likelihood[count + index] = logarithm
      }
    }
    advance(row)
  }

  /// Calculates the forward sums of a row from those of the row before it; without one, nothing was known.
  private mutating func advance(_ row: Int) {
    let count = classCount
    guard count > 0 else { return }
    let stay = rows[row].stay
    values.changeMemory { values in
      let likelihood = values + row * 4 * count
      let forward = likelihood + 2 * count
      let best = likelihood + 3 * count
      if row > 0 {
        forward.update(from: forward - 4 * count, count: 2 * count)
        LabelChain.step(forward, count, stay: stay)
        LabelChain.bestStep(best, count, stay: stay)
      } else {
        forward.update(repeating: 1 / Float(count), count: count)
        best.update(repeating: 0, count: count)
      }
      for index in 0..<count {
        forward[index] *= likelihood[index]
        best[index] += likelihood[count + index]
      }
      LabelChain.normalize(forward, count)
      LabelChain.normalizeBest(best, count)
    }
  }

  /// Makes room for classes that were not named before, as by answers that name only the best few: the answers so far
  /// leave them what their own classes leave.
  private mutating func widen(to count: Int) {
    let old = values
    let (oldCount, oldWidth) = (classCount, width)
    classCount = count
    outlook.removeAll()
    values.removeAll()
    values.append(repeating: 0, count: rows.count * width)
    for row in 0..<rows.count {
      // One table after another: of viterbi four, of exponential one.
      for table in 0..<(smoothing == .viterbi ? 4 : 1) {
        for index in 0..<count {
          let value: Float
          if index < oldCount {
            value = old[row * oldWidth + table * oldCount + index]
          } else {
            switch table {
            case 0: value = smoothing == .viterbi ? exp(rows[row].rest) : 0
            case 1: value = rows[row].rest
            // What a class of the least probability has.
            default:
              value = (0..<oldCount).map { old[row * oldWidth + table * oldCount + $0] }.min() ?? 1
            }
          }
          values[row * width + table * count + index] = value
        }
      }
    }
    guard smoothing == .viterbi else { return }
    for row in (hasForgotten ? 1 : 0)..<max(1, rows.count) where row < rows.count { advance(row) }
  }

  /// Forgets the first sightings.
  mutating func removeFirst(_ count: Int) {
    guard smoothing != .none, count > 0 else { return }
    rows.removeFirst(count)
    values.removeFirst(count * width)
    outlook.removeFirst(min(outlook.count, count * 2 * classCount))
    unanswered = max(0, unanswered - count)
    hasForgotten = true
  }

  // MARK: Labels

  /// The label at a time after a sighting and not after the next one; nil if no classifier has said anything by then.
  mutating func label(after row: Int, at time: Double) -> SmoothedLabel? {
    guard smoothing != .none, classCount > 0, row >= unanswered else { return nil }
    guard smoothing == .viterbi else {
      return SmoothedLabel((0..<classCount).map { values[row * classCount + $0] })
    }
    lookBack(from: row)
    let count = classCount
    let seconds = max(0, time - rows[row].time)
    var sums = (0..<2 * count).map { values[row * 4 * count + 2 * count + $0] }
    var later: [Float]
    let isBetween = seconds > 0 && row + 1 < rows.count
    if isBetween {
      later = (0..<2 * count).map { outlook[(row + 1) * 2 * count + $0] }
      let next = (0..<2 * count).map { values[(row + 1) * 4 * count + $0] }
      for index in 0..<count {
        later[index] *= next[index]
        later[count + index] += next[count + index]
      }
    } else {
      later = (0..<2 * count).map { outlook[row * 2 * count + $0] }
    }
    let (before, after) = (chain.stay(seconds), isBetween ? chain.stay(rows[row + 1].time - time) : 1)
    func step(_ values: inout [Float], _ stay: Float) {
      values.withUnsafeMutableBufferPointer {
        LabelChain.step($0.baseAddress!, count, stay: stay)
        LabelChain.bestStep($0.baseAddress! + count, count, stay: stay)
      }
    }
    if seconds > 0 { step(&sums, before) }
    if isBetween { step(&later, after) }
    for index in 0..<count {
      sums[index] *= later[index]
      sums[count + index] += later[count + index]
    }
    sums.withUnsafeMutableBufferPointer { LabelChain.normalize($0.baseAddress!, count) }
    guard let course = sums[count...].indexOfMaximum() else { return nil }
    return SmoothedLabel(index: course - count, probabilities: Array(sums[..<count]))
  }

  /// Calculates the backward sums, if those of a row do not know enough: one pass over the rows, in place.
  private mutating func lookBack(from row: Int) {
    let count = classCount
    let isWhole = outlook.count == rows.count * 2 * count
    let isFar = (row + 2) * 2 * count <= outlook.count && outlookTime - rows[row].time >= chain.horizon
    guard !isWhole, !isFar, let newest = rows.last else { return }
    outlookTime = newest.time
    outlook.removeAll()
    outlook.append(repeating: 0, count: rows.count * 2 * count)
    let (rows, values) = (rows, values)
    rows.withMemory { rows in
      values.withMemory { values in
        outlook.changeMemory { outlook in
          let last = self.rows.count - 1
          (outlook + last * 2 * count).update(repeating: 1, count: count)
          for row in stride(from: last - 1, through: 0, by: -1) {
            let likelihood = values + (row + 1) * 4 * count
            let here = outlook + row * 2 * count
            for index in 0..<count {
              here[index] = here[2 * count + index] * likelihood[index]
              here[count + index] = here[3 * count + index] + likelihood[count + index]
            }
            let stay = rows[row + 1].stay
            LabelChain.step(here, count, stay: stay)
            LabelChain.normalize(here, count)
            LabelChain.bestStep(here + count, count, stay: stay)
          }
        }
      }
    }
  }
}
