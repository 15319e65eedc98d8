import Glibc

/// Makes what is pasted: a crop, or what a decoy shows in its place, at about the size it gets on the canvas.
final class PatchMaker {
  private let objects: ObjectCrops
  private let settings: CanvasSettings
  private let windows: WindowReader
  /// What is pasted, without a border.
  let patch = FloatPlane(width: 1, height: 1)
  private let other = FloatPlane(width: 1, height: 1)

  init(_ synthesis: CanvasSynthesis, _ windows: WindowReader) {
    objects = synthesis.objects
    settings = synthesis.settings
    self.windows = windows
  }

  /// Fills ``patch`` with what the item shows.
  func make(_ item: CanvasItem, _ feedback: CanvasFeedback, _ random: inout CounterRandom) {
    let picture = objects.pictures[item.crop]
    // A smaller patch blurs: it is enlarged linearly when it is pasted.
    let isBlurred = item.kind == .object && random.chance(settings.light.blurred)
    let share = isBlurred ? random.uniform(settings.light.blur) : 1
    func length(_ wanted: Float, _ own: Int) -> Int {
      min(max(Int((wanted * share).rounded()), 4), max(own, 4))
    }
    patch.resize(
      width: length(item.width, picture.width), height: length(item.height, picture.height))
    switch item.kind {
    case .object, .bareHead: readCrop(picture)
    case .upsideDown:
      readCrop(picture)
      patch.flip()
    case .part:
      let part = random.uniform(0.25...0.54)
      let width = max(Int(part * Float(picture.width)), 1)
      let height = max(Int(part * Float(picture.height)), 1)
      windows.read(
        picture, x: random.below(picture.width - width + 1), y: random.below(picture.height - height + 1),
        width: width, height: height, into: patch)
    case .background:
      let window = windows.choose(patch.width, patch.height, clean: true, feedback, &random)
      windows.read(window, into: patch)
    case .shuffled:
      readCrop(picture)
      shuffle(random.chance(0.6) ? 2 : 3, &random)
    }
    if random.chance(settings.pose.mirrored) { patch.mirror() }
  }

  private func readCrop(_ picture: GrayPixels) {
    windows.read(picture, x: 0, y: 0, width: picture.width, height: picture.height, into: patch)
  }

  /// Cuts the patch into `pieces` · `pieces` and gives most of them another place.
  private func shuffle(_ pieces: Int, _ random: inout CounterRandom) {
    let (width, height) = (patch.width / pieces, patch.height / pieces)
    guard width > 0, height > 0 else { return }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 9) { order in
      let count = pieces * pieces
      for place in 0..<9 { order[place] = place }
      for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, random.below(last + 1)) }
      let kept = (0..<count).count { order[$0] == $0 }
      if kept * 10 > count * 3 {
        for place in 0..<(count / 2) { order.swapAt(place, count - 1 - place) }
      }
      other.resize(width: patch.width, height: patch.height)
      other.base.update(from: patch.base, count: patch.count)
      for place in 0..<count {
        let from = order[place]
        for y in 0..<height {
          let source = other.row(from / pieces * height + y) + from % pieces * width
          (patch.row(place / pieces * height + y) + place % pieces * width).update(
            from: source, count: width)
        }
      }
    }
    soften()
  }

  /// Smooths a little across the cuts.
  private func soften() {
    other.resize(width: patch.width, height: patch.height)
    for y in 0..<patch.height {
      let (from, to) = (patch.row(y), other.row(y))
      for x in 0..<patch.width {
        to[x] =
          0.22 * from[max(x - 1, 0)] + 0.56 * from[x] + 0.22 * from[min(x + 1, patch.width - 1)]
      }
    }
    for y in 0..<patch.height {
      let (above, own) = (other.row(max(y - 1, 0)), other.row(y))
      let (below, to) = (other.row(min(y + 1, patch.height - 1)), patch.row(y))
      for x in 0..<patch.width { to[x] = 0.22 * above[x] + 0.56 * own[x] + 0.22 * below[x] }
    }
  }
}

extension FloatPlane {
  /// Upside down.
  fileprivate func flip() {
    for y in 0..<(height / 2) {
      let (upper, lower) = (row(y), row(height - 1 - y))
      for x in 0..<width { (upper[x], lower[x]) = (lower[x], upper[x]) }
    }
  }

  /// Left to right.
  fileprivate func mirror() {
    for y in 0..<height {
      let row = row(y)
      for x in 0..<(width / 2) { (row[x], row[width - 1 - x]) = (row[width - 1 - x], row[x]) }
    }
  }
}
