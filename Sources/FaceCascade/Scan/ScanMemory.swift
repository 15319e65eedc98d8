import CCascade
import FrameStream
import SystemIO

/// The memory in which one thread scans pictures of a plan's size, and the windows that it found.
final class ScanMemory {
  private let plan: ScanPlan
  private let cascade: Cascade
  private let level: SIMDLevel
  private var workspace = ck_workspace()
  private let pixels: FixedTable<UInt8>
  private let noPixels: FixedTable<UInt8>
  private let movingSquares: FixedTable<UInt32>
  private let tiltedRows: [FixedTable<Int32>]
  private let normalization: FixedTable<Float>
  private let alive: FixedTable<UInt64>
  private let patch: FixedTable<UInt8>
  private let queue: FixedTable<ck_candidate>
  private let queueCounts: FixedTable<Int32>
  private let sums: [FixedTable<UInt8>]
  private let squares: [FixedTable<UInt32>]
  private var hits: FixedTable<ck_hit>
  /// Which of the hits belong to which strip.
  private(set) var ranges: [(strip: Int, hits: Range<Int>)] = []

  /// Hits of the picture so far.
  var hitCount: Int { Int(workspace.hit_count) }

  /// True if a picture had more hits than anybody can want; those beyond are not kept.
  private(set) var isOverfull = false

  /// Hits of one picture that a thread keeps.
  static let hitLimit = 1 << 20

  /// Bytes of an integral image, and what vectors read beyond.
  static func planeBytes(stride: Int, rows: Int, bytes: Int) -> Int {
    (stride * (rows + 1) + 256) * bytes
  }

  init(_ plan: ScanPlan, _ cascade: Cascade, _ level: SIMDLevel) {
    self.plan = plan
    self.cascade = cascade
    self.level = level
    let widest = plan.levels.map(\.width).max() ?? 0
    let columns = plan.levels.map(\.columns).max() ?? 0
    let pixelStride = widest + 128
    pixels = FixedTable(repeating: 0, count: pixelStride * (cascade.windowHeight + 2))
    noPixels = FixedTable(repeating: 0, count: pixelStride)
    movingSquares = FixedTable(repeating: 0, count: (plan.layouts.map(\.stride).max() ?? 0) + 64)
    tiltedRows = cascade.hasTilted ? (0..<3).map { _ in FixedTable(repeating: 0, count: widest + 64) } : []
    normalization = FixedTable(repeating: 0, count: columns + 128)
    alive = FixedTable(repeating: 0, count: columns / 64 + 3)
    let cells = (cascade.windowWidth + 1) * (cascade.windowHeight + 1) * (cascade.hasTilted ? 2 : 1) + 32
    patch = FixedTable(repeating: 0, count: cells * 4 * CK_LANES)
    queue = FixedTable(repeating: ck_candidate(), count: cascade.stages.count * CK_QUEUE)
    queueCounts = FixedTable(repeating: 0, count: cascade.stages.count)
    let planes = cascade.hasTilted ? 2 : 1
    sums = zip(plan.layouts, plan.stripRows).map { layout, rows in
      FixedTable(
        repeating: 0, count: planes * Self.planeBytes(stride: layout.stride, rows: rows, bytes: layout.bytes))
    }
    squares = zip(plan.layouts, plan.stripRows).map { layout, rows in
      let isWanted = cascade.featureKind == .haar && plan.engine.code == CK_ENGINE_PLAIN
      return FixedTable(
        repeating: 0, count: isWanted ? Self.planeBytes(stride: layout.stride, rows: rows, bytes: 1) : 0)
    }
    hits = FixedTable(repeating: ck_hit(), count: 4096)
    workspace.pixels = pixels.base
    workspace.pixel_stride = pixelStride
    workspace.no_pixels = UnsafePointer(noPixels.base)
    workspace.squares = movingSquares.base
    if cascade.hasTilted {
      workspace.tilted_rows = (tiltedRows[0].base, tiltedRows[1].base, tiltedRows[2].base)
    }
    workspace.normalization = normalization.base
    workspace.alive = alive.base
    workspace.patch = patch.base
    workspace.queue = queue.base
    workspace.queue_count = queueCounts.base
    ranges.reserveCapacity(plan.strips.count)
  }

  /// Forgets the last picture's hits.
  func begin() {
    workspace.hit_count = 0
    isOverfull = false
    ranges.removeAll(keepingCapacity: true)
  }

  /// Scans one strip and keeps the windows that pass.
  func scan(_ picture: PlaneView, strip number: Int) {
    guard !isOverfull else { return }
    let first = Int(workspace.hit_count)
    run(picture, plan.strips[number])
    if workspace.hit_count > Self.hitLimit {
      isOverfull = true
      return
    }
    if workspace.hit_count > hits.count {
      grow(toHold: Int(workspace.hit_count), keeping: first)
      workspace.hit_count = Int64(first)
      run(picture, plan.strips[number])
    }
    let last = Int(workspace.hit_count)
    if last > first {
      ck_sort_hits(hits.base + first, Int64(last - first))
      ranges.append((number, first..<last))
    }
  }

  /// Appends the objects of a range of hits.
  func append(_ range: (strip: Int, hits: Range<Int>), to detections: inout [Detection]) {
    let strip = plan.strips[range.strip]
    let level = plan.levels[strip.level]
    for hit in UnsafeBufferPointer(
      rebasing: UnsafeBufferPointer(start: hits.base, count: hits.count)[range.hits])
    {
      detections.append(
        level.object(x: Int(hit.column) * level.step, y: strip.top + Int(hit.row) * level.step))
    }
  }

  private func run(_ picture: PlaneView, _ part: ScanPlan.Strip) {
    workspace.hits = hits.base
    workspace.hit_capacity = Int64(hits.count)
    let level = plan.levels[part.level]
    let kind = level.step == 2 ? 0 : 1
    let layout = plan.layouts[kind]
    var strip = ck_strip()
    strip.stride = Int32(layout.stride)
    strip.step = Int32(layout.step)
    strip.rows = Int32(plan.stripRows[kind])
    strip.cell_bytes = Int32(layout.bytes)
    strip.sum = sums[kind].base
    strip.tilted = layout.tilted
    strip.squares = squares[kind].count > 0 ? squares[kind].base : nil
    var item = ck_item()
    item.picture = picture.base
    item.picture_stride = picture.stride
    item.window_width = Int32(cascade.windowWidth)
    item.window_height = Int32(cascade.windowHeight)
    item.top = Int32(part.top)
    item.rows = Int32(part.rows)
    item.columns = Int32(level.columns)
    withUnsafePointer(to: plan.resamplers[part.level].tables) { resampler in
      item.resampler = resampler
      if let patch = plan.patch {
        withUnsafePointer(to: plan.programs[kind].program) { program in
          withUnsafePointer(to: patch.program) { patch in
            item.program = program
            item.patch_program = patch
            ck_scan(self.level.code, &item, &strip, &workspace)
          }
        }
      } else {
        withUnsafePointer(to: plan.plainPrograms[kind].program) { program in
          ck_scan_plain(&item, program, Int32(level.step), &strip, &workspace)
        }
      }
    }
  }

  private func grow(toHold count: Int, keeping kept: Int) {
    let larger = FixedTable(repeating: ck_hit(), count: 2 * count)
    larger.base.update(from: hits.base, count: kept)
    hits = larger
  }
}
