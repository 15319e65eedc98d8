import FaceNetwork
import FrameStream
import PictureData
import SystemIO

/// Runs a detector over all backgrounds: what it finds there is wrong.
struct BackgroundSearch {
  /// Something found on a background.
  struct Find: Sendable, Equatable {
    /// Where, in pixels of the background as it is stored.
    var spot: MinedSpot
    /// The network's score.
    var score: Float
  }

  /// What was found, and in how much.
  struct Result: Sendable {
    /// By the backgrounds' order, and of one background the best first.
    var finds: [Find] = []
    /// Pixels searched, in millions.
    var megapixels = 0.0

    /// The surest finds; of equal scores those of the first backgrounds.
    func surest(_ limit: Int) -> [Find] {
      finds.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
        .prefix(limit).map(\.element)
    }

    /// Finds of more than a score for each million of pixels.
    func falseFindsPerMegapixel(above score: Float) -> Double {
      Double(finds.count { $0.score > score }) / max(megapixels, 1e-9)
    }
  }

  let backgrounds: BackgroundPictures
  /// Finds need a greater score.
  var minimumScore: Float = 0.25
  /// The most finds of one background.
  var limit = 60
  /// Backgrounds with a longer side are searched at half the size, a quarter, and so on.
  var longestSide = 800
  var threads = 1

  /// - Parameter isStopped: Asked after each background.
  /// - Returns: nil if it was stopped. The same whatever the number of threads.
  /// - Throws: ``Failure`` if the network cannot be run.
  func run(_ model: DetectionModel, isStopped: () -> Bool) throws(Failure) -> Result? {
    let work = BackgroundWork(self, model)
    // This thread works too; threads that cannot be started are not needed.
    let others = (1..<max(threads, 1)).compactMap { _ in try? WorkerThread { work.run { false } } }
    work.run(isStopped: isStopped)
    for thread in others { thread.join() }
    if let failure = work.failure { throw failure }
    if work.isStopped { return nil }
    var result = Result()
    for (finds, pixels) in work.results {
      result.finds += finds
      result.megapixels += Double(pixels) / 1e6
    }
    return result
  }

  /// Sides that pictures are extended to, so that many share a plan of the network.
  static let step = 128
}

/// What the threads of a search share.
private final class BackgroundWork: @unchecked Sendable {
  /// A background to search, at one of its sizes.
  private struct Job {
    var background: Int
    var level: Int
    var width: Int
    var height: Int
  }

  private let search: BackgroundSearch
  private let model: DetectionModel
  private let jobs: [Job]
  private let monitor = Monitor()
  private var next = 0
  private(set) var isStopped = false
  private(set) var failure: Failure?
  /// For each background.
  private(set) var results: [(finds: [BackgroundSearch.Find], pixels: Int)]

  init(_ search: BackgroundSearch, _ model: DetectionModel) {
    self.search = search
    self.model = model
    var jobs: [Job] = []
    for (index, background) in search.backgrounds.backgrounds.enumerated() {
      let fitting = background.levels.firstIndex { max($0.width, $0.height) <= search.longestSide }
      let level = fitting ?? background.levels.count - 1
      let picture = background.levels[level]
      let size = InputSize(width: picture.width, height: picture.height).padded(to: BackgroundSearch.step)
      jobs.append(Job(background: index, level: level, width: size.width, height: size.height))
    }
    // Pictures of one size after the other: each needs a plan of its own.
    self.jobs = jobs.sorted { ($0.width, $0.height, $0.background) < ($1.width, $1.height, $1.background) }
    results = .init(repeating: ([], 0), count: search.backgrounds.count)
  }

  private func take() -> Job? {
    monitor.locked {
      guard !isStopped, failure == nil, next < jobs.count else { return nil }
      defer { next += 1 }
      return jobs[next]
    }
  }

  /// Searches one background after the other until there are none, or it is stopped.
  func run(isStopped: () -> Bool) {
    var options = NetworkDetector.Options()
    options.minimumScore = search.minimumScore
    options.maximumSide = 0
    let detector = NetworkDetector(model, options, threads: 1)
    var faces: [NetworkDetector.Face] = []
    while let job = take() {
      do throws(Failure) {
        let finds = try self.finds(job, detector, &faces)
        let pixels = search.backgrounds[job.background].levels[job.level].values.count
        monitor.locked { results[job.background] = (finds, pixels) }
      } catch {
        monitor.locked { failure = error }
      }
      if isStopped() { monitor.locked { self.isStopped = true } }
    }
  }

  private func finds(
    _ job: Job, _ detector: NetworkDetector, _ faces: inout [NetworkDetector.Face]
  ) throws(Failure) -> [BackgroundSearch.Find] {
    let background = search.backgrounds[job.background]
    let picture = background.levels[job.level]
    let layout = try PictureLayout(.gray, width: job.width, height: job.height)
    var extended = [UInt8](repeating: 128, count: layout.byteCount)
    for y in 0..<picture.height {
      let row = y * job.width
      extended.replaceSubrange(
        row..<(row + picture.width), with: picture.values[(y * picture.width)..<((y + 1) * picture.width)])
    }
    try extended.withUnsafeBufferPointer { (bytes) throws(Failure) in
      try detector.detect(bytes.baseAddress!, layout, FrameColors(range: .pc), into: &faces)
    }
    let scale = Float(background.picture.width) / Float(picture.width)
    var finds: [BackgroundSearch.Find] = []
    for face in faces {
      let (x, y) = (
        Float(face.box.x) + Float(face.box.width) / 2, Float(face.box.y) + Float(face.box.height) / 2
      )
      guard x >= 0, y >= 0, x < Float(picture.width), y < Float(picture.height), finds.count < search.limit
      else { continue }
      let spot = MinedSpot(
        background: job.background, x: x * scale, y: y * scale,
        side: Float(face.box.area).squareRoot() * scale)
      if !search.backgrounds.isLeftOut(spot) {
        finds.append(BackgroundSearch.Find(spot: spot, score: face.score))
      }
    }
    return finds
  }
}
