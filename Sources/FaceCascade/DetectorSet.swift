import FrameStream
import SystemIO

/// Several cascades on one picture, and others inside what they find: faces from the front and the side, eyes in them.
///
/// A set belongs to one thread at a time, as its detectors do.
package final class DetectorSet {
  /// A detector and what its objects are called.
  package struct Member {
    package var name: String
    package var detector: CascadeDetector

    package init(name: String, detector: CascadeDetector) {
      self.name = name
      self.detector = detector
    }
  }

  /// What becomes of objects that two cascades find at the same place.
  package enum Overlaps: String, Sendable, CaseIterable {
    /// Each stays.
    case keep
    /// The one with more neighbors stays; of equals, that of the earlier cascade.
    case merge
  }

  /// An object, which cascade found it, and what was found in it.
  package struct Object: Sendable, Equatable {
    package var detection: Detection
    /// The member's name.
    package var cascade: String
    /// In pixels of the whole picture, in the order of the nested members.
    package var parts: [Part]

    /// An object found inside another.
    package struct Part: Sendable, Equatable {
      package var detection: Detection
      /// The nested member's name.
      package var cascade: String
    }
  }

  /// Those that look at the whole picture.
  package let members: [Member]
  /// Those that look inside each object that a member found.
  package let nested: [Member]
  /// What becomes of objects that two members find at the same place.
  package let overlaps: Overlaps
  /// Where objects are looked for; nil: everywhere.
  package var region: PixelRectangle?

  private var found: [Detection] = []

  /// Objects of different cascades are the same if they share this part of the area that both cover together.
  private static let sharedPart = 0.5

  package init(
    _ members: [Member], nested: [Member] = [], overlaps: Overlaps = .merge, region: PixelRectangle? = nil
  ) {
    self.members = members
    self.nested = nested
    self.overlaps = overlaps
    self.region = region
  }

  /// The objects in a grey picture, in the order of the members.
  ///
  /// - Throws: what ``CascadeDetector/detect(_:)`` throws.
  package func detect(_ picture: PlaneView) throws(Failure) -> [Object] {
    var objects: [Object] = []
    try detect(picture, into: &objects)
    return objects
  }

  /// Replaces `objects` by those in a grey picture; the array's memory is used again.
  ///
  /// - Throws: as ``detect(_:)``; `objects` is of no use then.
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

  /// Leaves out every object that covers the same place as a better one of another cascade.
  static func merged(_ objects: [Object]) -> [Object] {
    let byWorth = objects.indices.sorted { a, b in
      let (first, second) = (objects[a].detection.neighbors, objects[b].detection.neighbors)
      return first != second ? first > second : a < b
    }
    var kept: [Int] = []
    for index in byWorth {
      let isCovered = kept.contains { other in
        objects[other].cascade != objects[index].cascade
          && objects[other].detection.box.overlap(objects[index].detection.box) >= sharedPart
      }
      if !isCovered { kept.append(index) }
    }
    return kept.sorted().map { objects[$0] }
  }
}
