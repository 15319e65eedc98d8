/// A list that grows at its end and is forgotten from its beginning, at a constant cost on average.
///
/// Elements that are forgotten may stay in memory for a while: at most as many as are kept, and a few.
package struct SlidingWindow<Element> {
  @usableFromInline var items: [Element] = []
  /// How many of ``items`` are forgotten.
  @usableFromInline var start = 0

  /// An empty list.
  @inlinable package init() {}

  /// How many elements are kept.
  @inlinable package var count: Int { items.count - start }
  /// Whether it is empty.
  @inlinable package var isEmpty: Bool { count == 0 }
  /// The oldest element; nil if it is empty.
  @inlinable package var first: Element? { isEmpty ? nil : items[start] }
  /// The newest element; nil if it is empty.
  @inlinable package var last: Element? { isEmpty ? nil : items[items.count - 1] }

  /// The element at a place, counted from the oldest one.
  @inlinable package subscript(index: Int) -> Element {
    get { items[start + index] }
    _modify { yield &items[start + index] }
  }

  /// Adds an element at the end.
  @inlinable package mutating func append(_ element: Element) { items.append(element) }

  /// Adds an element `count` times.
  @inlinable package mutating func append(repeating element: Element, count: Int) {
    items.append(contentsOf: repeatElement(element, count: count))
  }

  /// Forgets the first elements, at most all of them.
  @inlinable package mutating func removeFirst(_ count: Int = 1) {
    start += count
    if start > 32, start * 2 > items.count {
      items.removeFirst(start)
      start = 0
    }
  }

  /// Forgets all and keeps the memory.
  @inlinable package mutating func removeAll() {
    items.removeAll(keepingCapacity: true)
    start = 0
  }

  /// Calls `body` with the memory of the elements; returns nil if there never was one.
  @inlinable package func withMemory<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result? {
    items.withUnsafeBufferPointer { $0.baseAddress.map { body($0 + start) } }
  }

  /// Calls `body` with the memory of the elements, to change them.
  @inlinable package mutating func changeMemory(_ body: (UnsafeMutablePointer<Element>) -> Void) {
    let start = start
    items.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base + start) } }
  }
}

extension SlidingWindow: Sendable where Element: Sendable {}
