import FrameStream
import SystemIO

/// What finds the faces of a frame: cascades or a network. To be used by one thread at a time.
protocol FaceFinder: AnyObject {
  /// What the filter's entry in the stream's `history` says of it.
  var historyDetails: [(key: String, value: JSONValue)] { get }

  /// A stream begins whose frames are searched with this many threads each.
  func begin(_ video: VideoDescription?, threads: Int)

  /// Searches a frame, unless its picture is that of the search before.
  func search(_ frame: Record) throws(Failure)

  /// Replaces `faces` by those of the last search.
  /// - Parameter areHeld: whether they are for a later frame, which is not searched.
  func write(to faces: inout FaceList, areHeld: Bool)

  /// Another one that finds the same faces.
  func makeCopy() -> any FaceFinder
}
