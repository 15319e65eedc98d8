import FrameStream
import SystemIO

/// How pictures are loaded.
package struct LoadingOptions: Sendable {
  /// The size that every picture is brought to.
  package var width: Int
  package var height: Int
  /// A picture file of more pixels counts as unreadable, so that its memory is bounded.
  package var maximumPixels = 1 << 26
  /// Whether the first unreadable picture ends loading, instead of being listed.
  package var strict = false
  /// Decoding threads; 0 for as many as there are processors.
  package var threads = 0
  /// The file that keeps decoded pictures from one run to the next.
  package var cache: String?
  /// Whether classes that are settled give way to those of the data, if there are classes among these that are not
  /// settled and their number is another: for a network whose last layer is made anew then.
  package var mayHaveOtherClasses = false
  /// How much of a face's box is added on every side of it, for streams with boxes.
  package var margin = 0.0
  /// The size and margin of the faces of a stream with boxes, where they differ from ``width``, ``height`` and
  /// ``margin``: those of fm-classify, which crops to the network's input.
  package var faces: FaceSize?

  /// A size and a margin.
  package struct FaceSize: Sendable {
    package var width: Int
    package var height: Int
    package var margin: Double

    package init(width: Int, height: Int, margin: Double) {
      self.width = width
      self.height = height
      self.margin = margin
    }
  }
  /// Called with what is worth knowing although loading goes on; may be called on other threads.
  package var onWarning: (@Sendable (String) -> Void)?
  /// Called with what only a curious person wants to know: the names of files that are passed over.
  package var onNote: (@Sendable (String) -> Void)?
  /// Called with the number of pictures done and of all, now and then; may be called on other threads.
  package var onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Asked now and then whether to give up.
  package var shouldStop: (@Sendable () -> Bool)?

  /// For pictures of this size; all else as it is by default.
  package init(width: Int, height: Int) {
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
