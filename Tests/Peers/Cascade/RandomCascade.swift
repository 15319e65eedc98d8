import SeededNoise

/// The text of a cascade file made at random: any features, leaves and trees, in either layout.
struct RandomCascade {
  enum Kind: CaseIterable { case wholeWeights, anyWeights, tilted, pattern }

  /// How many nodes a tree has.
  enum Shape: CaseIterable { case stumps, pairs, trees, mixed, largeTrees }

  let kind: Kind
  let shape: Shape
  let isOld: Bool
  let windowWidth: Int
  let windowHeight: Int
  private(set) var text = ""
  private var features: [String] = []

  private struct Node {
    /// A node of the tree if positive, otherwise the negated number of a leaf.
    var children = [0, 0]
    var feature = 0
    /// A threshold, or the subset of codes.
    var test = ""
  }

  private struct Tree {
    var nodes: [Node]
    var leaves: [Double]
  }

  private struct Stage {
    var trees: [Tree] = []
    var threshold = 0.0
  }

  init(using noise: inout Noise) {
    kind = Kind.allCases[noise.below(Kind.allCases.count)]
    shape = Shape.allCases[noise.below(Shape.allCases.count)]
    // The old layout knows nothing but Haar features.
    isOld = kind != .pattern && noise.below(4) == 0
    switch noise.below(5) {
    case 0, 1: (windowWidth, windowHeight) = (20, 20)
    case 2: (windowWidth, windowHeight) = (24, 24)
    case 3: (windowWidth, windowHeight) = (9 + noise.below(52), 9 + noise.below(52))
    default: (windowWidth, windowHeight) = (100 + noise.below(41), 20 + noise.below(121))
    }
    var stages: [Stage] = []
    for number in 0...noise.below(5) { stages.append(stage(1 + noise.below(4 + 3 * number), &noise)) }
    text = isOld ? oldText(stages) : newText(stages)
  }

  /// Passes about half of what comes, or more.
  private mutating func stage(_ count: Int, _ noise: inout Noise) -> Stage {
    var stage = Stage()
    for _ in 0..<count {
      let tree = tree(&noise)
      stage.threshold += tree.leaves.reduce(0, +) / Double(tree.leaves.count)
      stage.trees.append(tree)
    }
    stage.threshold += Double.random(in: -0.5...0.1, using: &noise)
    return stage
  }

  private mutating func tree(_ noise: inout Noise) -> Tree {
    let count =
      switch shape {
      case .stumps: 1
      case .pairs: 2
      case .trees: 3 + noise.below(7)
      case .mixed: 1 + noise.below(5)
      case .largeTrees: 10 + noise.below(11)
      }
    var nodes = Array(repeating: Node(), count: count)
    var free = [(node: 0, side: 0), (node: 0, side: 1)]
    for node in 1..<max(1, count) {
      let place = free.remove(at: noise.below(free.count))
      nodes[place.node].children[place.side] = node
      free += [(node, 0), (node, 1)]
    }
    for (leaf, place) in free.shuffled(using: &noise).enumerated() {
      nodes[place.node].children[place.side] = -leaf
    }
    for node in nodes.indices {
      nodes[node].feature = features.count
      features.append(feature(&noise))
      if kind == .pattern {
        nodes[node].test = (0..<8).map { _ in "\(Int32(truncatingIfNeeded: noise.next()))" }.joined(
          separator: " ")
      } else {
        nodes[node].test = noise.below(2) == 0 ? "0" : "\(Double(noise.below(60_001) - 30_000) * 1e-6)"
      }
    }
    // Some of few values, so that sums meet the threshold exactly.
    let leaves = (0...count).map { _ in
      noise.below(2) == 0 ? Double(noise.below(5) - 2) : Double(noise.below(200_001) - 100_000) * 1e-5
    }
    return Tree(nodes: nodes, leaves: leaves)
  }

  /// As both layouts have it, between `<_>` and `</_>`.
  private func feature(_ noise: inout Noise) -> String {
    if kind == .pattern {
      let (w, h) = (1 + noise.below(windowWidth / 3), 1 + noise.below(windowHeight / 3))
      let (x, y) = (noise.below(windowWidth - 3 * w + 1), noise.below(windowHeight - 3 * h + 1))
      return "<rect>\(x) \(y) \(w) \(h)</rect>"
    }
    let isTilted = kind == .tilted && noise.below(2) == 0
    let rectangles = (0...noise.below(3)).map { _ in rectangle(isTilted, &noise) }.joined()
    return "<rects>\(rectangles)</rects><tilted>\(isTilted ? 1 : 0)</tilted>"
  }

  private func rectangle(_ isTilted: Bool, _ noise: inout Noise) -> String {
    let isWhole = kind == .wholeWeights || noise.below(2) == 0
    let weight = isWhole ? Double(noise.below(7) - 3) : Double(noise.below(60_001) - 30_000) * 1e-4
    var (x, y, w, h) = (0, 0, 0, 0)
    if isTilted {
      // Leans to both sides of its top corner.
      let most = min(windowWidth, windowHeight) / 2
      (w, h) = (1 + noise.below(min(8, most)), 1 + noise.below(min(8, most)))
      (x, y) = (h + noise.below(windowWidth - w - h + 1), noise.below(windowHeight - w - h + 1))
    } else {
      (w, h) = (1 + noise.below(windowWidth), 1 + noise.below(windowHeight))
      (x, y) = (noise.below(windowWidth - w + 1), noise.below(windowHeight - h + 1))
    }
    return "<_>\(x) \(y) \(w) \(h) \(weight)</_>"
  }

  // MARK: Layouts

  private func newText(_ stages: [Stage]) -> String {
    let written = stages.map { stage in
      let trees = stage.trees.map { tree in
        let nodes = tree.nodes.map { "\($0.children[0]) \($0.children[1]) \($0.feature) \($0.test)" }
        return "<_><internalNodes>\(nodes.joined(separator: " "))</internalNodes><leafValues>"
          + tree.leaves.map { "\($0)" }.joined(separator: " ") + "</leafValues></_>\n"
      }
      return
        "<_><maxWeakCount>\(trees.count)</maxWeakCount><stageThreshold>\(stage.threshold)</stageThreshold>"
        + "<weakClassifiers>\(trees.joined())</weakClassifiers></_>\n"
    }
    return """
      <?xml version="1.0"?>
      <opencv_storage><cascade type_id="opencv-cascade-classifier"><stageType>BOOST</stageType>
      <featureType>\(kind == .pattern ? "LBP" : "HAAR")</featureType>
      <height>\(windowHeight)</height><width>\(windowWidth)</width>
      <stageParams><maxWeakCount>\(stages.map(\.trees.count).max() ?? 0)</maxWeakCount></stageParams>
      <featureParams><maxCatCount>\(kind == .pattern ? 256 : 0)</maxCatCount></featureParams>
      <stageNum>\(stages.count)</stageNum><stages>\(written.joined())</stages>
      <features>\(features.map { "<_>\($0)</_>\n" }.joined())</features></cascade></opencv_storage>
      """
  }

  private func oldText(_ stages: [Stage]) -> String {
    let written = stages.enumerated().map { number, stage in
      let trees = stage.trees.map { tree in
        "<_>" + tree.nodes.map { oldNode($0, tree.leaves) }.joined() + "</_>\n"
      }
      return "<_><trees>\(trees.joined())</trees><stage_threshold>\(stage.threshold)</stage_threshold>"
        + "<parent>\(number - 1)</parent><next>-1</next></_>\n"
    }
    return """
      <?xml version="1.0"?>
      <opencv_storage><made type_id="opencv-haar-classifier"><size>\(windowWidth) \(windowHeight)</size>
      <stages>\(written.joined())</stages></made></opencv_storage>
      """
  }

  private func oldNode(_ node: Node, _ leaves: [Double]) -> String {
    let children = zip(["left", "right"], node.children).map { side, child in
      child > 0 ? "<\(side)_node>\(child)</\(side)_node>" : "<\(side)_val>\(leaves[-child])</\(side)_val>"
    }
    return "<_><feature>\(features[node.feature])</feature><threshold>\(node.test)</threshold>"
      + children.joined() + "</_>"
  }
}
