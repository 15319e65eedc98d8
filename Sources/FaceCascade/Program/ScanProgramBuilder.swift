import CCascade

/// Makes the kernels' tables from a cascade: stumps sorted by kind, trees of two nodes in one shape, leaves in each
/// stage's fixed point.
struct ScanProgramBuilder {
  private(set) var stages: [ck_stage] = []
  private(set) var narrow: NarrowNodes
  private(set) var wide: [ck_wide_node] = []
  private(set) var patterns: [ck_pattern_node] = []
  private(set) var pairs: [ck_pair] = []
  private(set) var large: [ck_large_tree] = []
  private(set) var children: [Int32] = []
  private(set) var fixedLeaves: [Int32] = []
  private(set) var leaves: [Float] = []
  private(set) var trees: [ck_exact_tree] = []

  private let cascade: Cascade
  private let engine: ScanEngine
  private let layout: CellLayout

  init(_ cascade: Cascade, _ engine: ScanEngine, _ layout: CellLayout) {
    self.cascade = cascade
    self.engine = engine
    self.layout = layout
    narrow = NarrowNodes(layout)
    for stage in StageOrder.measured(cascade) { add(cascade.stages[stage]) }
  }

  /// A tree, with the nodes of the kernels' tables.
  private struct Tree {
    var exact: ck_exact_tree
    /// In the order of the file: leaf a, b, c of `ck_exact_tree`, or all of a large tree.
    var leaves: [Float]
    var isStump: Bool { exact.node_count == 1 }
  }

  private mutating func add(_ stage: Cascade.Stage) {
    var result = ck_stage()
    result.threshold = Double(stage.threshold)
    result.first_tree = Int32(trees.count)
    result.tree_count = Int32(stage.treeCount)
    let firstLarge = large.count
    let added = addTrees(cascade.trees[stage.firstTree..<stage.firstTree + stage.treeCount])
    result.first_large = Int32(firstLarge)
    result.large_count = Int32(large.count - firstLarge)

    let point = FixedPoint(stage: stage, trees: added.map { ($0.leaves, Int($0.exact.node_count)) })
    result.low = point.low
    result.high = point.high
    for index in large.indices[firstLarge...] {
      let tree = large[index]
      let range = Int(tree.first_leaf)..<Int(tree.first_leaf + tree.node_count) + 1
      for leaf in range { fixedLeaves[leaf] = point.value(Double(leaves[leaf])) }
    }
    addPairs(added, point, &result)
    let exact = sortStumps(added, point, &result)
    trees += exact
    result.dense = dense(
      nodes: cascade.trees[stage.firstTree..<stage.firstTree + stage.treeCount].reduce(0) {
        $0 + $1.nodeCount
      })
    stages.append(result)
  }

  /// How many of 16 neighbors must be alive for looking at them in place: the cost of a stage of that many nodes there,
  /// over what a window costs in a queue (its copy, its share of the stage). Measured; not critical.
  private func dense(nodes: Int) -> Int32 {
    let nodes = Double(nodes)
    let (inPlace, queued) =
      switch engine.code {
      case CK_ENGINE_WIDE: (5 * nodes, 60 + 0.4 * nodes)
      case CK_ENGINE_PATTERN: ((engine.level == .avx512 ? 4 : 8) * nodes, 60 + 0.6 * nodes)
      default: (2.7 * nodes, 30 + 0.16 * nodes)
      }
    return max(1, Int32((inPlace / queued).rounded(.up)))
  }

  /// In the order of the file; but the stumps' nodes come after those of larger trees.
  private mutating func addTrees(_ trees: ArraySlice<Cascade.Tree>) -> [Tree] {
    var added = [Tree?](repeating: nil, count: trees.count)
    for areStumps in [false, true] {
      for (index, tree) in trees.enumerated() where (tree.nodeCount == 1) == areStumps {
        added[index] = add(tree)
      }
    }
    return added.compactMap { $0 }
  }

  private mutating func add(_ tree: Cascade.Tree) -> Tree {
    let nodes = cascade.nodes[tree.firstNode..<tree.firstNode + tree.nodeCount]
    let leaves = cascade.leaves[tree.firstLeaf..<tree.firstLeaf + tree.nodeCount + 1]
    func leaf(_ child: Int32) -> Float { leaves[leaves.startIndex - Int(child)] }
    var result = ck_exact_tree()
    result.node_count = Int32(tree.nodeCount)
    let root = nodes[nodes.startIndex]
    switch tree.nodeCount {
    case 1:
      let negated = prefersNegated(root)
      (result.kind.0, result.node.0) = addNode(tree.firstNode, negated: negated)
      result.leaf = negated ? (leaf(root.right), leaf(root.left), 0) : (leaf(root.left), leaf(root.right), 0)
    case 2:
      let second = nodes[nodes.startIndex + 1]
      // The first node is to say "left" where the second decides.
      let toSecond = root.left > 0
      (result.kind.0, result.node.0) = addNode(tree.firstNode, negated: !toSecond)
      let negated = prefersNegated(second)
      (result.kind.1, result.node.1) = addNode(tree.firstNode + 1, negated: negated)
      let (a, b) = negated ? (second.right, second.left) : (second.left, second.right)
      result.leaf = (leaf(a), leaf(b), leaf(toSecond ? root.right : root.left))
    default:
      return addLarge(tree, nodes, Array(leaves), result)
    }
    return Tree(exact: result, leaves: [result.leaf.0, result.leaf.1, result.leaf.2])
  }

  private mutating func addLarge(
    _ tree: Cascade.Tree, _ nodes: ArraySlice<Cascade.Node>, _ treeLeaves: [Float], _ exact: ck_exact_tree
  ) -> Tree {
    var result = exact
    result.node.0 = Int32(large.count)
    large.append(
      ck_large_tree(
        first_node: Int32(wide.count), node_count: Int32(tree.nodeCount), first_leaf: Int32(leaves.count)))
    for (index, node) in nodes.enumerated() {
      let added = addNode(tree.firstNode + index, negated: false).index
      children[2 * Int(added)] = node.left
      children[2 * Int(added) + 1] = node.right
    }
    leaves += treeLeaves
    fixedLeaves += [Int32](repeating: 0, count: treeLeaves.count)
    return Tree(exact: result, leaves: treeLeaves)
  }

  /// True if the node's feature is the negative of a product that cannot be turned.
  private func prefersNegated(_ node: Cascade.Node) -> Bool {
    guard engine.code == CK_ENGINE_NARROW, let product = engine.narrowFeatures[Int(node.feature)].product
    else {
      return false
    }
    return product.kind == 2 && product.isNegative
  }

  /// A node that says "left" where that of the cascade does; "right", if negated.
  private mutating func addNode(_ index: Int, negated: Bool) -> (kind: Int32, index: Int32) {
    let node = cascade.nodes[index]
    switch engine.code {
    case CK_ENGINE_NARROW:
      return narrow.add(engine.narrowFeatures[Int(node.feature)], threshold: node.threshold, negated: negated)
    case CK_ENGINE_WIDE:
      let feature = cascade.haarFeatures[Int(node.feature)]
      var result = ck_wide_node()
      // value >= threshold is -value < the number after -threshold.
      result.threshold = negated ? (-node.threshold).nextUp : node.threshold
      assignArray(&result.weight, feature.rectangles.map { negated ? -$0.weight : $0.weight })
      assignArray(&result.corner, feature.rectangles.flatMap { layout.corners($0, tilted: feature.tilted) })
      wide.append(result)
      children += [0, 0]
      return (result.weight.2 == 0 ? 0 : 1, Int32(wide.count - 1))
    default:
      var result = ck_pattern_node()
      assignArray(&result.corner, layout.corners(cascade.lbpFeatures[Int(node.feature)]))
      let words = cascade.subsets[index * Cascade.subsetWords..<(index + 1) * Cascade.subsetWords]
      assignArray(&result.subset, words.map { negated ? ~$0 : $0 })
      patterns.append(result)
      return (0, Int32(patterns.count - 1))
    }
  }

  private mutating func addPairs(_ added: [Tree], _ point: FixedPoint, _ stage: inout ck_stage) {
    stage.first_pair = Int32(pairs.count)
    // Those of the same kinds together, so that branches on them are foreseen.
    let sorted = added.filter { $0.exact.node_count == 2 }.sorted { $0.exact.kind < $1.exact.kind }
    for tree in sorted {
      let (a, b, c) = (Double(tree.leaves[0]), Double(tree.leaves[1]), Double(tree.leaves[2]))
      pairs.append(
        ck_pair(node: tree.exact.node, kind: tree.exact.kind, delta: (point.value(a - b), point.value(b - c)))
      )
    }
    stage.pair_count = Int32(sorted.count)
  }

  /// Puts the stumps' nodes, which came last, into the order of their kinds, and returns the trees that point to them.
  private mutating func sortStumps(_ added: [Tree], _ point: FixedPoint, _ stage: inout ck_stage)
    -> [ck_exact_tree]
  {
    let stumps = added.indices.filter { added[$0].isStump }
    var exact = added.map(\.exact)
    guard let first = stumps.map({ added[$0].exact.node.0 }).min() else { return exact }
    let sorted = stumps.sorted { (added[$0].exact.kind.0, $0) < (added[$1].exact.kind.0, $1) }
    var (firsts, counts) = ([Int32](repeating: 0, count: 4), [Int32](repeating: 0, count: 4))
    var next = first
    var moved: (narrow: [ck_narrow_node], wide: [ck_wide_node], patterns: [ck_pattern_node]) = ([], [], [])
    for index in sorted {
      let tree = added[index]
      let node = Int(tree.exact.node.0)
      let delta = point.value(Double(tree.leaves[0]) - Double(tree.leaves[1]))
      switch engine.code {
      case CK_ENGINE_NARROW:
        moved.narrow.append(narrow.nodes[node])
        moved.narrow[moved.narrow.count - 1].delta = delta
      case CK_ENGINE_WIDE:
        moved.wide.append(wide[node])
        moved.wide[moved.wide.count - 1].delta = delta
      default:
        moved.patterns.append(patterns[node])
        moved.patterns[moved.patterns.count - 1].delta = delta
      }
      let kind = Int(tree.exact.kind.0)
      if counts[kind] == 0 { firsts[kind] = next }
      counts[kind] += 1
      exact[index].node.0 = next
      next += 1
    }
    // Stumps come last (see add), so they fill the end of their table.
    if !moved.narrow.isEmpty { narrow.nodes.replaceSubrange(Int(first)..., with: moved.narrow) }
    if !moved.wide.isEmpty {
      wide.replaceSubrange(Int(first)..., with: moved.wide)
    }
    if !moved.patterns.isEmpty { patterns.replaceSubrange(Int(first)..., with: moved.patterns) }
    assignArray(&stage.first, firsts)
    assignArray(&stage.count, counts)
    return exact
  }
}
