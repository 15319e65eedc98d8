import SystemIO

/// Builds a cascade from an ``XMLDocument``, with the checks that make it safe to run.
struct CascadeBuilder {
  var file: String
  var featureKind = Cascade.FeatureKind.haar
  var windowWidth = 0
  var windowHeight = 0
  var stages: [Cascade.Stage] = []
  var trees: [Cascade.Tree] = []
  var nodes: [Cascade.Node] = []
  var leaves: [Float] = []
  var subsets: [UInt32] = []
  var haarFeatures: [Cascade.HaarFeature] = []
  var lbpFeatures: [Cascade.LBPFeature] = []

  /// The longest side of a window, in pixels: sums over it stay far from overflow.
  private static let longestSide = 1000

  /// A builder without stages for a file of this name.
  init(empty file: String) {
    self.file = file
  }

  init(_ document: XMLDocument) throws(Failure) {
    file = document.file
    let root = document.root
    guard root.name == "opencv_storage" else {
      throw root.failure("<\(root.name)> is not <opencv_storage>: not a file of OpenCV's")
    }
    var children = root.children
    guard let cascade = children.next() else { throw root.failure("the file holds nothing") }
    if cascade.typeID == "opencv-haar-classifier" || cascade.child("size") != nil {
      try readOldLayout(cascade)
      return
    }
    // Without a type, as OpenCV does, by what is in it, whatever it is called.
    let hasParts = cascade.typeID == nil && cascade.child("stageType") != nil
    guard hasParts || cascade.name == "cascade" || cascade.typeID == "opencv-cascade-classifier" else {
      throw cascade.failure("<\(cascade.name)> is not a cascade")
    }
    try readCurrentLayout(cascade)
  }

  /// `opencv-cascade-classifier`, as CascadeClassifierImpl::Data::read reads it.
  private mutating func readCurrentLayout(_ cascade: XMLElement) throws(Failure) {
    let stageType = try cascade.required("stageType")
    guard stageType.string == "BOOST" else {
      throw stageType.failure("stages of type \"\(stageType.string)\" are not supported, only BOOST")
    }
    let featureType = try cascade.required("featureType")
    guard let kind = Cascade.FeatureKind(rawValue: featureType.string) else {
      throw featureType.failure(
        "features of type \"\(featureType.string)\" are not supported, only HAAR and LBP")
    }
    featureKind = kind
    let (width, height) = (try cascade.required("width"), try cascade.required("height"))
    windowWidth = try windowSide(width.integer(), width)
    windowHeight = try windowSide(height.integer(), height)
    let categories = try cascade.required("featureParams").required("maxCatCount")
    let expected = kind == .haar ? 0 : 256
    guard try categories.integer() == expected else {
      throw categories.failure("maxCatCount should be \(expected) with \(kind.rawValue) features")
    }
    let features = try cascade.required("features")
    for feature in features.children {
      switch kind {
      case .haar: try addHaarFeature(feature, try feature.required("rects"))
      case .lbp: try addLBPFeature(feature)
      }
    }
    let stages = try cascade.required("stages")
    for stage in stages.children {
      let threshold = Float(try stage.required("stageThreshold").number())
      let weak = try stage.required("weakClassifiers")
      let firstTree = trees.count
      for tree in weak.children { try addTree(tree) }
      try addStage(stage, threshold: threshold, firstTree: firstTree)
    }
    try finish(stages)
    if let stageNumber = cascade.child("stageNum") {
      let count = try stageNumber.integer()
      guard count == self.stages.count else {
        throw stageNumber.failure("stageNum is \(count), but \(self.stages.count) stages follow")
      }
    }
  }

  /// Checks all stages together, in either layout; `element` is their list.
  mutating func finish(_ element: XMLElement) throws(Failure) {
    guard !stages.isEmpty else { throw element.failure("no stages") }
    // OpenCV does not look at the children of stumps: the first leaf is the left one.
    if trees.allSatisfy({ $0.nodeCount == 1 }) {
      for index in nodes.indices {
        nodes[index].left = 0
        nodes[index].right = -1
      }
    }
  }

  /// The value itself, if a window may have such a side.
  func windowSide(_ side: Int, _ element: XMLElement) throws(Failure) -> Int {
    guard side >= 3, side <= Self.longestSide else {
      throw element.failure("a window's \(element.name) of \(side) is not between 3 and \(Self.longestSide)")
    }
    return side
  }

  mutating func addStage(_ element: XMLElement, threshold: Float, firstTree: Int) throws(Failure) {
    guard trees.count > firstTree else { throw element.failure("a stage without weak classifiers") }
    guard threshold.isFinite else { throw element.failure("the stage's threshold is too large") }
    stages.append(
      Cascade.Stage(
        firstTree: firstTree, treeCount: trees.count - firstTree, threshold: threshold - 1e-5))
  }

  private mutating func addTree(_ element: XMLElement) throws(Failure) {
    var values: [Double] = []
    let internalNodes = try element.required("internalNodes")
    try internalNodes.numbers(into: &values)
    let step = featureKind == .haar ? 4 : 3 + Cascade.subsetWords
    guard !values.isEmpty, values.count % step == 0 else {
      throw internalNodes.failure("\(values.count) numbers are not a multiple of the \(step) of a node")
    }
    let tree = Cascade.Tree(
      firstNode: nodes.count, nodeCount: values.count / step, firstLeaf: leaves.count)
    for node in 0..<tree.nodeCount {
      let first = node * step
      guard let left = Int32(exactly: values[first]), let right = Int32(exactly: values[first + 1]),
        let feature = Int32(exactly: values[first + 2])
      else { throw internalNodes.failure("node \(node): child and feature numbers should be whole") }
      var threshold: Float = 0
      if featureKind == .haar {
        threshold = Float(values[first + 3])
        guard threshold.isFinite else { throw internalNodes.failure("node \(node): threshold too large") }
      } else {
        for word in 0..<Cascade.subsetWords {
          guard let bits = Int32(exactly: values[first + 3 + word]) else {
            throw internalNodes.failure("node \(node): subset word \(word) is not a 32-bit number")
          }
          subsets.append(UInt32(bitPattern: bits))
        }
      }
      nodes.append(Cascade.Node(left: left, right: right, feature: feature, threshold: threshold))
    }
    let leafValues = try element.required("leafValues")
    try leafValues.numbers(into: &values)
    for value in values {
      let leaf = Float(value)
      guard leaf.isFinite else { throw leafValues.failure("leaf value too large") }
      leaves.append(leaf)
    }
    try check(tree, internalNodes)
    trees.append(tree)
  }

  /// Every node reached once from the root, every child and feature there.
  func check(_ tree: Cascade.Tree, _ element: XMLElement) throws(Failure) {
    let leafCount = leaves.count - tree.firstLeaf
    guard leafCount == tree.nodeCount + 1 else {
      throw element.failure("\(tree.nodeCount) nodes need \(tree.nodeCount + 1) leaves, found \(leafCount)")
    }
    let featureCount = featureKind == .haar ? haarFeatures.count : lbpFeatures.count
    var reached = [Bool](repeating: false, count: tree.nodeCount)
    reached[0] = true
    for index in 0..<tree.nodeCount {
      let node = nodes[tree.firstNode + index]
      guard node.feature >= 0, node.feature < featureCount else {
        throw element.failure("node \(index) uses feature \(node.feature) of \(featureCount)")
      }
      for child in [node.left, node.right] {
        if child <= 0 {
          guard -Int(child) < leafCount else {
            throw element.failure("node \(index) uses leaf \(-Int(child)) of \(leafCount)")
          }
        } else {
          // Children come after their parent, so there can be no cycle.
          guard child > index, child < tree.nodeCount, !reached[Int(child)] else {
            throw element.failure("node \(index) has a child \(child) that is missing or not its own")
          }
          reached[Int(child)] = true
        }
      }
    }
    // No training makes such a node, and the kernels would not know which windows it is for.
    if let lost = reached.firstIndex(of: false) {
      throw element.failure("no node of the tree leads to node \(lost)")
    }
  }

  mutating func addHaarFeature(_ feature: XMLElement, _ list: XMLElement) throws(Failure) {
    let tilted = try feature.child("tilted")?.integer() ?? 0
    var rectangles: [Cascade.HaarRectangle] = []
    var values: [Double] = []
    for element in list.children {
      try element.numbers(into: &values)
      guard values.count == 5 else {
        throw element.failure(
          "a rectangle needs x, y, width, height and weight, found \(values.count) numbers")
      }
      let (x, y, width, height) = try rectangle(values, element)
      let weight = Float(values[4])
      // So that no sum overflows to infinity.
      guard abs(weight) <= 1e20 else { throw element.failure("the rectangle's weight is too large") }
      let inside =
        tilted == 0
        ? x + width <= windowWidth && y + height <= windowHeight
        : x >= height && x + width <= windowWidth && y + width + height <= windowHeight
      guard inside else { throw element.failure("the rectangle is not inside the window") }
      rectangles.append(Cascade.HaarRectangle(x: x, y: y, width: width, height: height, weight: weight))
    }
    guard (1...3).contains(rectangles.count) else {
      throw list.failure("a feature has 1 to 3 rectangles, found \(rectangles.count)")
    }
    haarFeatures.append(Cascade.HaarFeature(rectangles: rectangles, tilted: tilted != 0))
  }

  private mutating func addLBPFeature(_ feature: XMLElement) throws(Failure) {
    let element = try feature.required("rect")
    var values: [Double] = []
    try element.numbers(into: &values)
    guard values.count == 4 else {
      throw element.failure("a rectangle needs x, y, width and height, found \(values.count) numbers")
    }
    let (x, y, width, height) = try rectangle(values, element)
    guard x + 3 * width <= windowWidth, y + 3 * height <= windowHeight else {
      throw element.failure("three by three blocks of the rectangle's size are not inside the window")
    }
    lbpFeatures.append(Cascade.LBPFeature(x: x, y: y, width: width, height: height))
  }

  /// Four whole numbers, none negative and none beyond the largest window.
  private func rectangle(
    _ values: [Double], _ element: XMLElement
  ) throws(Failure) -> (x: Int, y: Int, width: Int, height: Int) {
    for value in values[0..<4] {
      guard let value = Int(exactly: value), (0...Self.longestSide).contains(value) else {
        throw element.failure("the rectangle is not inside the window")
      }
    }
    return (Int(values[0]), Int(values[1]), Int(values[2]), Int(values[3]))
  }
}
