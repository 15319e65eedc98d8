import SystemIO

/// Which part of its source a stream is: the key `chunk` of the stream record.
public struct StreamChunk: Sendable, Equatable {
  /// The part's number, from 1 to ``count``.
  public var number: Int
  /// How many parts the source was divided into.
  public var count: Int

  /// Part `number` of `count`.
  public init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }
}

private let chunkKey: StaticString = "chunk"

extension RecordLine {
  /// Which part of its source the stream is; nil if its record does not say.
  /// - Throws: `Failure` (`badInput`) if `chunk` is not `[K,N]` with K from 1 to N.
  public func chunk() throws(Failure) -> StreamChunk? {
    guard let value = self[chunkKey], !value.isNull else { return nil }
    var numbers: [Int] = []
    try value.forEachElement { (element) throws(Failure) in
      if numbers.count < 3, let number = element.int { numbers.append(number) }
    }
    guard numbers.count == 2, numbers[0] >= 1, numbers[0] <= numbers[1] else {
      throw StreamHeader.fail("\"chunk\" is not [K,N] with K from 1 to N")
    }
    return StreamChunk(number: numbers[0], count: numbers[1])
  }

  /// Sets or removes what part of its source the stream is.
  public mutating func setChunk(_ chunk: StreamChunk?) {
    guard let chunk else { return remove(chunkKey) }
    set(chunkKey) { json in
      json.array { json in
        json.value(chunk.number)
        json.value(chunk.count)
      }
    }
  }
}
