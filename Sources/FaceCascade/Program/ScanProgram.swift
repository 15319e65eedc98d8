import CCascade

/// A cascade as the kernels read it, for one layout of cells.
final class ScanProgram {
  private(set) var program = ck_program()
  private let stages: FixedTable<ck_stage>
  private let narrow: FixedTable<ck_narrow_node>
  private let boxes: FixedTable<ck_box>
  private let wide: FixedTable<ck_wide_node>
  private let patterns: FixedTable<ck_pattern_node>
  private let pairs: FixedTable<ck_pair>
  private let large: FixedTable<ck_large_tree>
  private let children: FixedTable<Int32>
  private let fixedLeaves: FixedTable<Int32>
  private let leaves: FixedTable<Float>
  private let trees: FixedTable<ck_exact_tree>

  init(_ cascade: Cascade, _ engine: ScanEngine, _ layout: CellLayout) {
    let builder = ScanProgramBuilder(cascade, engine, layout)
    stages = FixedTable(builder.stages)
    narrow = FixedTable(builder.narrow.nodes)
    boxes = FixedTable(builder.narrow.boxes)
    wide = FixedTable(builder.wide)
    patterns = FixedTable(builder.patterns)
    pairs = FixedTable(builder.pairs)
    large = FixedTable(builder.large)
    children = FixedTable(builder.children)
    fixedLeaves = FixedTable(builder.fixedLeaves)
    leaves = FixedTable(builder.leaves)
    trees = FixedTable(builder.trees)
    program.engine = Int32(engine.code.rawValue)
    program.stage_count = Int32(builder.stages.count)
    program.stages = UnsafePointer(stages.base)
    program.narrow = UnsafePointer(narrow.base)
    program.boxes = UnsafePointer(boxes.base)
    program.wide = UnsafePointer(wide.base)
    program.patterns = UnsafePointer(patterns.base)
    program.pairs = UnsafePointer(pairs.base)
    program.large = UnsafePointer(large.base)
    program.children = UnsafePointer(children.base)
    program.fixed_leaves = UnsafePointer(fixedLeaves.base)
    program.leaves = UnsafePointer(leaves.base)
    program.trees = UnsafePointer(trees.base)
    setNormalization(cascade, engine, layout)
  }

  private func setNormalization(_ cascade: Cascade, _ engine: ScanEngine, _ layout: CellLayout) {
    let (width, height) = (cascade.windowWidth - 2, cascade.windowHeight - 2)
    if engine.code == CK_ENGINE_NARROW {
      let rows = [1, 1 + height / 2, 1 + height]
      assignArray(&program.inner, rows.flatMap { [layout.offset(1, $0), layout.offset(1 + width, $0)] })
    } else {
      assignArray(&program.inner, layout.corners(1, 1, width, height))
    }
    assignArray(
      &program.inner_squares, [layout.ofSquares.offset(1, 0), layout.ofSquares.offset(1 + width, 0)])
    program.area = Double(width * height)
    program.least_variance = Self.leastVariance(area: program.area)
    // Three roundings on each side of the difference, of numbers up to (area * 255)^2, are less than 2^-21 of that.
    let brightest = program.area * 255
    program.doubtful_variance = Float(program.least_variance - brightest * brightest * 0x1p-21).nextDown
  }

  /// The least whole area * squares - sum * sum of a window that OpenCV does not call too even.
  private static func leastVariance(area: Double) -> Double {
    func passes(_ variance: Double) -> Bool {
      area * Double(Float(1 / variance.squareRoot())) < 0.1
    }
    var (low, high) = (0.0, 1.0)
    while !passes(high) { (low, high) = (high, 2 * high) }
    while high - low > 1 {
      let middle = ((low + high) / 2).rounded(.down)
      if passes(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
