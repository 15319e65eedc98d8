import SystemIO

extension CascadeBuilder {
  /// `opencv-haar-classifier`, the layout of OpenCV 1: each node holds its feature.
  ///
  /// Read as OpenCV 4 converts it (cascadedetect_convert.cpp): the links between stages (parent, next) are not
  /// looked at, all stages are in a row.
  mutating func readOldLayout(_ cascade: XMLElement) throws(Failure) {
    let size = try cascade.required("size")
    var values: [Double] = []
    try size.numbers(into: &values)
    guard values.count == 2, let width = Int(exactly: values[0]), let height = Int(exactly: values[1]) else {
      throw size.failure("<size> should hold a width and a height")
    }
    windowWidth = try windowSide(width, size)
    windowHeight = try windowSide(height, size)
    let stages = try cascade.required("stages")
    for stage in stages.children {
      let threshold = Float(try stage.required("stage_threshold").number())
      let firstTree = trees.count
      for tree in try stage.required("trees").children { try addOldTree(tree) }
      try addStage(stage, threshold: threshold, firstTree: firstTree)
    }
    try finish(stages)
  }

  private mutating func addOldTree(_ element: XMLElement) throws(Failure) {
    var tree = Cascade.Tree(firstNode: nodes.count, nodeCount: 0, firstLeaf: leaves.count)
    for node in element.children {
      let threshold = Float(try node.required("threshold").number())
      guard threshold.isFinite else { throw node.failure("the threshold is too large") }
      let left = try oldChild(node, "left_val", "left_node", tree)
      let right = try oldChild(node, "right_val", "right_node", tree)
      let feature = Int32(haarFeatures.count)
      let described = try node.required("feature")
      try addHaarFeature(described, try described.required("rects"))
      nodes.append(Cascade.Node(left: left, right: right, feature: feature, threshold: threshold))
      tree.nodeCount += 1
    }
    guard tree.nodeCount > 0 else { throw element.failure("a tree without nodes") }
    try check(tree, element)
    trees.append(tree)
  }

  /// A node's child: a new leaf if there is a value, otherwise another node of the tree.
  private mutating func oldChild(
    _ node: XMLElement, _ value: String, _ number: String, _ tree: Cascade.Tree
  ) throws(Failure) -> Int32 {
    if let value = node.child(value) {
      let leaf = Float(try value.number())
      guard leaf.isFinite else { throw value.failure("leaf value too large") }
      leaves.append(leaf)
      return -Int32(leaves.count - 1 - tree.firstLeaf)
    }
    let element = try node.required(number)
    guard let child = Int32(exactly: try element.integer()), child > 0 else {
      throw element.failure("<\(number)> should be the number of a later node")
    }
    return child
  }
}
