import SystemIO

/// Which part of its source a stream holds: the third of eight is written `[3,8]`.
///
/// The parts follow each other in the order of presentation, and each frame and packet of the source is in exactly one of
/// them. So the parts of a source, one after the other, are the whole.
public struct Chunk: Sendable, Equatable {
  /// Which part it is, from 1.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// The most parts that a source is divided into.
  public static let largestCount = 1_000_000

  /// A part of a source; nil unless `number` is from 1 to `count`, and `count` at most ``largestCount``.
  public init?(number: Int, of count: Int) {
    guard (1...Chunk.largestCount).contains(count), (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `[number,count]`; nil if there is nothing.
  /// - Throws: `Failure` (`badInput`) naming `name`, the key.
  init?(json: JSONValue?, _ name: String) throws(Failure) {
    guard let json, !json.isNull else { return nil }
    guard let parts = json.array, parts.count == 2, let number = parts[0].int, let count = parts[1].int,
      let chunk = Chunk(number: number, of: count)
    else {
      throw StreamHeader.fail("\"\(name)\" is not [number,count] with a number from 1 to count")
    }
    self = chunk
  }
}

extension Chunk: JSONWritable {
  /// Writes `[number,count]`.
  public func writeJSON(to writer: inout JSONWriter) {
    writer.array {
      $0.value(number)
      $0.value(count)
    }
  }
}

extension Chunk: CustomStringConvertible {
  /// As on the command line: `3/8`.
  public var description: String { "\(number)/\(count)" }
}
