import SystemIO

/// Decodes many picture files on several threads into one set, in the order of the list.
struct PictureLoading {
  /// A file that is to become a picture of the set.
  struct Source: Sendable {
    var path: String
    var example: PictureSet.Example
  }

  let options: LoadingOptions
  let classes: [String]
  /// The data folder or manifest, for messages.
  let subject: String
  /// False if the pictures belong to no class, whatever their labels are.
  var areLabelled = true

  /// - Parameter unreadable: pictures known to be missing before anything was decoded.
  /// - Throws: ``Failure``: `badInput` for the first unreadable picture if loading is strict, or if no picture can
  ///   be read; `failed` if there is no memory or loading was stopped.
  func load(
    _ sources: [Source], unreadable: [PictureSet.Unreadable] = []
  ) throws(Failure) -> PictureSet {
    let size = try PixelStorage.byteCount(width: options.width, height: options.height, pictures: 1)
    let storage = try PixelStorage(
      byteCount: PixelStorage.byteCount(
        width: options.width, height: options.height, pictures: sources.count))
    let work = DecodingWork(sources, options, storage, size: size)
    try work.run()
    if options.shouldStop?() ?? false {
      throw Failure(.failed, step: "reading pictures", subject: subject, cause: "interrupted")
    }
    if options.strict, let first = work.firstFailure {
      var failure = first.failure
      failure.kind = .badInput
      throw failure.within(sources[first.index].path)
    }
    var examples: [PictureSet.Example] = []
    examples.reserveCapacity(sources.count)
    var unreadable = unreadable
    for (index, source) in sources.enumerated() {
      if let failure = work.failures[index] {
        unreadable.append(PictureSet.Unreadable(name: source.example.name, cause: failure.description))
        continue
      }
      if examples.count != index {
        (storage.base + examples.count * size).update(from: storage.base + index * size, count: size)
      }
      examples.append(source.example)
    }
    if examples.isEmpty {
      let first = unreadable.first.map { ": \($0.name): \($0.cause)" } ?? ""
      throw Failure(
        .badInput, step: "reading pictures", subject: subject,
        cause: "none of \(max(sources.count, unreadable.count)) can be read" + first)
    }
    let set = PictureSet(
      classes: classes, width: options.width, height: options.height, examples: examples, pixels: storage,
      unreadable: unreadable)
    set.report(options.onWarning, subject: subject, areLabelled: areLabelled)
    return set
  }
}

extension PictureSet {
  /// Warns of pictures that were skipped, and of classes with fewer than two.
  /// - Parameters:
  ///   - subject: The data folder, manifest or stream.
  ///   - areLabelled: Whether the pictures belong to classes.
  func report(_ warn: (@Sendable (String) -> Void)?, subject: String, areLabelled: Bool = true) {
    guard let warn else { return }
    for picture in unreadable.prefix(20) { warn("\(subject): \(picture.name): left out: \(picture.cause)") }
    if !unreadable.isEmpty {
      warn("\(subject): \(unreadable.count) of \(count + unreadable.count) pictures left out")
    }
    guard areLabelled else { return }
    for (name, count) in zip(classes, classCounts) where count < 2 {
      warn("\(subject): the class \"\(name)\" has \(count == 0 ? "no picture" : "one picture only")")
    }
  }
}

/// What the decoding threads share.
private final class DecodingWork: @unchecked Sendable {
  private let sources: [PictureLoading.Source]
  private let options: LoadingOptions
  private let storage: PixelStorage
  private let size: Int
  /// Pictures that a thread takes at a time.
  private static let chunk = 64
  private let monitor = Monitor()
  private var next = 0
  private var done = 0
  /// The indices of pictures that are not in the cache.
  private var missing: [Int]
  private var cache: PictureCache?
  private(set) var failures: [Int: Failure] = [:]

  init(
    _ sources: [PictureLoading.Source], _ options: LoadingOptions, _ storage: PixelStorage, size: Int
  ) {
    self.sources = sources
    self.options = options
    self.storage = storage
    self.size = size
    missing = Array(sources.indices)
  }

  var firstFailure: (index: Int, failure: Failure)? {
    failures.min { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  func run() throws(Failure) {
    if let path = options.cache {
      let cache = try PictureCache(
        path: path, width: options.width, height: options.height, onWarning: options.onWarning)
      missing = cache.restore(sources.map(\.path), into: storage)
      done = sources.count - missing.count
      options.onProgress?(done, sources.count)
      self.cache = cache
    }
    guard !missing.isEmpty else { return }
    let count = min(
      options.threads > 0 ? options.threads : Processors.available, 64,
      (missing.count + Self.chunk - 1) / Self.chunk)
    // This thread works too; threads that cannot be started are not needed.
    let others = (1..<max(count, 1)).compactMap { _ in try? WorkerThread { self.work() } }
    work()
    for thread in others { thread.join() }
    cache?.finish()
  }

  private func work() {
    var reader = PictureReader(options)
    while let chunk = take() {
      var decoded: [Int] = []
      var failed: [(Int, Failure)] = []
      for index in chunk where !(options.shouldStop?() ?? false) {
        do throws(Failure) {
          try reader.read(sources[index].path, into: storage.base + index * size)
          decoded.append(index)
        } catch {
          failed.append((index, error))
          if options.strict { break }
        }
      }
      monitor.locked {
        for (index, failure) in failed { failures[index] = failure }
        cache?.append(decoded, from: storage)
        done += chunk.count
        options.onProgress?(done, sources.count)
      }
    }
  }

  private func take() -> ArraySlice<Int>? {
    if options.shouldStop?() ?? false { return nil }
    return monitor.locked {
      // A strict load ends at the first failure; chunks before it are in other threads' hands already.
      guard next < missing.count, !(options.strict && !failures.isEmpty) else { return nil }
      let chunk = missing[next..<min(next + Self.chunk, missing.count)]
      next = chunk.endIndex
      return chunk
    }
  }
}
