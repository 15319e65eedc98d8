import Foundation

/// The hidden Markov chain of a person's expression: how long one lasts, and how much a frame's answer counts.
struct LabelChain: Sendable {
  /// Changes of expression a second.
  var changeRate = 0.5
  /// How long a classifier's errors last, seconds: answers within that time count as one.
  var errorMemory = 0.08
  /// The least probability that an answer counts with.
  var floor: Float = 0.01
  /// The time constant of exponential smoothing, seconds.
  var meanMemory = 0.3

  /// The probability that an expression lasts `seconds`.
  func stay(_ seconds: Double) -> Float { Float(exp(-changeRate * max(0, seconds))) }

  /// How much an answer counts that comes `seconds` after the one before.
  func weight(_ seconds: Double) -> Float { Float(min(1, max(0.02, seconds / errorMemory))) }

  /// The chain's distribution after a step: it stays, or becomes any class at random.
  func step(_ values: [Float], _ seconds: Double) -> [Float] {
    let stay = stay(seconds)
    let other = (1 - stay) * values.reduce(0, +) / Float(values.count)
    return values.map { stay * $0 + other }
  }

  /// The logarithms of the best course's probability after a step, from those before it.
  func bestStep(_ values: [Float], _ seconds: Double) -> [Float] {
    let stay = stay(seconds)
    let share = (1 - stay) / Float(values.count)
    let other = (values.max() ?? 0) + log(max(share, 1e-30))
    return values.map { max($0 + log(stay + share), other) }
  }
}

/// What a sighting's answer adds, and the sums over it and all before it (the forward pass).
struct LabelEvidence: Sendable {
  /// The likelihood of each class; empty without an answer.
  let likelihood: [Float]
  /// The probability of each class with all that came before; empty before the first answer.
  let forward: [Float]
  /// The logarithm of the probability of the best course that ends in each class, up to a constant.
  let best: [Float]
  /// The mean that forgets.
  let mean: [Float]
  /// When.
  let time: Double

  init(
    _ probabilities: [Float], at time: Double, after last: LabelEvidence?, _ chain: LabelChain
  ) {
    self.time = time
    let usable = !probabilities.isEmpty && probabilities.allSatisfy { $0.isFinite && $0 >= 0 }
    let last = last.flatMap {
      $0.forward.isEmpty || usable && $0.forward.count != probabilities.count ? nil : $0
    }
    let gap = last.map { time - $0.time } ?? chain.errorMemory
    var forward = last.map { chain.step($0.forward, gap) } ?? []
    var best = last.map { chain.bestStep($0.best, gap) } ?? []
    var mean = last?.mean ?? []
    guard usable else {
      likelihood = []
      self.forward = forward
      self.best = best
      self.mean = mean
      return
    }
    let weight = chain.weight(gap)
    let likelihood = probabilities.map { pow(max($0, chain.floor), weight) }
    self.likelihood = likelihood
    if forward.isEmpty {
      forward = [Float](repeating: 1 / Float(likelihood.count), count: likelihood.count)
      best = [Float](repeating: 0, count: likelihood.count)
      mean = [Float](repeating: 0, count: likelihood.count)
    }
    let kept = last == nil ? 0 : Float(exp(-max(0, gap) / chain.meanMemory))
    for index in likelihood.indices {
      forward[index] *= likelihood[index]
      best[index] += log(likelihood[index])
      mean[index] = mean[index] * kept + probabilities[index] * (1 - kept)
    }
    self.forward = forward.normalized()
    let top = best.max() ?? 0
    self.best = best.map { $0 - top }
    self.mean = mean
  }
}

/// What later sightings say of the classes at a time (the backward pass).
struct LabelOutlook: Sendable {
  /// The likelihood of all later answers for each class; empty if there are none.
  var likelihood: [Float] = []
  /// The logarithm of the probability of the best course onward from each class, up to a constant.
  var best: [Float] = []

  /// Nothing is known of what comes.
  init() {}

  /// The outlook `seconds` before a sighting that has the outlook `later`.
  init(_ seconds: Double, before evidence: LabelEvidence, _ later: LabelOutlook, _ chain: LabelChain) {
    let count = max(evidence.forward.count, later.likelihood.count)
    guard count > 0 else { return }
    var values = later.likelihood.count == count ? later.likelihood : [Float](repeating: 1, count: count)
    var best = later.best.count == count ? later.best : [Float](repeating: 0, count: count)
    if evidence.likelihood.count == count {
      for index in 0..<count {
        values[index] *= evidence.likelihood[index]
        best[index] += log(evidence.likelihood[index])
      }
    }
    likelihood = chain.step(values, seconds).normalized()
    self.best = chain.bestStep(best, seconds)
    let top = self.best.max() ?? 0
    for index in self.best.indices { self.best[index] -= top }
  }
}

extension Array where Element == Float {
  /// These values divided by their sum, if that is not 0.
  func normalized() -> [Float] {
    let sum = reduce(0, +)
    return sum > 0 ? map { $0 / sum } : self
  }

  /// The index of the largest value; the first of equal ones.
  func indexOfMaximum() -> Int? { indices.max { self[$0] < self[$1] || self[$0] == self[$1] && $0 > $1 } }
}
