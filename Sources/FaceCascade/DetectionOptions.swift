import SystemIO

/// Width and height of an object in pixels.
public struct ObjectSize: Sendable, Equatable {
  public var width: Int
  public var height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A square; 0 means no limit.
  public init(_ side: Int) {
    self.init(width: side, height: side)
  }
}

/// The parameters of OpenCV's `CascadeClassifier::detectMultiScale`, by its names.
public struct DetectionOptions: Sendable, Equatable {
  /// How much larger each size searched is than the one before; more than 1.
  public var scaleFactor: Double
  /// An object needs more than this many candidates that overlap; 0 gives the raw candidates.
  public var minNeighbors: Int
  /// Objects smaller than this in either direction are not searched.
  public var minSize: ObjectSize
  /// Objects larger than this in either direction are not searched; 0 in either direction: no limit.
  public var maxSize: ObjectSize

  public init(
    scaleFactor: Double = 1.1, minNeighbors: Int = 3, minSize: ObjectSize = ObjectSize(0),
    maxSize: ObjectSize = ObjectSize(0)
  ) {
    self.scaleFactor = scaleFactor
    self.minNeighbors = minNeighbors
    self.minSize = minSize
    self.maxSize = maxSize
  }

  /// - Throws: ``Failure`` `.usage` that names the option.
  public func validate() throws(Failure) {
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
