import CascadePictures
import SeededNoise
import SystemIO
import Testing

@testable import FaceCascade

/// Each version of the kernels against the plain one, on cascades made at random: any features, leaves and trees.
@Suite struct ScanLevelsTests {
  static let levels = SIMDLevel.allCases.filter { $0 != .plain && $0 <= .best }

  /// What a random cascade is made of; each makes the kernels go another way.
  enum Kind: CaseIterable {
    case products
    case wholeWeights
    case anyWeights
    case tilted
    case twoNodes
    case largeTrees
    case patterns
    case patternPairs
    case mixedTrees
    case oblong
    /// Leaves of few values, so that sums often meet the threshold exactly.
    case ties
    /// Blocks so large that their sums need all 16 bits.
    case largePatterns
  }

  @Test(arguments: levels, Kind.allCases) func sameAsPlain(level: SIMDLevel, kind: Kind) throws {
    var found = 0
    var random = Noise(UInt64(level.code.rawValue) * 100 + UInt64(Kind.allCases.firstIndex(of: kind)!))
    for round in 0..<40 {
      var maker = RandomCascade(kind: kind, windowWidth: 20, windowHeight: 20)
      let cascade = Cascade(maker.parts(using: &random))
      let (width, height) = (
        Int.random(in: 22...140, using: &random), Int.random(in: 30...90, using: &random)
      )
      let smooth = round % 3 == 0
      let bytes = (0..<width * height).map { index -> UInt8 in
        smooth
          ? UInt8((index % width * 3 + index / width * 2) & 255) : UInt8.random(in: 0...255, using: &random)
      }
      let picture = Picture(width: width, height: height, bytes: bytes)
      let options = DetectionOptions(scaleFactor: 1.2, minNeighbors: 0)
      let plain = try CascadeDetector(cascade, options: options, level: .plain)
      let expected = try picture.withPlane { try plain.detect($0) }
      found += expected.count
      for threads in [1, 3] {
        let fast = try CascadeDetector(cascade, options: options, threads: threads, level: level)
        let twice = try picture.withPlane { [try fast.detect($0), try fast.detect($0)] }
        #expect(
          twice == [expected, expected], "\(kind), round \(round), \(threads) threads, \(width)x\(height)")
      }
    }
    #expect(found > 0, "the cascades accept something")
  }

  /// Beside a large sum a small leaf is lost, as in the reference's sum of doubles.
  @Test(arguments: levels, ["1e9 -1e-8", "1e7 -1e-10", "3e5 -2e-11"])
  func sumsRoundAsTheReference(level: SIMDLevel, leaves: String) throws {
    let parts = leaves.split(separator: " ")
    let node = "<internalNodes>0 -1 0 0.01</internalNodes>"
    let cascade = try Cascade(
      xml: CascadeText.with {
        $0.stages = """
          <stages><_><maxWeakCount>2</maxWeakCount><stageThreshold>\(parts[0])</stageThreshold><weakClassifiers>
          <_>\(node)<leafValues>\(parts[0]) \(parts[0])</leafValues></_>
          <_>\(node)<leafValues>\(parts[1]) 0</leafValues></_></weakClassifiers></_></stages>
          """
      }.bytes, file: "made.xml")
    let bytes = (0..<100 * 80).map { UInt8(truncatingIfNeeded: $0 &* $0 / 37 ^ $0 / 100 &* 11) }
    let picture = Picture(width: 100, height: 80, bytes: bytes)
    let options = DetectionOptions(scaleFactor: 1.2, minNeighbors: 0)
    func found(_ level: SIMDLevel) throws -> [Detection] {
      let detector = try CascadeDetector(cascade, options: options, level: level)
      return try picture.withPlane { try detector.detect($0) }
    }
    let expected = try found(.plain)
    #expect(!expected.isEmpty)
    #expect(try found(level) == expected)
  }

  /// Rectangles whose sums are whole one by one, but not as the reference adds them: not for the kernel of integers.
  @Test func sumsThatFloatsRoundAreNotNarrow() {
    func feature(_ weights: [Float]) -> Cascade.HaarFeature {
      .init(
        rectangles: weights.map { .init(x: 2, y: 2, width: 16, height: 14, weight: $0) }, tilted: false)
    }
    #expect(NarrowFeature(feature([-1, 2])) != nil)
    #expect(NarrowFeature(feature([151, 150, -150])) == nil)
  }
}

/// A cascade of random features whose stages pass about half of their windows.
struct RandomCascade {
  let kind: ScanLevelsTests.Kind
  var windowWidth: Int
  var windowHeight: Int

  init(kind: ScanLevelsTests.Kind, windowWidth: Int, windowHeight: Int) {
    self.kind = kind
    switch kind {
    case .oblong: (self.windowWidth, self.windowHeight) = (48, 13)
    case .largePatterns: (self.windowWidth, self.windowHeight) = (50, 48)
    default: (self.windowWidth, self.windowHeight) = (windowWidth, windowHeight)
    }
  }

  private var isPattern: Bool { kind == .patterns || kind == .patternPairs || kind == .largePatterns }

  mutating func parts(using random: inout some RandomNumberGenerator) -> CascadeBuilder {
    var parts = CascadeBuilder(empty: "random.xml")
    parts.windowWidth = windowWidth
    parts.windowHeight = windowHeight
    parts.featureKind = isPattern ? .lbp : .haar
    for stage in 0..<Int.random(in: 1...7, using: &random) {
      let firstTree = parts.trees.count
      var middle: Float = 0
      for _ in 0..<Int.random(in: 1...6 + 3 * stage, using: &random) {
        let nodeCount =
          switch kind {
          case .twoNodes, .patternPairs: 2
          case .largeTrees: Int.random(in: 3...7, using: &random)
          case .mixedTrees: Int.random(in: 1...4, using: &random)
          default: 1
          }
        middle += addTree(nodeCount, &parts, &random)
      }
      let shift = kind == .ties ? 0 : Float.random(in: -0.6...0.1, using: &random)
      parts.stages.append(
        .init(firstTree: firstTree, treeCount: parts.trees.count - firstTree, threshold: middle + shift))
    }
    return parts
  }

  /// Returns the mean of the tree's leaves.
  private func addTree(
    _ count: Int, _ parts: inout CascadeBuilder, _ random: inout some RandomNumberGenerator
  )
    -> Float
  {
    let tree = Cascade.Tree(firstNode: parts.nodes.count, nodeCount: count, firstLeaf: parts.leaves.count)
    var free: [(node: Int, side: Int)] = [(0, 0), (0, 1)]
    var children = [[Int32]](repeating: [0, 0], count: count)
    for node in 1..<max(1, count) {
      let place = free.remove(at: Int.random(in: free.indices, using: &random))
      children[place.node][place.side] = Int32(node)
      free += [(node, 0), (node, 1)]
    }
    for (leaf, place) in free.shuffled(using: &random).enumerated() {
      children[place.node][place.side] = -Int32(leaf)
    }
    if count == 1 { children = [[0, -1]] }
    for node in 0..<count {
      let feature = addFeature(&parts, &random)
      parts.nodes.append(
        .init(
          left: children[node][0], right: children[node][1], feature: Int32(feature),
          threshold: Bool.random(using: &random) ? Float.random(in: -0.03...0.03, using: &random) : 0))
      if isPattern { parts.subsets += (0..<8).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) } }
    }
    var sum: Float = 0
    for _ in 0...count {
      let leaf =
        kind == .ties
        ? Float(Int.random(in: -2...2, using: &random)) : Float.random(in: -1...1, using: &random)
      parts.leaves.append(leaf)
      sum += leaf
    }
    parts.trees.append(tree)
    return kind == .ties ? 0 : sum / Float(count + 1)
  }

  private func addFeature(_ parts: inout CascadeBuilder, _ random: inout some RandomNumberGenerator) -> Int {
    if isPattern {
      let least = kind == .largePatterns ? 12 : 1
      let (w, h) = (
        Int.random(in: least...windowWidth / 3, using: &random),
        Int.random(in: least...windowHeight / 3, using: &random)
      )
      parts.lbpFeatures.append(
        .init(
          x: Int.random(in: 0...windowWidth - 3 * w, using: &random),
          y: Int.random(in: 0...windowHeight - 3 * h, using: &random), width: w, height: h))
      return parts.lbpFeatures.count - 1
    }
    var rectangles: [Cascade.HaarRectangle] = []
    let tilted = kind == .tilted && Bool.random(using: &random)
    switch kind {
    case .products, .twoNodes, .ties:
      rectangles = product(&random)
    default:
      for _ in 0..<Int.random(in: 1...3, using: &random) { rectangles.append(rectangle(tilted, &random)) }
    }
    parts.haarFeatures.append(.init(rectangles: rectangles, tilted: tilted))
    return parts.haarFeatures.count - 1
  }

  private func rectangle(_ tilted: Bool, _ random: inout some RandomNumberGenerator) -> Cascade.HaarRectangle
  {
    let weight =
      kind == .wholeWeights
      ? Float(Int.random(in: -3...3, using: &random)) : Float.random(in: -3...3, using: &random)
    if tilted {
      let (w, h) = (Int.random(in: 1...8, using: &random), Int.random(in: 1...8, using: &random))
      return .init(
        x: Int.random(in: h...windowWidth - w, using: &random),
        y: Int.random(in: 0...windowHeight - w - h, using: &random), width: w, height: h, weight: weight)
    }
    let (w, h) = (
      Int.random(in: 1...windowWidth, using: &random), Int.random(in: 1...windowHeight, using: &random)
    )
    return .init(
      x: Int.random(in: 0...windowWidth - w, using: &random),
      y: Int.random(in: 0...windowHeight - h, using: &random),
      width: w, height: h, weight: weight)
  }

  /// Two halves, a middle third or a chequer, either way up and of either sign.
  private func product(_ random: inout some RandomNumberGenerator) -> [Cascade.HaarRectangle] {
    let (w, h) = (
      Int.random(in: 1...windowWidth / 3, using: &random),
      Int.random(in: 1...windowHeight / 3, using: &random)
    )
    let x = Int.random(in: 0...windowWidth - 3 * w, using: &random)
    let y = Int.random(in: 0...windowHeight - 3 * h, using: &random)
    let sign: Float = Bool.random(using: &random) ? 1 : -1
    func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ weight: Float) -> Cascade.HaarRectangle {
      .init(x: x, y: y, width: width, height: height, weight: sign * weight)
    }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return [box(x, y, 2 * w, h, -1), box(x + w, y, w, h, 2)]
    case 1: return [box(x, y, w, 2 * h, -1), box(x, y + h, w, h, 2)]
    case 2: return [box(x, y, 3 * w, h, -1), box(x + w, y, w, h, 3)]
    case 3: return [box(x, y, w, 3 * h, -1), box(x, y + h, w, h, 3)]
    default: return [box(x, y, 2 * w, 2 * h, -1), box(x, y, w, h, 2), box(x + w, y + h, w, h, 2)]
    }
  }
}
