import FaceNetwork
import PictureData
import SystemIO
import TrainingReports

/// What is done with the network after each round: it is tried on all backgrounds, and measured on what was held out.
struct EpochMeasurement {
  let settings: DetectorSettings
  let data: DetectorData
  let validation: LabeledPictures?
  let threads: Int

  /// The most places of backgrounds that are shown again.
  private static let findLimit = 12_000
  /// Findings on validation pictures need a greater score.
  private static let leastScore: Float = 0.02

  /// Adds what it measures to a record.
  /// - Returns: The surest finds on the backgrounds that are trained with, and the scores on validation pictures if there
  ///   are any; nil if it was stopped.
  /// - Throws: ``Failure`` if the network cannot be run, or a picture cannot be read.
  func run(
    _ model: DetectionModel, _ record: inout DetectorRecord, isStopped: () -> Bool
  ) throws(Failure) -> (finds: [BackgroundSearch.Find], validation: DetectionScores?)? {
    guard let search = try search(data.backgrounds, model, isStopped: isStopped) else { return nil }
    let finds = search.surest(Self.findLimit)
    record.mined = finds.count
    var measured = search
    if let heldOut = data.heldOutBackgrounds {
      guard let result = try self.search(heldOut, model, isStopped: isStopped) else { return nil }
      measured = result
    }
    record.falseFindsPerMegapixel = measured.falseFindsPerMegapixel(above: 0.5)
    if let trial = try canvasTrial() {
      guard let scores = try trial.run(model, isStopped: isStopped) else { return nil }
      record.canvasPrecision = scores.averagePrecision
      record.canvasRecall = scores.recall(atFalseFinds: 50)
    }
    guard let validation else { return (finds, nil) }
    let finder = NetworkObjectFinder(model, minimumScore: Self.leastScore, maximumSide: 0, threads: threads)
    guard let scores = try validation.scores(of: finder, isStopped: isStopped) else { return nil }
    record.averagePrecision = scores.averagePrecision
    record.recallAt10 = scores.recall(atFalseFinds: 10)
    record.recallAt50 = scores.recall(atFalseFinds: 50)
    return (finds, scores)
  }

  /// What the network finds on the backgrounds that are trained with, the surest first; nil if it was stopped.
  func surestFinds(of model: DetectionModel, isStopped: () -> Bool) throws(Failure)
    -> [BackgroundSearch.Find]?
  {
    try search(data.backgrounds, model, isStopped: isStopped)?.surest(Self.findLimit)
  }

  private func search(
    _ backgrounds: BackgroundPictures, _ model: DetectionModel, isStopped: () -> Bool
  ) throws(Failure) -> BackgroundSearch.Result? {
    var search = BackgroundSearch(backgrounds: backgrounds)
    search.threads = threads
    return try search.run(model, isStopped: isStopped)
  }

  /// Canvases of what is held out; nil if no crop or no background is.
  func canvasTrial() throws(Failure) -> CanvasTrial? {
    guard let objects = data.heldOutObjects, let backgrounds = data.heldOutBackgrounds else { return nil }
    return CanvasTrial(
      synthesis: try CanvasSynthesis(
        objects: objects, backgrounds: backgrounds, settings: settings.canvases),
      seed: UInt64(settings.seed), count: settings.trialCanvases)
  }
}
