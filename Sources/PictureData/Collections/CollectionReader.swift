import SystemIO
import TextTables

/// How many pictures of a folder were read, and why others were not.
package struct CollectionSummary: Sendable, Equatable {
  /// Files that are pictures by extension.
  package var found = 0
  /// Pictures that are used.
  package var used = 0
  /// Files that cannot be decoded.
  package var unreadable = 0
  /// Pictures with too short a side.
  package var small = 0
  /// Pictures with nothing to see.
  package var uniform = 0
  /// Pictures that look like an earlier one.
  package var duplicates = 0
  /// Pictures that a list leaves out.
  package var listed = 0
  /// How many times all pictures were halved to fit into memory.
  package var halvings = 0

  /// What became of the others: "12 of 40 left out: 7 cannot be read, 5 look like an earlier one"; nil for none.
  package func omissions(_ options: CollectionOptions) -> String? {
    let reasons = [
      (unreadable, "cannot be read"), (small, "have a side shorter than \(options.shortestSide) pixels"),
      (uniform, "show nothing but one gray"), (duplicates, "look like an earlier one"),
      (listed, "are on the list of those to leave out"),
    ].filter { $0.0 > 0 }
    guard !reasons.isEmpty else { return nil }
    return "\(found - used) of \(found) pictures left out: "
      + reasons.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}

/// Reads the pictures of a folder and of the folders in it, each in its own shape, in the order of their names.
struct CollectionReader {
  let options: CollectionOptions
  private let folder: String
  private var hashes: [MeanHash] = []
  private(set) var summary = CollectionSummary()
  /// All pictures of the folder, by their names.
  private(set) var names: Set<String> = []

  /// A picture that may be used.
  struct Item {
    let name: String
    let picture: GrayPixels
    /// Columns of the file.
    let fileWidth: Int
  }

  init(folder: String, _ options: CollectionOptions) {
    var folder = folder[...]
    while folder.count > 1, folder.last == "/" { folder.removeLast() }
    self.folder = String(folder)
    self.options = options
  }

  /// Decodes files on several threads, and passes on those that can be used.
  /// - Parameter isListed: Whether a file is not even to be read.
  /// - Throws: ``Failure``: `inputOutput` if a folder cannot be read, `badInput` if no picture is left, or for the first
  ///   unreadable one if loading is strict, `failed` if it was stopped.
  mutating func read(
    except isListed: (String) -> Bool = { _ in false }, _ use: (Item) throws(Failure) -> Void
  ) throws(Failure) {
    guard let status = FileStatus(path: folder) else {
      throw Failure(
        .inputOutput, step: "cannot read the folder", subject: folder, cause: systemMessage(2))
    }
    guard status.isFolder else {
      throw Failure(.badInput, step: "reading pictures", subject: folder, cause: "it is not a folder")
    }
    var walk = FolderWalk(root: folder)
    try walk.visit("", depth: 0)
    let (all, otherFiles) = walk.names
    options.loading.report(otherFiles: otherFiles, in: folder)
    self.names = Set(all)
    summary.found = all.count
    let names = all.filter { !isListed($0) }
    summary.listed = all.count - names.count
    let workers = max(
      min(options.loading.threads > 0 ? options.loading.threads : Processors.available, 16), 1)
    let pool = try WorkerPool(threads: workers)
    let chunk = 32
    for first in stride(from: 0, to: names.count, by: chunk) {
      if options.loading.shouldStop?() ?? false {
        throw Failure(.failed, step: "reading pictures", subject: folder, cause: "interrupted")
      }
      let decoded = DecodedChunk(
        folder: folder, names: names[first..<min(first + chunk, names.count)], options)
      pool.run(decoded.count) { _, index in decoded.decode(index) }
      for index in 0..<decoded.count { try take(names[first + index], decoded[index], use) }
      options.loading.onProgress?(min(first + chunk, names.count), names.count)
    }
    if let omissions = summary.omissions(options) { options.loading.onWarning?("\(folder): \(omissions)") }
    guard summary.used > 0 else {
      throw Failure(
        .badInput, step: "reading pictures", subject: folder,
        cause: summary.found == 0
          ? "there are no pictures in it" : "none of its \(summary.found) pictures can be used")
    }
  }

  private mutating func take(
    _ name: String, _ result: Result<Item, Failure>?, _ use: (Item) throws(Failure) -> Void
  ) throws(Failure) {
    let item: Item
    switch result {
    case .success(let read): item = read
    case .failure(var failure):
      if options.loading.strict {
        failure.kind = .badInput
        throw failure.within("\(folder)/\(name)")
      }
      summary.unreadable += 1
      if summary.unreadable <= 20 {
        options.loading.onWarning?("\(folder): \(name): left out: \(failure)")
      }
      return
    case nil: return
    }
    func leaveOut(_ count: WritableKeyPath<CollectionSummary, Int>, _ cause: String) {
      summary[keyPath: count] += 1
      options.loading.onNote?("\(folder): \(name): left out: \(cause)")
    }
    let picture = item.picture
    if min(picture.width, picture.height) < options.shortestSide {
      return leaveOut(\.small, "\(picture.width)x\(picture.height)")
    }
    if picture.statistics.deviation < options.leastDeviation { return leaveOut(\.uniform, "uniform") }
    if let distance = options.duplicateDistance {
      let hash = try MeanHash(picture)
      guard !hashes.contains(where: { $0.distance(to: hash) <= distance }) else {
        return leaveOut(\.duplicates, "it looks like an earlier one")
      }
      hashes.append(hash)
    }
    summary.used += 1
    try use(item)
  }
}

/// A few pictures that threads decode, each in its own place.
private final class DecodedChunk: @unchecked Sendable {
  private let folder: String
  private let names: ArraySlice<String>
  private let options: CollectionOptions
  private let results: UnsafeMutablePointer<Result<CollectionReader.Item, Failure>?>

  init(folder: String, names: ArraySlice<String>, _ options: CollectionOptions) {
    self.folder = folder
    self.names = names
    self.options = options
    results = .allocate(capacity: max(names.count, 1))
    results.initialize(repeating: nil, count: max(names.count, 1))
  }

  deinit {
    results.deinitialize(count: max(names.count, 1))
    results.deallocate()
  }

  var count: Int { names.count }

  subscript(_ index: Int) -> Result<CollectionReader.Item, Failure>? { results[index] }

  func decode(_ index: Int) {
    let name = names[names.startIndex + index]
    do throws(Failure) {
      let (picture, fileWidth) = try PictureReader(options.loading).read(
        "\(folder)/\(name)", longestSide: options.longestSide)
      results[index] = .success(
        CollectionReader.Item(name: name, picture: picture, fileWidth: fileWidth))
    } catch {
      results[index] = .failure(error)
    }
  }
}
