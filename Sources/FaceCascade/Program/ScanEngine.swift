import CCascade
import SystemIO

/// Which of the kernels' ways to evaluate windows a cascade allows, and its tables for that.
final class ScanEngine {
  let code: ck_engine
  let level: SIMDLevel
  /// For the narrow engine: a feature each.
  let narrowFeatures: [NarrowFeature]

  private let cascade: Cascade
  /// Tables made so far; those of a layout serve every size of picture that has it.
  private var programs: [(layout: CellLayout, program: ScanProgram)] = []

  /// How many layouts' tables are kept.
  private static let programLimit = 16

  /// Bytes of a cell of the integral image.
  var cellBytes: Int { code == CK_ENGINE_PLAIN || code == CK_ENGINE_WIDE ? 4 : 2 }

  /// The cascade's tables for a layout.
  func program(_ layout: CellLayout) -> ScanProgram {
    if let known = programs.first(where: { $0.layout == layout }) { return known.program }
    // The first is that of transposed windows, which every size needs.
    if programs.count == Self.programLimit { programs.remove(at: 1) }
    let program = ScanProgram(cascade, self, layout)
    programs.append((layout, program))
    return program
  }

  init(_ cascade: Cascade, level: SIMDLevel) {
    self.cascade = cascade
    self.level = level
    var narrow: [NarrowFeature] = []
    code = level == .plain ? CK_ENGINE_PLAIN : Self.choose(cascade, &narrow)
    narrowFeatures = narrow
  }

  private static func choose(_ cascade: Cascade, _ narrow: inout [NarrowFeature]) -> ck_engine {
    switch cascade.featureKind {
    case .lbp:
      let fits = cascade.lbpFeatures.allSatisfy { $0.width * $0.height <= NarrowFeature.largestBox }
      return fits && cascade.largestTree <= 2 ? CK_ENGINE_PATTERN : CK_ENGINE_PLAIN
    case .haar:
      let (width, height) = (cascade.windowWidth - 2, cascade.windowHeight - 2)
      // Sums of squares are taken as signed numbers of 32 bits.
      guard width * height * 255 * 255 < 1 << 31, cascade.largestTree <= CK_TREE_NODES else {
        return CK_ENGINE_PLAIN
      }
      // The window's sum is made of two halves of 16 bits.
      guard cascade.largestTree <= 2, width * ((height + 1) / 2) <= NarrowFeature.largestBox else {
        return CK_ENGINE_WIDE
      }
      for feature in cascade.haarFeatures {
        guard let feature = NarrowFeature(feature) else { return CK_ENGINE_WIDE }
        narrow.append(feature)
      }
      return CK_ENGINE_NARROW
    }
  }
}
