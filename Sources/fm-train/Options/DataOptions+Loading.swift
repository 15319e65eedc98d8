import ExpressionTraining
import FilterTool
import FrameStream
import PictureData
import Synchronization
import SystemIO

extension DataOptions {
  /// Loads what to train with and what to validate with.
  /// - Parameters:
  ///   - source: Class folders, or `-` for a stream on standard input.
  ///   - classes: The classes and their order, if they are settled already.
  ///   - mayHaveOtherClasses: Whether the data's classes replace them, if their number differs.
  ///   - seed: Of the split.
  func load(
    _ source: String, _ preparation: InputPreparation, classes: [String]?, mayHaveOtherClasses: Bool = false,
    seed: Int, threads: Int, _ tool: Tool
  ) throws(Failure) -> TrainingData {
    let all = try set.pictures(
      source, preparation, classes: classes, threads: threads, tool,
      mayHaveOtherClasses: mayHaveOtherClasses)
    if let validationSplit {
      let (training, validation) = try all.split(fraction: validationSplit, seed: UInt64(seed))
      return try warned(TrainingData(training: training, validation: validation), source, tool)
    }
    guard let validation else { return try TrainingData(training: all) }
    let checked = try set.pictures(
      validation, preparation, classes: all.classes, threads: threads, tool, isValidationSet: true)
    return try warned(TrainingData(training: all, validation: checked), validation, tool)
  }

  /// Warns if pictures to validate with are among those to train with.
  private func warned(_ data: TrainingData, _ path: String, _ tool: Tool) -> TrainingData {
    let count = data.repeatedCount
    if count > 0 {
      tool.diagnostics.warn(
        "\(path): \(count) of \(data.validation?.count ?? 0) validation pictures are training pictures")
    }
    return data
  }
}

extension SetOptions {
  /// Loads one set.
  /// - Parameters:
  ///   - cropsAsClassify: Whether the faces of a stream are cropped to the network's input, as fm-classify does, and not
  ///     larger, for views that take parts of them.
  ///   - watch: Receives every record of a stream.
  func pictures(
    _ source: String, _ preparation: InputPreparation, classes: [String]?, threads: Int, _ tool: Tool,
    isValidationSet: Bool = false, mayHaveOtherClasses: Bool = false, cropsAsClassify: Bool = false,
    watch: ((Record) throws(Failure) -> Void)? = nil
  ) throws(Failure) -> PictureSet {
    var options = LoadingOptions(preparation, threads: threads, tool)
    options.strict = strict
    if cropsAsClassify {
      options.faces = LoadingOptions.FaceSize(
        width: preparation.inputWidth, height: preparation.inputHeight, margin: preparation.margin)
    }
    options.mayHaveOtherClasses = mayHaveOtherClasses
    // A validation set has a cache of its own. The manifest lists the training pictures, but votes of both.
    options.cache = cache.map { isValidationSet ? $0 + ".validation" : $0 }
    let set: PictureSet
    switch PictureSource(source) {
    case .folder(let folder):
      if let manifest, !isValidationSet || votes != nil {
        set = try PictureSet(
          folder: folder, manifest: manifest, classes: classes, votes: voteRule(), options: options)
      } else {
        set = try PictureSet(folder: folder, classes: classes, options: options)
      }
    case .table(let path, let part):
      set = try PictureSet(
        table: path, usage: part ?? (isValidationSet ? nil : usage),
        votes: voteRule(isOfTable: true).flatMap { rule in votes.map { ($0, rule) } }, classes: classes,
        options: options)
    case .standardInput: set = try PictureSet(streamNamed: "-", classes: classes, options, tool, watch: watch)
    case .stream(let path):
      set = try PictureSet(streamNamed: path, classes: classes, options, tool, watch: watch)
    }
    try tell(set, source, tool)
    return set
  }

  /// Reports how many pictures there are; loading has reported what was skipped.
  private func tell(_ set: PictureSet, _ source: String, _ tool: Tool) throws(Failure) {
    if tool.stop.signal != nil {
      throw .interrupted("while reading pictures")
    }
    for (name, count) in zip(set.classes, set.classCounts) {
      tool.diagnostics.note("\(source): \(name): \(count) pictures")
    }
  }
}

extension PictureSet {
  /// Gathers the labeled frames of a stream by its name, `-` being standard input.
  fileprivate init(
    streamNamed name: String, classes: [String]?, _ options: LoadingOptions, _ tool: Tool,
    watch: ((Record) throws(Failure) -> Void)? = nil
  ) throws(Failure) {
    let input = try InputStream(name, tool)
    do throws(Failure) {
      try self.init(stream: input.reader, classes: classes, options: options, watch: watch)
    } catch {
      throw error.within(input.name)
    }
  }
}

extension CalibrationPictures {
  /// Pictures by the name of a folder, a stream or a table.
  init(_ source: String, classes: [String], _ options: LoadingOptions, _ tool: Tool) throws(Failure) {
    switch PictureSource(source) {
    case .folder(let folder): try self.init(folder: folder, classes: classes, options: options)
    case .table(let path, let usage):
      self.init(labelled: try PictureSet(table: path, usage: usage, classes: classes, options: options))
    case .standardInput:
      self.init(labelled: try PictureSet(streamNamed: "-", classes: classes, options, tool))
    case .stream(let path):
      self.init(labelled: try PictureSet(streamNamed: path, classes: classes, options, tool))
    }
  }
}

extension LoadingOptions {
  /// How pictures for a network are loaded: with warnings and progress, and until a signal.
  init(_ preparation: InputPreparation, threads: Int, _ tool: Tool) {
    self.init(width: preparation.loadedWidth, height: preparation.loadedHeight)
    margin = preparation.loadedMargin
    self.threads = threads
    onWarning = { tool.diagnostics.warn($0) }
    onNote = { tool.diagnostics.note($0) }
    let progress = LoadingProgress(tool)
    onProgress = { progress.update($0, of: $1) }
    shouldStop = { tool.stop.signal != nil }
  }
}

/// The progress line while pictures are read, on several threads.
final class LoadingProgress: Sendable {
  private let progress: Mutex<Progress>

  init(_ tool: Tool) { progress = Mutex(Progress(tool.diagnostics, output: nil)) }

  func update(_ done: Int, of total: Int) {
    progress.withLock { $0.update { "reading pictures: \(done) of \(total)" } }
  }
}
