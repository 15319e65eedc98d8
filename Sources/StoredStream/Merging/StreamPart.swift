import FrameStream
import SystemIO

/// A stream that is to be put together with others, as its stream record describes it.
package struct StreamPart {
  /// The file's name, for messages.
  package let name: String
  /// Its stream record.
  package let line: RecordLine
  /// The stream record read.
  package let header: StreamHeader
  /// Which part of the source it says that it is.
  package var chunk: Chunk? { header.chunk }

  /// A part with its stream record.
  /// - Throws: `Failure` (`badInput`) naming the file, for a record that is malformed.
  package init(name: String, line: RecordLine) throws(Failure) {
    self.name = name
    self.line = line
    do throws(Failure) { header = try StreamHeader(line) } catch { throw error.within(name) }
  }

  /// The stream record of the whole: that of the part, but for what it says of parts.
  package var lineOfWhole: RecordLine {
    var (line, whole) = (line, header)
    whole.chunk = nil
    line.update(from: header, to: whole)
    return line
  }

  /// Every nth frame of the source is in it.
  var step: Int { line.history.first { $0.name == "fm-decode" }?["every"]?.int ?? 1 }
}

extension [StreamPart] {
  /// The parts in their order: by number where they have one, otherwise as they are given.
  /// - Throws: `Failure` (`badInput`) naming a part that is there twice or missing, or of which nothing says where it
  ///   belongs.
  package func arranged() throws(Failure) -> [Int] {
    func failure(_ subject: String, _ cause: String) -> Failure {
      Failure(.badInput, step: "cannot merge", subject: subject, cause: cause)
    }
    guard let first = first(where: { $0.chunk != nil }), let count = first.chunk?.count else {
      return [Int](indices)
    }
    var places: [Int: Int] = [:]
    for (index, part) in enumerated() {
      guard let chunk = part.chunk else {
        throw failure(part.name, "it does not say which part it is, and \(first.name) does")
      }
      guard chunk.count == count else {
        throw failure(
          part.name,
          "it is part \(chunk.number) of \(chunk.count), and \(first.name) is one of \(count) parts")
      }
      if let other = places.updateValue(index, forKey: chunk.number) {
        throw failure(
          part.name, "part \(chunk.number) of \(count) appears twice: it is \(self[other].name) too")
      }
    }
    let missing = (1...count).lazy.filter { places[$0] == nil }.prefix(10).map { "\($0)" }
    guard missing.isEmpty else {
      let number = count - places.count
      throw failure(
        "part \(missing.joined(separator: ", "))\(number > missing.count ? " and more" : "") of \(count)",
        number == 1 ? "it is missing" : "\(number) parts are missing")
    }
    return (1...count).compactMap { places[$0] }
  }
}
