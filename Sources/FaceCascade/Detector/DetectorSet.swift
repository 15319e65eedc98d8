import FrameStream
import SystemIO

/// Several cascades on one picture, and others inside the objects they detect: frontal and profile faces, eyes in them.
///
/// A set belongs to one thread at a time, as its detectors do.
package final class DetectorSet {
  /// A detector and the name of its objects.
  package struct Member {
    /// The name that its objects carry.
    package var name: String
    /// The detector.
    package var detector: CascadeDetector

    /// A detector with a name.
    package init(name: String, detector: CascadeDetector) {
      self.name = name
      self.detector = detector
    }
  }

  /// What happens to objects that two cascades detect at the same position.
  package enum Overlaps: String, Sendable, CaseIterable {
    /// Both are kept.
    case keep
    /// The one with more neighbors is kept; with equally many, that of the earlier cascade.
    case merge
  }

  /// A detected object, the cascade that detected it, and the objects inside it.
  package struct Object: Sendable, Equatable {
    /// Its box, in pixels of the picture.
    package var detection: Detection
    /// The member's name.
    package var cascade: String
    /// In pixels of the whole picture, in the order of the nested members.
    package var parts: [Part]

    /// An object detected inside another.
    package struct Part: Sendable, Equatable {
      /// Its box, in pixels of the whole picture.
      package var detection: Detection
      /// The nested member's name.
      package var cascade: String
    }
  }

  /// The detectors of the whole picture.
  package let members: [Member]
  /// The detectors that look inside each object of a member.
  package let nested: [Member]
  /// What happens to objects that two members detect at the same position.
  package let overlaps: Overlaps
  /// Where objects are looked for; nil: everywhere.
  package var region: PixelRectangle?

  private var found: [Detection] = []

  /// Objects of different cascades are the same if their intersection over union is at least this.
  private static let sameObject = 0.5

  /// A set of detectors.
  package init(
    _ members: [Member], nested: [Member] = [], overlaps: Overlaps = .merge, region: PixelRectangle? = nil
  ) {
    self.members = members
    self.nested = nested
    self.overlaps = overlaps
    self.region = region
  }

  /// The objects in a gray picture, in the order of the members.
  ///
  /// - Throws: what ``CascadeDetector/detect(_:)`` throws.
  package func detect(_ picture: PlaneView) throws(Failure) -> [Object] {
    var objects: [Object] = []
    try detect(picture, into: &objects)
    return objects
  }

  /// Replaces `objects` by those in a gray picture; the array's memory is reused.
  ///
  /// - Throws: what ``detect(_:)`` throws; `objects` is then undefined.
  package func detect(_ picture: PlaneView, into objects: inout [Object]) throws(Failure) {
    objects.removeAll(keepingCapacity: true)
    for member in members {
      try member.detector.detect(picture, in: region ?? picture.bounds, into: &found)
      for detection in found { objects.append(Object(detection: detection, cascade: member.name, parts: [])) }
    }
    if overlaps == .merge, members.count > 1 { objects = Self.merged(objects) }
    for index in objects.indices {
      for member in nested {
        try member.detector.detect(picture, in: objects[index].detection.box, into: &found)
        for detection in found {
          objects[index].parts.append(Object.Part(detection: detection, cascade: member.name))
        }
      }
    }
  }

  /// Removes every object that covers the same position as a better one of another cascade.
  static func merged(_ objects: [Object]) -> [Object] {
    let byWorth = objects.indices.sorted { a, b in
      let (first, second) = (objects[a].detection.neighbors, objects[b].detection.neighbors)
      return first != second ? first > second : a < b
    }
    var kept: [Int] = []
    for index in byWorth {
      let isCovered = kept.contains { other in
        objects[other].cascade != objects[index].cascade
          && objects[other].detection.box.overlap(objects[index].detection.box) >= sameObject
      }
      if !isCovered { kept.append(index) }
    }
    return kept.sorted().map { objects[$0] }
  }
}
