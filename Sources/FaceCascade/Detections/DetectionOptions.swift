import SystemIO

/// The size of an object in pixels; a side of 0 means no limit.
package struct ObjectSize: Sendable, Equatable {
  /// The width in pixels.
  package var width: Int
  /// The height in pixels.
  package var height: Int

  /// A size in pixels.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A square of this side.
  package init(_ side: Int) {
    self.init(width: side, height: side)
  }
}

/// The parameters of OpenCV's `CascadeClassifier::detectMultiScale`, under the same names.
package struct DetectionOptions: Sendable, Equatable {
  /// The scale step between successive pyramid levels; greater than 1.
  package var scaleFactor: Double
  /// An object needs more than this many overlapping raw detections; 0 keeps every raw detection.
  package var minNeighbors: Int
  /// Objects smaller than this in either direction are not detected.
  package var minSize: ObjectSize
  /// Objects larger than this in either direction are not detected; 0 in either direction means no limit.
  package var maxSize: ObjectSize

  /// The given parameters; the defaults are OpenCV's.
  package init(
    scaleFactor: Double = 1.1, minNeighbors: Int = 3, minSize: ObjectSize = ObjectSize(0),
    maxSize: ObjectSize = ObjectSize(0)
  ) {
    self.scaleFactor = scaleFactor
    self.minNeighbors = minNeighbors
    self.minSize = minSize
    self.maxSize = maxSize
  }

  /// Checks the ranges.
  ///
  /// - Throws: ``Failure`` `.usage` that names the option.
  package func validate() throws(Failure) {
    func failure(_ subject: String, _ cause: String) -> Failure {
      Failure(.usage, step: "detection", subject: subject, cause: cause)
    }
    guard scaleFactor > 1, scaleFactor.isFinite else {
      throw failure("scale factor", "\(scaleFactor) is not more than 1")
    }
    guard minNeighbors >= 0 else { throw failure("minimum of neighbors", "\(minNeighbors) is negative") }
    guard minSize.width >= 0, minSize.height >= 0 else {
      throw failure("minimum size", "\(minSize.width)x\(minSize.height) is negative")
    }
    guard maxSize.width >= 0, maxSize.height >= 0 else {
      throw failure("maximum size", "\(maxSize.width)x\(maxSize.height) is negative")
    }
  }
}
