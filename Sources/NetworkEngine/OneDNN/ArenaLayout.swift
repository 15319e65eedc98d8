/// Where a plan's tensors lie in one arena: each in a slot that is free again after the last step that uses it.
struct ArenaLayout {
  /// A piece of the arena.
  struct Slot {
    var byteCount: Int
    /// The first and the last step that use it.
    var firstUse: Int
    var lastUse: Int
    /// Bytes from the arena's beginning, once slots have been placed.
    var offset = 0
  }

  var slots: [Slot] = []
  /// Bytes of the arena, once slots have been placed.
  private(set) var byteCount = 0

  /// Finds each slot its offset: first fit, largest first; two may overlap if their uses do not.
  mutating func placeSlots() {
    let order = slots.indices.sorted {
      (slots[$0].byteCount, $1) > (slots[$1].byteCount, $0)
    }
    var placed: [Int] = []
    for index in order {
      let slot = slots[index]
      let size = (slot.byteCount + 63) & ~63
      let others = placed.map { slots[$0] }
        .filter { $0.firstUse <= slot.lastUse && slot.firstUse <= $0.lastUse }
        .sorted { $0.offset < $1.offset }
      var offset = 0
      for other in others where offset + size > other.offset {
        offset = max(offset, (other.offset + other.byteCount + 63) & ~63)
      }
      slots[index].offset = offset
      byteCount = max(byteCount, offset + size)
      placed.append(index)
    }
  }
}
