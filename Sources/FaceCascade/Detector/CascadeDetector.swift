import FrameStream
import SystemIO

/// Detects objects in gray pictures with a cascade: exactly the rectangles of OpenCV 4.14's
/// `CascadeClassifier::detectMultiScale`.
///
/// A detector belongs to one thread at a time; several detectors can share a cascade. Plans and memory are kept for the
/// most recent picture sizes, so that only the first picture of a size allocates.
package final class CascadeDetector {
  /// The cascade that decides about windows.
  package let cascade: Cascade
  /// The parameters of the search.
  package let options: DetectionOptions

  /// The vector instructions in use.
  package let level: SIMDLevel
  /// The number of threads that share the work on a picture, including the caller's.
  package let threads: Int

  private let engine: ScanEngine
  let pool: WorkerPool?
  /// The most recent sizes of picture; the last one is in use.
  private var prepared: [PreparedScan] = []
  private var grouping = RectangleGrouping()

  /// The most raw detections that are grouped.
  private static let groupingLimit = 1 << 17

  /// The number of picture sizes that are kept.
  private static let sizeLimit = 4

  /// A detector for a cascade.
  ///
  /// - Parameters:
  ///   - threads: the number of threads that work on a picture; the objects and their order do not depend on it.
  ///   - level: the vector instructions to use, at most those of the processor.
  /// - Throws: ``Failure`` `.usage` if an option is out of range, `.failed` if the system starts no more threads.
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

  /// The objects in a gray picture; none if it is smaller than the cascade's window.
  ///
  /// - Throws: ``Failure`` `.usage` if the scale factor is so close to 1 that there are thousands of levels;
  ///   `.badInput` if too many windows pass for a cascade made for detection.
  package func detect(_ picture: PlaneView) throws(Failure) -> [Detection] {
    var detections: [Detection] = []
    try detect(picture, into: &detections)
    return detections
  }

  /// Replaces `detections` by the objects in a gray picture; the array's memory is reused.
  ///
  /// - Throws: what ``detect(_:)`` throws.
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

  /// Replaces `detections` by the objects in a part of a gray picture, in pixels of the whole picture; the part is
  /// clipped to the picture.
  ///
  /// - Throws: what ``detect(_:)`` throws.
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

  /// The pyramid levels of a picture of this size in pixels, smallest objects first; none if it is smaller than the
  /// cascade's window.
  ///
  /// - Throws: ``Failure`` `.usage` if the scale factor is so close to 1 that there are thousands of levels.
  package func levels(width: Int, height: Int) throws(Failure) -> [PyramidLevel] {
    try PyramidLevel.levels(
      pictureWidth: width, pictureHeight: height, windowWidth: cascade.windowWidth,
      windowHeight: cascade.windowHeight, options: options)
  }

  /// The plan and memory for the picture's size, which becomes the most recent one.
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

  /// Few windows of a picture should pass a cascade; one that passes most would fill the memory, or keep the grouping,
  /// which compares pairs, busy for hours.
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
