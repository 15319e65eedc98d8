/// A list that grows at its end and is forgotten from its beginning, at a constant cost on average.
struct Window<Element> {
  private var items: [Element] = []
  /// How many of ``items`` are forgotten.
  private var start = 0

  /// How many elements are kept.
  var count: Int { items.count - start }
  var isEmpty: Bool { count == 0 }
  var last: Element? { isEmpty ? nil : items[items.count - 1] }

  subscript(index: Int) -> Element {
    get { items[start + index] }
    set { items[start + index] = newValue }
  }

  mutating func append(_ element: Element) { items.append(element) }

  mutating func append(repeating element: Element, count: Int) {
    items.append(contentsOf: repeatElement(element, count: count))
  }

  /// Forgets the first elements, at most all of them.
  mutating func removeFirst(_ count: Int) {
    start += count
    if start > 32, start * 2 > items.count {
      items.removeFirst(start)
      start = 0
    }
  }

  /// Forgets all and keeps the memory.
  mutating func removeAll() {
    items.removeAll(keepingCapacity: true)
    start = 0
  }

  /// Calls `body` with the memory of the elements.
  func withMemory<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result? {
    items.withUnsafeBufferPointer { $0.baseAddress.map { body($0 + start) } }
  }

  /// Calls `body` with the memory of the elements, to change them.
  mutating func changeMemory(_ body: (UnsafeMutablePointer<Element>) -> Void) {
    let start = start
    items.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base + start) } }
  }
}

extension Window: Sendable where Element: Sendable {}
