import Glibc
import SeededNoise
import Testing

@testable import FaceNetwork

@Suite struct SuppressionTests {
  private func candidates(_ count: Int, seed: UInt64) -> [Candidate] {
    var noise = Noise(seed)
    return (0..<count).map { _ in
      Candidate(
        x: noise.value() * 60, y: noise.value() * 60, width: 20 + abs(noise.value()) * 30,
        height: 20 + abs(noise.value()) * 30, score: (abs(noise.value()) * 20).rounded() / 20)
    }
  }

  private func list(_ candidates: [Candidate], above floor: Float) -> CandidateList {
    var list = CandidateList()
    list.begin(minimumScore: floor)
    for candidate in candidates { list.append(candidate) }
    return list
  }

  /// OpenCV's: cut to whole pixels, best first, of equal scores the first.
  @Test(arguments: 0..<20) func bestOfOverlapping(seed: UInt64) {
    let all = candidates(60, seed: seed)
    var order = all.indices.filter { all[$0].score > 0.3 }
    order.sort { (all[$0].score, -$0) > (all[$1].score, -$1) }
    var kept: [Int] = []
    for index in order {
      func corners(_ index: Int) -> [Int] {
        let box = all[index]
        return [Int(box.x), Int(box.y), Int(box.x) + Int(box.width), Int(box.y) + Int(box.height)]
      }
      let mine = corners(index)
      let isCovered = kept.contains { other in
        let others = corners(other)
        let across = max(0, min(mine[2], others[2]) - max(mine[0], others[0]))
        let down = max(0, min(mine[3], others[3]) - max(mine[1], others[1]))
        func area(_ box: [Int]) -> Int { (box[2] - box[0]) * (box[3] - box[1]) }
        return Double(across * down) / Double(area(mine) + area(others) - across * down) > 0.3
      }
      if !isCovered { kept.append(index) }
    }
    var suppression = Suppression()
    var list = list(all, above: 0.3)
    suppression.reduce(&list, .best, overlap: 0.3)
    #expect(
      suppression.faces.map(\.number) == kept.map { number in order.sorted().firstIndex(of: number) ?? -1 })
    #expect(suppression.faces.count > 3)
  }

  /// A face is the mean of what agrees with it, and surer than each alone.
  @Test func votes() throws {
    let three = [(10.0, 0.8), (12, 0.6), (11, 0.4)].map { left, score in
      Candidate(x: Float(left), y: 20, width: 40, height: 40, score: Float(score))
    }
    let inside = Candidate(x: 15, y: 25, width: 12, height: 12, score: 0.7)
    let away = Candidate(x: 100, y: 20, width: 40, height: 40, score: 0.5)
    var suppression = Suppression()
    var list = list(three + [inside, away], above: 0.02)
    suppression.reduce(&list, .votes, overlap: 0.3)
    #expect(suppression.faces.count == 2)
    let face = try #require(suppression.faces.first)
    let left = (10 * 0.8 + 12 * 0.6 + 11 * 0.4) / 1.8
    #expect(abs(Double(face.x) - left) < 1e-4 && face.width == 40 && face.y == 20)
    let logit = log(0.8 / 0.2) + 0.5 * log(1.8 + 1e-3)
    #expect(abs(Double(face.score) - 1 / (1 + exp(-logit))) < 1e-5)
    // Alone, the root of its own score counts against it.
    let other = try #require(suppression.faces.last)
    #expect(other.x == 100 && other.score < 0.5)
    suppression.reduce(&list, .best, overlap: 0.3)
    #expect(suppression.faces.count == 3, "what is inside stays where only overlaps count")
  }

  @Test func onlyTheBestAreKept() {
    var noise = Noise(7)
    let limit = CandidateList.limit
    // Many equal scores: of those the first must stay.
    let scores = (0..<(5 * limit + 17)).map { _ in Float(1 + noise.below(99)) / 100 }
    var list = CandidateList()
    list.begin(minimumScore: 0.1)
    for (index, score) in scores.enumerated() {
      list.append(Candidate(x: Float(index), y: 0, width: 1, height: 1, score: score))
    }
    list.sort()
    let order = scores.indices.filter { scores[$0] > 0.1 }.sorted {
      scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1
    }
    #expect(list.candidates.map { Int($0.x) } == Array(order.prefix(limit)))
  }

  @Test func numbersThatNoPictureHas() {
    var list = CandidateList()
    list.begin(minimumScore: 0)
    for wrong in [Float.nan, .infinity, -.infinity, 1e9] {
      list.append(Candidate(x: wrong, y: 0, width: 1, height: 1, score: 0.9))
      list.append(Candidate(x: 0, y: 0, width: 1, height: wrong, score: 0.9))
    }
    list.append(Candidate(x: 0, y: 0, width: 0, height: 1, score: 0.9))
    list.append(Candidate(x: 0, y: 0, width: 1, height: -1, score: 0.9))
    list.append(Candidate(x: 0, y: 0, width: 1, height: 1, score: .nan))
    #expect(list.candidates.isEmpty)
  }
}
