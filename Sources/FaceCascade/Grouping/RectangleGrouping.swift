/// Merges candidates that lie close together: OpenCV's `groupRectangles` with eps 0.2.
///
/// The arrays are kept from one call to the next.
struct RectangleGrouping {
  private var parent: [Int] = []
  private var order: [Int] = []
  private var groups: [Detection] = []
  private var groupOf: [Int] = []

  /// Replaces `candidates` by one object a group of more than `minNeighbors`; leaves them as they are if it is 0.
  mutating func group(_ candidates: inout [Detection], minNeighbors: Int) {
    guard minNeighbors > 0, !candidates.isEmpty else { return }
    classify(candidates)
    average(candidates)
    candidates.removeAll(keepingCapacity: true)
    for (index, group) in groups.enumerated() where group.neighbors > minNeighbors {
      let isPart = groups.indices.contains { other in
        other != index && groups[other].neighbors > minNeighbors && lies(group, in: groups[other])
      }
      if !isPart { candidates.append(group) }
    }
  }

  /// Numbers the classes of candidates that are similar directly or through others, by their first members.
  private mutating func classify(_ candidates: [Detection]) {
    parent.removeAll(keepingCapacity: true)
    parent.append(contentsOf: candidates.indices)
    order.removeAll(keepingCapacity: true)
    order.append(contentsOf: candidates.indices)
    // Similar rectangles begin near each other: of many, sorted along the longer side of where they lie, each needs
    // only those just behind it.
    let areSorted = candidates.count > 64
    let isTall = areSorted ? isTall(candidates) : false
    if areSorted { sortOrder(candidates, isTall) }
    for index in order.indices {
      let first = order[index]
      let reach = areSorted ? (candidates[first].box.width + candidates[first].box.height) / 10 + 1 : .max
      for next in (index + 1)..<order.count {
        let second = order[next]
        if areSorted {
          let dx = candidates[second].box.x - candidates[first].box.x
          let dy = candidates[second].box.y - candidates[first].box.y
          if (isTall ? dy : dx) > reach { break }
          if abs(isTall ? dx : dy) > reach { continue }
        }
        guard areSimilar(candidates[first], candidates[second]) else { continue }
        let (a, b) = (root(first), root(second))
        // The smaller number becomes the root, so a class's root is its first member.
        if a < b { parent[b] = a } else { parent[a] = b }
      }
    }
  }

  /// True if the candidates lie further apart from top to bottom than from left to right.
  private func isTall(_ candidates: [Detection]) -> Bool {
    var (left, right, top, bottom) = (Int.max, Int.min, Int.max, Int.min)
    for candidate in candidates {
      (left, right) = (min(left, candidate.box.x), max(right, candidate.box.x))
      (top, bottom) = (min(top, candidate.box.y), max(bottom, candidate.box.y))
    }
    return bottom - top > right - left
  }

  /// Sorts ``order`` by the candidates' left sides, or their tops. A heap sort, because the standard library's sort
  /// allocates; the order of equals does not matter to the classes.
  private mutating func sortOrder(_ candidates: [Detection], _ isTall: Bool) {
    func position(_ index: Int) -> Int {
      isTall ? candidates[order[index]].box.y : candidates[order[index]].box.x
    }
    /// Lets the candidate at `index` of the order sink until none below it is further on.
    func sink(_ start: Int, _ count: Int) {
      var index = start
      while true {
        var child = 2 * index + 1
        guard child < count else { return }
        if child + 1 < count, position(child) < position(child + 1) { child += 1 }
        guard position(index) < position(child) else { return }
        order.swapAt(index, child)
        index = child
      }
    }
    for index in (0..<order.count / 2).reversed() { sink(index, order.count) }
    for last in (1..<order.count).reversed() {
      order.swapAt(0, last)
      sink(0, last)
    }
  }

  private mutating func root(_ index: Int) -> Int {
    var index = index
    while parent[index] != index {
      parent[index] = parent[parent[index]]
      index = parent[index]
    }
    return index
  }

  /// Makes the mean of each class.
  private mutating func average(_ candidates: [Detection]) {
    groups.removeAll(keepingCapacity: true)
    groupOf.removeAll(keepingCapacity: true)
    for (index, candidate) in candidates.enumerated() {
      let first = root(index)
      if first == index {
        groupOf.append(groups.count)
        groups.append(candidate)
        groups[groups.count - 1].neighbors = 1
      } else {
        let group = groupOf[first]
        groupOf.append(group)
        groups[group].box.x += candidate.box.x
        groups[group].box.y += candidate.box.y
        groups[group].box.width += candidate.box.width
        groups[group].box.height += candidate.box.height
        groups[group].neighbors += 1
      }
    }
    for index in groups.indices {
      let scale = 1 / Float(groups[index].neighbors)
      groups[index].box.x = rounded(Float(groups[index].box.x) * scale)
      groups[index].box.y = rounded(Float(groups[index].box.y) * scale)
      groups[index].box.width = rounded(Float(groups[index].box.width) * scale)
      groups[index].box.height = rounded(Float(groups[index].box.height) * scale)
    }
  }

  private func areSimilar(_ a: Detection, _ b: Detection) -> Bool {
    let (a, b) = (a.box, b.box)
    let delta = 0.2 * Double(min(a.width, b.width) + min(a.height, b.height)) * 0.5
    return Double(abs(a.x - b.x)) <= delta && Double(abs(a.y - b.y)) <= delta
      && Double(abs(a.x + a.width - b.x - b.width)) <= delta
      && Double(abs(a.y + a.height - b.y - b.height)) <= delta
  }

  /// True if `group` lies in `other`, slightly enlarged, which is clearly better supported.
  private func lies(_ group: Detection, in other: Detection) -> Bool {
    let (inner, outer) = (group.box, other.box)
    let dx = rounded(Double(outer.width) * 0.2)
    let dy = rounded(Double(outer.height) * 0.2)
    return inner.x >= outer.x - dx && inner.y >= outer.y - dy
      && inner.x + inner.width <= outer.x + outer.width + dx
      && inner.y + inner.height <= outer.y + outer.height + dy
      && (other.neighbors > max(3, group.neighbors) || group.neighbors < 3)
  }
}
