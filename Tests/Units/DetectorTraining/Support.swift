import Foundation
import NetworkModel
import PictureData
import SeededNoise

@testable import DetectorTraining

/// Bright squares on noise: what a tiny network learns in seconds.
enum Squares {
  /// Light squares with a dark rim.
  static func crops(_ count: Int) -> ObjectCrops {
    ObjectCrops(
      (0..<count).map { index in
        GrayPixels(
          width: 24, height: 24,
          values: (0..<576).map { place in
            let (x, y) = (place % 24, place / 24)
            return min(x, y, 23 - x, 23 - y) < 3 ? 10 : UInt8(225 + index % 4 * 8)
          })
      })
  }

  /// Pictures of gray noise.
  static func backgrounds(_ count: Int) -> BackgroundPictures {
    BackgroundPictures(
      (0..<count).map { index in
        var noise = Noise(UInt64(index) + 1)
        return GrayPixels(width: 160, height: 128, values: noise.bytes(160 * 128).map { 90 + $0 % 60 })
      })
  }

  /// A small network on small canvases, with nothing that makes squares hard to see.
  static var settings: DetectorSettings {
    var settings = DetectorSettings()
    settings.object = "square"
    settings.architecture.filters = [4, 6, 8]
    settings.architecture.residuals = 1
    settings.canvases.side = 64
    settings.canvases.backdrop.writing = 0
    settings.canvases.finish = .init()
    settings.canvases.surroundings.heads = 0
    settings.canvases.finish.compressed = 0
    settings.batchSize = 4
    settings.steps = 6
    settings.epochs = 2
    settings.warmUpSteps = 2
    settings.heldOut = 4
    settings.trialCanvases = 12
    settings.learningRate = 0.01
    return settings
  }

  static func data(_ settings: DetectorSettings) throws -> DetectorData {
    try DetectorData(objects: crops(8), backgrounds: backgrounds(8), heldOut: settings.heldOut)
  }

  static func trainer(
    _ settings: DetectorSettings, checkpoint: String? = nil, threads: Int = 1, canvasThreads: Int = 1
  ) throws -> DetectorTrainer {
    var options = DetectorTrainer.Options()
    options.checkpoint = checkpoint
    options.checkpointSeconds = 0
    options.threads = threads
    options.canvasThreads = canvasThreads
    return try DetectorTrainer(settings, data(settings), options: options)
  }
}

/// A file that is removed with this.
final class TemporaryPath {
  let path = NSTemporaryDirectory() + "detector-\(UUID().uuidString)"
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
