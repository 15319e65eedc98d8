import SystemIO

/// Width and height of an object in pixels.
package struct ObjectSize: Sendable, Equatable {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A square; 0 means no limit.
  package init(_ side: Int) {
    self.init(width: side, height: side)
  }
}

/// The parameters of OpenCV's `CascadeClassifier::detectMultiScale`, by its names.
package struct DetectionOptions: Sendable, Equatable {
  /// How much larger each size searched is than the one before; more than 1.
  package var scaleFactor: Double
  /// An object needs more than this many candidates that overlap; 0 gives the raw candidates.
  package var minNeighbors: Int
  /// Objects smaller than this in either direction are not searched.
  package var minSize: ObjectSize
  /// Objects larger than this in either direction are not searched; 0 in either direction: no limit.
  package var maxSize: ObjectSize

  package init(
    scaleFactor: Double = 1.1, minNeighbors: Int = 3, minSize: ObjectSize = ObjectSize(0),
    maxSize: ObjectSize = ObjectSize(0)
  ) {
    self.scaleFactor = scaleFactor
    self.minNeighbors = minNeighbors
    self.minSize = minSize
    self.maxSize = maxSize
  }

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
