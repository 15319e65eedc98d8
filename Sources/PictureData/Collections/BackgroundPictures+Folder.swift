import SystemIO

extension BackgroundPictures {
  /// Reads the backgrounds of a folder and of the folders in it.
  /// - Parameter leaveOut: Pictures and places that are not used.
  /// - Throws: ``Failure``: `inputOutput` if a folder cannot be read, `badInput` if no picture can be used.
  /// - Returns: The backgrounds, and how many pictures were left out.
  package static func read(
    folder: String, leaveOut: LeaveOutList = LeaveOutList(), options: CollectionOptions = .backgrounds
  ) throws(Failure) -> (backgrounds: BackgroundPictures, summary: CollectionSummary) {
    var reader = CollectionReader(folder: folder, options)
    var backgrounds: [Background] = []
    var halvings = 0
    var count = 0
    try reader.read(except: leaveOut.hasWhole) { (item) throws(Failure) in
      var scale = Float(item.picture.width) / Float(item.fileWidth)
      var levels = levels(of: item.picture)
      for _ in 0..<halvings where levels.count > 1 {
        levels.removeFirst()
        scale /= 2
      }
      let places = leaveOut.places(in: item.name).map { $0.scaled(by: scale) }
      backgrounds.append(
        Background(levels: levels, name: item.name, fileScale: scale, leftOut: places))
      count += levels.reduce(0) { $0 + $1.values.count }
      // Every picture loses its largest level, so that none of them is favored.
      while count > options.memoryLimit, backgrounds.contains(where: { $0.levels.count > 1 }) {
        halvings += 1
        count = 0
        for index in backgrounds.indices {
          backgrounds[index].halve()
          count += backgrounds[index].levels.reduce(0) { $0 + $1.values.count }
        }
      }
      guard count <= options.memoryLimit else {
        throw Failure(
          .badInput, step: "reading pictures", subject: folder,
          cause: "the backgrounds need more than \(options.memoryLimit >> 20) MiB, even at their smallest")
      }
    }
    if halvings > 0 {
      options.loading.onWarning?(
        "\(folder): all pictures are kept at 1/\(1 << halvings) of \(options.longestSide) pixels on the longer side, "
          + "as more than \(options.memoryLimit >> 20) MiB would be needed")
    }
    let unknown = leaveOut.names.subtracting(reader.names)
    if let first = unknown.min() {
      options.loading.onWarning?(
        "\(folder): it has no picture \(first)"
          + (unknown.count > 1
            ? ", nor \(unknown.count - 1) others of the list of those to leave out"
            : ", which the list of those to leave out names"))
    }
    var summary = reader.summary
    summary.halvings = halvings
    let read = BackgroundPictures(backgrounds)
    options.loading.onNote?(
      "\(folder): \(read.count) backgrounds of \(Int(read.megapixels.rounded())) megapixels, with their halves "
        + "\(count >> 20) MiB of memory")
    return (read, summary)
  }
}
