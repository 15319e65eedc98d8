import FrameStream
import SystemIO

/// Finds objects in grey pictures with a cascade: the rectangles that OpenCV 4.14's
/// `CascadeClassifier::detectMultiScale` finds.
///
/// A detector belongs to one thread at a time; detectors of other threads can share its cascade. What depends on
/// the picture's size is kept for the sizes seen last, so pictures of one size cost no allocation but the first.
package final class CascadeDetector {
  package let cascade: Cascade
  package let options: DetectionOptions

  /// The instructions used.
  package let level: SIMDLevel
  /// Threads that share the work on a picture, the caller's among them.
  package let threads: Int

  private let engine: ScanEngine
  let pool: WorkerPool?
  /// For the sizes of picture seen last; the last one is in use.
  private var prepared: [PreparedScan] = []
  private var grouping = RectangleGrouping()

  /// Candidates that are compared with each other at most.
  private static let groupingLimit = 1 << 17

  /// How many sizes of picture are remembered.
  private static let sizeLimit = 4

  /// - Parameters:
  ///   - threads: how many threads work on a picture; the objects and their order do not depend on it.
  ///   - level: the instructions to use; what ``SIMDLevel/preferred`` says, if the processor has them.
  /// - Throws: ``Failure`` `.usage` if an option makes no sense.
  package init(
    _ cascade: Cascade, options: DetectionOptions = DetectionOptions(), threads: Int = 1,
    level: SIMDLevel = .preferred
  ) throws(Failure) {
    try options.validate()
    guard (1...1024).contains(threads) else {
      throw Failure(
        .usage, step: "detection", subject: "threads", cause: "\(threads) is not between 1 and 1024")
    }
    self.cascade = cascade
    self.options = options
    self.level = min(level, .best)
    self.threads = threads
    engine = ScanEngine(cascade, level: self.level)
    pool = threads > 1 ? try WorkerPool(threads: threads) : nil
  }

  /// The objects in a grey picture; none if it is smaller than the cascade's window.
  ///
  /// - Throws: ``Failure`` `.usage` if the scale factor is so close to 1 that it makes thousands of sizes; `.badInput`
  ///   if the cascade lets so many windows pass that it cannot be meant.
  package func detect(_ picture: PlaneView) throws(Failure) -> [Detection] {
    var detections: [Detection] = []
    try detect(picture, into: &detections)
    return detections
  }

  /// Replaces `detections` by the objects in a grey picture; the array's memory is used again.
  package func detect(_ picture: PlaneView, into detections: inout [Detection]) throws(Failure) {
    detections.removeAll(keepingCapacity: true)
    guard picture.width >= cascade.windowWidth, picture.height >= cascade.windowHeight else { return }
    let scan = try preparedScan(for: picture)
    scan.scan(picture, pool)
    try checkNumber(scan)
    scan.collect(into: &detections)
    grouping.group(&detections, minNeighbors: options.minNeighbors)
    clip(&detections, to: picture)
  }

  /// Replaces `detections` by the objects in a part of a grey picture, in pixels of the whole; what of the part lies
  /// outside the picture is left out.
  package func detect(
    _ picture: PlaneView, in region: PixelRectangle, into detections: inout [Detection]
  ) throws(Failure) {
    detections.removeAll(keepingCapacity: true)
    guard let part = region.intersection(picture.bounds) else { return }
    try detect(picture.part(part), into: &detections)
    for index in detections.indices {
      detections[index].box.x += part.x
      detections[index].box.y += part.y
    }
  }

  /// The sizes of objects that are searched in a picture of this size, smallest first, and what each costs; none if
  /// it is smaller than the cascade's window.
  ///
  /// - Throws: ``Failure`` `.usage` if the scale factor is so close to 1 that it makes thousands of sizes.
  package func levels(width: Int, height: Int) throws(Failure) -> [ScaleLevel] {
    try ScaleLevel.levels(
      pictureWidth: width, pictureHeight: height, windowWidth: cascade.windowWidth,
      windowHeight: cascade.windowHeight, options: options)
  }

  /// What is kept for the picture's size, which becomes the one used last.
  private func preparedScan(for picture: PlaneView) throws(Failure) -> PreparedScan {
    let known = prepared.firstIndex {
      $0.plan.pictureWidth == picture.width && $0.plan.pictureHeight == picture.height
    }
    if let known {
      if known != prepared.count - 1 { prepared.append(prepared.remove(at: known)) }
      return prepared[prepared.count - 1]
    }
    if prepared.count == Self.sizeLimit { prepared.removeFirst() }
    let plan = try ScanPlan(
      cascade, engine, width: picture.width, height: picture.height, options: options)
    let scan = PreparedScan(plan, cascade, level, threads: threads)
    prepared.append(scan)
    return scan
  }

  /// Hardly any window of a picture should pass a cascade; one that lets most pass would fill the memory, or keep the
  /// grouping, which compares pairs, busy for hours.
  private func checkNumber(_ scan: PreparedScan) throws(Failure) {
    let limit = options.minNeighbors > 0 ? Self.groupingLimit : ScanMemory.hitLimit
    if scan.hitCount > limit || scan.isOverfull {
      throw Failure(
        .badInput, step: "detection", subject: cascade.file,
        cause: "more than \(limit) windows of one picture pass; that is not what a cascade is for")
    }
  }

  /// Objects at the border can stick out by a pixel.
  private func clip(_ detections: inout [Detection], to picture: PlaneView) {
    let bounds = picture.bounds
    var kept = 0
    for index in detections.indices {
      guard let box = detections[index].box.intersection(bounds) else { continue }
      detections[kept] = Detection(box, neighbors: detections[index].neighbors)
      kept += 1
    }
    detections.removeLast(detections.count - kept)
  }
}
