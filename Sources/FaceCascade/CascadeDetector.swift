import FrameStream
import Glibc
import SystemIO

/// Finds objects in grey pictures with a cascade: the rectangles that OpenCV 4.14's
/// `CascadeClassifier::detectMultiScale` finds.
///
/// A detector belongs to one thread at a time; detectors of other threads can share its cascade. What depends on
/// the picture's size is kept for the sizes seen last, so pictures of one size cost no allocation but the first.
public final class CascadeDetector {
  public let cascade: Cascade
  public let options: DetectionOptions

  private var plans: [ScanPlan] = []
  private var grouping = RectangleGrouping()
  private var pixels: [UInt8] = []
  private var scratch: [UInt16] = []

  /// How many sizes of picture are remembered.
  private static let planLimit = 4

  /// - Throws: ``Failure`` `.usage` if an option makes no sense.
  public init(_ cascade: Cascade, options: DetectionOptions = DetectionOptions()) throws(Failure) {
    try options.validate()
    self.cascade = cascade
    self.options = options
  }

  /// The objects in a grey picture; none if it is smaller than the cascade's window.
  ///
  /// - Throws: ``Failure`` `.usage` if the scale factor is so close to 1 that it makes thousands of sizes.
  public func detect(_ picture: PlaneView) throws(Failure) -> [Detection] {
    var detections: [Detection] = []
    try detect(picture, into: &detections)
    return detections
  }

  /// Replaces `detections` by the objects in a grey picture; the array's memory is used again.
  public func detect(_ picture: PlaneView, into detections: inout [Detection]) throws(Failure) {
    detections.removeAll(keepingCapacity: true)
    guard picture.width >= cascade.windowWidth, picture.height >= cascade.windowHeight else { return }
    let plan = try plan(picture)
    for index in plan.levels.indices { scan(picture, plan, level: index, into: &detections) }
    grouping.group(&detections, minNeighbors: options.minNeighbors)
    clip(&detections, to: picture)
  }

  private func plan(_ picture: PlaneView) throws(Failure) -> ScanPlan {
    let known = plans.firstIndex { $0.pictureWidth == picture.width && $0.pictureHeight == picture.height }
    if let known {
      if known != plans.count - 1 { plans.append(plans.remove(at: known)) }
      return plans[plans.count - 1]
    }
    if plans.count == Self.planLimit { plans.removeFirst() }
    let plan = try ScanPlan(cascade, width: picture.width, height: picture.height, options: options)
    plans.append(plan)
    let needed = 2 * (plan.levels.map(\.width).max() ?? 0)
    if pixels.count < needed { pixels = [UInt8](repeating: 0, count: needed) }
    if scratch.count < picture.width { scratch = [UInt16](repeating: 0, count: picture.width) }
    return plan
  }

  /// Appends the candidates of one level, top to bottom and left to right.
  private func scan(_ picture: PlaneView, _ plan: ScanPlan, level index: Int, into found: inout [Detection]) {
    let level = plan.levels[index]
    guard level.columns > 0 else { return }
    let resampler = plan.resamplers[index]
    let classifier = WindowClassifier(cascade: cascade, plan: plan)
    let stride = plan.strip.stride
    let end = level.rows * level.step
    var top = 0
    while top < end {
      let bottom = min(top + plan.stripRows, end)
      let pixelRows = min(bottom - 1 + cascade.windowHeight, level.height) - top
      pixels.withUnsafeMutableBufferPointer { pixels in
        scratch.withUnsafeMutableBufferPointer { scratch in
          var current = pixels.baseAddress!
          var previous = current + pixels.count / 2
          for row in 0..<pixelRows {
            resampler.row(top + row, of: picture, to: current, scratch: scratch.baseAddress!)
            plan.strip.add(row: row, current, previous: row > 0 ? previous : nil, width: level.width)
            swap(&current, &previous)
          }
        }
      }
      for y in Swift.stride(from: top, to: bottom, by: level.step) {
        var column = 0
        while column < level.columns {
          let x = column * level.step
          switch classifier.classify(at: (y - top) * stride + x) {
          case .accepted: found.append(level.object(x: x, y: y))
          case .rejected: break
          case .rejectedAtOnce: column += 1
          }
          column += 1
        }
      }
      top = bottom
    }
  }

  /// Objects at the border can stick out by a pixel.
  private func clip(_ detections: inout [Detection], to picture: PlaneView) {
    for index in detections.indices {
      let object = detections[index]
      let (left, top) = (max(0, object.x), max(0, object.y))
      let right = min(picture.width, object.x + object.width)
      let bottom = min(picture.height, object.y + object.height)
      detections[index].x = left
      detections[index].y = top
      detections[index].width = right - left
      detections[index].height = bottom - top
    }
    detections.removeAll { $0.width <= 0 || $0.height <= 0 }
  }
}
