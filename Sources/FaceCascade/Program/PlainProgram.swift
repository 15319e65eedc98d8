import CCascade

/// A cascade for the kernels' plain engine, in the order of the file.
final class PlainProgram {
  private(set) var program = ck_plain_program()
  private let stages: FixedTable<ck_plain_stage>
  private let trees: FixedTable<ck_plain_tree>
  private let nodes: FixedTable<ck_plain_node>
  private let leaves: FixedTable<Float>
  private let features: FixedTable<ck_plain_feature>
  private let patternCorners: FixedTable<Int32>
  private let subsets: FixedTable<UInt32>

  init(_ cascade: Cascade, _ layout: CellLayout) {
    stages = FixedTable(
      cascade.stages.map {
        ck_plain_stage(
          first_tree: Int32($0.firstTree), tree_count: Int32($0.treeCount), threshold: Double($0.threshold))
      })
    trees = FixedTable(
      cascade.trees.map { ck_plain_tree(first_node: Int32($0.firstNode), first_leaf: Int32($0.firstLeaf)) })
    nodes = FixedTable(
      cascade.nodes.map {
        ck_plain_node(left: $0.left, right: $0.right, feature: $0.feature, threshold: $0.threshold)
      })
    leaves = FixedTable(cascade.leaves)
    features = FixedTable(
      cascade.haarFeatures.map { feature in
        var result = ck_plain_feature()
        assignArray(&result.weight, feature.rectangles.map(\.weight))
        assignArray(&result.corner, feature.rectangles.flatMap { layout.corners($0, tilted: feature.tilted) })
        return result
      })
    patternCorners = FixedTable(cascade.lbpFeatures.flatMap { layout.corners($0) })
    subsets = FixedTable(cascade.subsets)
    program.stage_count = Int32(cascade.stages.count)
    program.is_pattern = cascade.featureKind == .lbp ? 1 : 0
    program.stages = UnsafePointer(stages.base)
    program.trees = UnsafePointer(trees.base)
    program.nodes = UnsafePointer(nodes.base)
    program.leaves = UnsafePointer(leaves.base)
    program.features = UnsafePointer(features.base)
    program.pattern_corners = UnsafePointer(patternCorners.base)
    program.subsets = UnsafePointer(subsets.base)
    let (width, height) = (cascade.windowWidth - 2, cascade.windowHeight - 2)
    assignArray(&program.inner, layout.corners(1, 1, width, height))
    program.area = Double(width * height)
  }
}
