import FrameStream
import SystemIO

/// Who a face belongs to.
package struct PersonPlace: Sendable {
  /// The person's place among the ``Findings/persons``.
  package var place: Int
  /// The number that the person goes by.
  package var number: Int
}

/// A frame with its faces; one object is filled for one frame after the other.
package final class FindingsFrame {
  /// The frame's number in its stream.
  package private(set) var sequence = 0
  /// Its number in the input: that of its stream, behind the frames of the streams before.
  package internal(set) var number = 0
  /// Its time in the stream's time base.
  package private(set) var presentationTime = 0
  /// The same in seconds.
  package private(set) var time = 0.0
  /// When it is shown in seconds, on one time line for the whole input; never before the frame before it.
  package internal(set) var position = 0.0
  /// How long it is shown, in seconds; nil where its record does not say.
  package private(set) var duration: Double?
  /// Pixels in a row and rows; nil where neither the frame nor its stream says.
  package private(set) var size: (width: Int, height: Int)?
  /// The file of a picture that is one of several; nil for the stream's.
  package private(set) var source: String?
  /// Whether a detector has seen the frame.
  package private(set) var isSearched = false
  /// Its faces, in the record's order.
  package private(set) var faces: [FaceValues] = []
  /// The person of each face; nil for a face that belongs to nobody.
  package internal(set) var people: [PersonPlace?] = []
  /// The record itself, for who looks at pixels; valid while the frame is.
  package private(set) var record: Record?

  /// A frame to be filled.
  package init() {}

  /// Takes what a record says.
  /// - Parameter options: whether faces that a tracker put in are left out, so that all is as it was found, and which
  ///   faces have no expression.
  /// - Throws: ``Failure`` (`badInput`) if the faces make no sense.
  package func assign(
    _ record: Record, of stream: FindingsStream, _ names: inout ClassNames, _ options: RunOptions
  ) throws(Failure) {
    self.record = record
    sequence = record.sequence
    presentationTime = record.presentationTime
    time = stream.timeBase.seconds(presentationTime)
    duration = record.duration.flatMap { $0 > 0 ? stream.timeBase.seconds($0) : nil }
    size = record.layout.map { ($0.width, $0.height) } ?? stream.size
    source = record.source
    let found = try record.faces()
    isSearched = found != nil
    var count = 0
    for face in found ?? [] {
      if count == faces.count { faces.append(FaceValues()) }
      try faces[count].assign(face, &names)
      if options.minimumConfidence > 0 { faces[count].dropClasses(below: options.minimumConfidence) }
      if options.isRaw, faces[count].isFilled, !faces[count].isHeld { continue }
      count += 1
    }
    faces.removeLast(faces.count - count)
  }
}
