import CCascade
import SystemIO

/// What is worked out once for a size of picture: the levels, how to shrink to each, and the cascade's tables.
final class ScanPlan {
  /// Rows of windows of one level: what one thread does at a time.
  struct Strip {
    var level: Int
    /// The first row of the level's pixels.
    var top: Int
    /// Rows of windows.
    var rows: Int
  }

  let pictureWidth: Int
  let pictureHeight: Int
  let levels: [PyramidLevel]
  let strips: [Strip]
  /// The strips' numbers, those of most work first.
  let order: [Int]
  let engine: ScanEngine
  let resamplers: [LevelResampler]
  /// Layouts of levels whose windows are two pixels apart, and one.
  let layouts: [CellLayout]
  /// Rows of pixels of a strip in each layout; 0 if it has no level.
  let stripRows: [Int]
  let programs: [ScanProgram]
  let patch: ScanProgram?
  let plainPrograms: [PlainProgram]

  /// Bytes that a strip's integral images should take: a second cache's worth.
  private static let stripBytes = 1 << 20
  /// Bytes that they may take if windows are high and pictures wide.
  private static let mostBytes = 512 << 20

  init(_ cascade: Cascade, _ engine: ScanEngine, width: Int, height: Int, options: DetectionOptions)
    throws(Failure)
  {
    pictureWidth = width
    pictureHeight = height
    self.engine = engine
    let levels = try PyramidLevel.levels(
      pictureWidth: width, pictureHeight: height, windowWidth: cascade.windowWidth,
      windowHeight: cascade.windowHeight, options: options
    ).filter { $0.windowCount > 0 }
    self.levels = levels
    resamplers = levels.map { LevelResampler(pictureWidth: width, pictureHeight: height, level: $0) }
    let isPlain = engine.code == CK_ENGINE_PLAIN
    let planes =
      engine.cellBytes * (cascade.hasTilted ? 2 : 1) + (isPlain && cascade.featureKind == .haar ? 4 : 0)
    var layouts: [CellLayout] = []
    var stripRows: [Int] = []
    for step in [2, 1] {
      let own = levels.filter { $0.step == step }
      let widest = own.map(\.width).max() ?? 0
      let highest = own.map(\.height).max() ?? 0
      let layoutStep = isPlain ? 1 : step
      let stride = CellLayout.stride(width: widest, bytes: engine.cellBytes, step: layoutStep)
      let fitting = max(Self.stripBytes / (stride * planes), cascade.windowHeight + 16)
      let rows = own.isEmpty ? 0 : min(highest, fitting)
      stripRows.append(rows)
      layouts.append(
        CellLayout(
          bytes: engine.cellBytes, stride: stride, step: layoutStep,
          tilted: cascade.hasTilted
            ? ScanMemory.planeBytes(stride: stride, rows: rows, bytes: engine.cellBytes) : 0))
    }
    for (layout, rows) in zip(layouts, stripRows) where rows > 0 {
      // Offsets have 32 bits, and a strip holds a window's rows of the whole width.
      let last = layout.tilted + (cascade.windowHeight + 1) * layout.stride * layout.bytes
      guard last <= Int(Int32.max), layout.stride * (rows + 1) * planes <= Self.mostBytes else {
        throw Failure(
          .badInput, step: "detection", subject: cascade.file,
          cause: "pictures of \(width)x\(height) are too wide for its windows of \(cascade.windowWidth)x"
            + "\(cascade.windowHeight)")
      }
    }
    self.layouts = layouts
    self.stripRows = stripRows
    strips = Self.strips(levels, cascade, stripRows)
    order = strips.indices.sorted { [strips] in
      let (a, b) = (strips[$0], strips[$1])
      return (a.rows * levels[a.level].columns, $1) > (b.rows * levels[b.level].columns, $0)
    }
    patch = isPlain ? nil : engine.program(.patch(cascade, bytes: engine.cellBytes))
    programs = isPlain ? [] : layouts.map { engine.program($0) }
    plainPrograms = isPlain ? layouts.map { PlainProgram(cascade, $0) } : []
  }

  /// Cuts each level into strips of about the same height that fit.
  private static func strips(_ levels: [PyramidLevel], _ cascade: Cascade, _ stripRows: [Int]) -> [Strip] {
    levels.indices.flatMap { index in
      let level = levels[index]
      let fitting = max(1, (stripRows[level.step == 2 ? 0 : 1] - cascade.windowHeight) / level.step + 1)
      let count = (level.rows + fitting - 1) / fitting
      return (0..<count).map { part in
        let (from, to) = (level.rows * part / count, level.rows * (part + 1) / count)
        return Strip(level: index, top: from * level.step, rows: to - from)
      }
    }
  }
}
