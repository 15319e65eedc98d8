import FrameStream
import SystemIO

/// How pictures are loaded.
public struct LoadingOptions: Sendable {
  /// The size that every picture is brought to.
  public var width: Int
  public var height: Int
  /// A picture file of more pixels counts as unreadable, so that its memory is bounded.
  public var maximumPixels = 1 << 26
  /// Whether the first unreadable picture ends loading, instead of being listed.
  public var strict = false
  /// Decoding threads; 0 for as many as there are processors.
  public var threads = 0
  /// The file that keeps decoded pictures from one run to the next.
  public var cache: String?
  /// Whether classes that are settled give way to those of the data, if there are classes among these that are not
  /// settled and their number is another: for a network whose last layer is made anew then.
  public var mayHaveOtherClasses = false
  /// How much of a face's box is added on every side of it, for streams with boxes.
  public var margin = 0.0
  /// Called with what is worth knowing although loading goes on; may be called on other threads.
  public var onWarning: (@Sendable (String) -> Void)?
  /// Called with what only a curious person wants to know: the names of files that are passed over.
  public var onNote: (@Sendable (String) -> Void)?
  /// Called with the number of pictures done and of all, now and then; may be called on other threads.
  public var onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Asked now and then whether to give up.
  public var shouldStop: (@Sendable () -> Bool)?

  /// For pictures of this size; all else as it is by default.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Tells that files which are no pictures by their names are passed over, and then each of them.
  func tell(otherFiles names: [String], in folder: String) {
    guard !names.isEmpty else { return }
    let count = names.count == 1 ? "1 file" : "\(names.count) files"
    onWarning?(
      "\(folder): \(count) passed over: no \(names.count == 1 ? "picture by its name" : "pictures by their names")"
    )
    for name in names { onNote?("\(folder): passed over: \(name)") }
  }

  /// The classes of a set.
  /// - Parameters:
  ///   - known: Those that are settled; nil if none are.
  ///   - found: Those that the data has.
  func classes(settled known: [String]?, found: [String]) -> [String] {
    guard let known else { return found }
    let isOther = found.count != known.count && !Set(found).isSubset(of: known)
    return mayHaveOtherClasses && isOther ? found : known
  }
}

/// So many threads as were asked for, 0 being one for each processor.
func threadCount(_ asked: Int) -> Int { asked > 0 ? asked : Processors.available }
