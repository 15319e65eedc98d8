import SystemIO

extension ObjectCrops {
  /// Reads the crops of a folder and of the folders in it.
  /// - Throws: ``Failure``: `inputOutput` if a folder cannot be read, `badInput` if no picture can be used.
  /// - Returns: The crops, and how many pictures were left out.
  package static func read(
    folder: String, options: CollectionOptions = .crops
  ) throws(Failure) -> (crops: ObjectCrops, summary: CollectionSummary) {
    var reader = CollectionReader(folder: folder, options)
    var pictures: [GrayPixels] = []
    var names: [String] = []
    var bytes = 0
    try reader.read { (item) throws(Failure) in
      bytes += item.picture.values.count
      guard bytes <= options.memoryLimit else {
        throw Failure(
          .badInput, step: "reading pictures", subject: folder,
          cause: "the crops need more than \(options.memoryLimit >> 20) MiB")
      }
      pictures.append(item.picture)
      names.append(item.name)
    }
    return (ObjectCrops(pictures, names: names), reader.summary)
  }
}
