import SystemIO
import TextTables

/// The places of backgrounds that a detector is surest of, for a person to look at: some may show the object after all.
package struct BackgroundReview: Sendable {
  /// One place.
  package struct Entry: Sendable {
    /// The place with something of what is around it.
    package let picture: GrayPixels
    /// The detector's score, 0 to 1.
    package let score: Float
    /// The background's file, relative to its folder.
    package let name: String
    /// In pixels of the file.
    package let place: BackgroundPictures.Place
  }

  /// The highest score first.
  package let entries: [Entry]
  /// How many places were found in all.
  package let count: Int

  /// - Parameters:
  ///   - finds: What a detector found in the backgrounds, in any order.
  ///   - limit: The most places to show.
  ///   - perPicture: The most places of one background: one is enough to leave it out.
  package init(
    _ finds: [(spot: MinedSpot, score: Float)], in backgrounds: BackgroundPictures, limit: Int = 96,
    perPicture: Int = 2
  ) {
    count = finds.count
    // Equal scores keep an order that is the same everywhere.
    let sorted = finds.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }
    var shown: [Int: Int] = [:]
    var entries: [Entry] = []
    for (_, find) in sorted where entries.count < limit {
      let number = shown[find.spot.background, default: 0]
      guard number < perPicture, find.spot.side > 0 else { continue }
      shown[find.spot.background] = number + 1
      let background = backgrounds[find.spot.background]
      entries.append(
        Entry(
          picture: background.picture.around(find.spot), score: find.score, name: background.name,
          place: BackgroundPictures.Place(
            x: find.spot.x - find.spot.side / 2, y: find.spot.y - find.spot.side / 2, width: find.spot.side,
            height: find.spot.side
          ).scaled(by: 1 / background.fileScale)))
    }
    self.entries = entries
  }

  /// The entries as a ``LeaveOutList``, in their order, with numbers and scores: whoever deletes the lines of places that
  /// show no object has the list of those to leave out.
  package var list: String {
    var text = "filename,x,y,width,height,number,score\n"
    for (index, entry) in entries.enumerated() {
      let place = entry.place
      let numbers = [place.x, place.y, place.width, place.height].map { "\(Int($0.rounded()))" }
      text +=
        CommaSeparatedValues.quoted(entry.name) + "," + numbers.joined(separator: ",") + ",\(index + 1),"
        + DecimalText.fixed(Double(entry.score), 3) + "\n"
    }
    return text
  }

  /// Writes ``list`` to a file, whole or not at all.
  /// - Throws: ``Failure`` (`inputOutput`).
  package func writeList(to path: String) throws(Failure) {
    try WholeFile.write(Array(list.utf8), to: path)
  }
}

extension GrayPixels {
  /// A place with half its side around it, as far as the picture has that.
  fileprivate func around(_ spot: MinedSpot) -> GrayPixels {
    func range(_ middle: Float, _ side: Int) -> Range<Int> {
      let first = min(max(Int(middle - spot.side), 0), side - 1)
      return first..<min(max(Int((middle + spot.side).rounded(.up)), first + 1), side)
    }
    let (columns, rows) = (range(spot.x, width), range(spot.y, height))
    return part(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }
}
