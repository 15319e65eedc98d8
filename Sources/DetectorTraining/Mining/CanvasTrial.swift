import FaceNetwork
import FrameStream
import PictureData
import SystemIO
import TrainingReports

/// Runs a detector on canvases of crops and backgrounds that it was not trained with.
struct CanvasTrial {
  let synthesis: CanvasSynthesis
  let seed: UInt64
  /// Canvases to make.
  let count: Int
  /// Findings need a greater score.
  var minimumScore: Float = 0.02

  /// Canvases of a training have smaller numbers.
  private static let firstNumber: UInt64 = 1 << 48

  /// - Parameter isStopped: Asked after each canvas.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``Failure`` if the network cannot be run.
  func run(_ model: DetectionModel, isStopped: () -> Bool) throws(Failure) -> DetectionScores? {
    let painter = try CanvasPainter(synthesis)
    var options = NetworkDetector.Options()
    options.minimumScore = minimumScore
    options.maximumSide = 0
    let detector = NetworkDetector(model, options, threads: 1)
    let side = synthesis.settings.side
    let layout = try PictureLayout(.gray, width: side, height: side)
    var faces: [NetworkDetector.Face] = []
    var scores = DetectionScores()
    for number in 0..<UInt64(count) {
      if isStopped() { return nil }
      let canvas = try painter.canvas(Self.firstNumber + number, seed: seed)
      try canvas.pixels.withUnsafeBufferPointer { (pixels) throws(Failure) in
        try detector.detect(pixels.baseAddress!, layout, FrameColors(range: .pc), into: &faces)
      }
      scores.add(
        found: faces.map { (ObjectBox($0.box), Double($0.score)) },
        objects: canvas.objects.filter { $0.role == .object }.map { ObjectBox($0) },
        ignored: canvas.objects.filter { $0.role != .object }.map { ObjectBox($0) }, pixels: side * side)
    }
    return scores
  }
}

extension ObjectBox {
  /// An object on a canvas.
  fileprivate init(_ object: PlacedObject) {
    self.init(
      x: Double(object.x), y: Double(object.y), width: Double(object.width), height: Double(object.height))
  }

  /// A box of whole pixels.
  package init(_ box: PixelRectangle) {
    self.init(x: Double(box.x), y: Double(box.y), width: Double(box.width), height: Double(box.height))
  }
}
