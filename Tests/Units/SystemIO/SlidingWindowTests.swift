import SystemIO
import Testing

/// A list forgotten from its beginning is the rest of the same list without it.
struct SlidingWindowTests {
  @Test func equalsAList() {
    var window = SlidingWindow<Int>()
    var list: [Int] = []
    var number = 0
    for round in 0..<2000 {
      for _ in 0..<(round % 7) {
        window.append(number)
        list.append(number)
        number += 1
      }
      let gone = min(list.count, round % 5)
      window.removeFirst(gone)
      list.removeFirst(gone)
      if round % 500 == 499 {
        window.removeAll()
        list.removeAll()
      }
      if !list.isEmpty {
        window[0] += 1
        list[0] += 1
      }
      #expect(window.count == list.count && window.isEmpty == list.isEmpty)
      #expect(window.first == list.first && window.last == list.last)
      #expect(list.indices.allSatisfy { window[$0] == list[$0] })
    }
    window.append(repeating: 3, count: 2)
    #expect(window.withMemory { $0[window.count - 1] } == 3)
  }
}
