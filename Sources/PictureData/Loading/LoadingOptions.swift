import FrameStream
import SystemIO

/// How pictures are loaded.
package struct LoadingOptions: Sendable {
  /// The width to which every picture is resized.
  package var width: Int
  /// The height to which every picture is resized.
  package var height: Int
  /// A picture file of more pixels counts as unreadable, so that its memory is bounded.
  package var maximumPixels = 1 << 26
  /// Whether the first unreadable picture ends loading, instead of being listed.
  package var strict = false
  /// Decoding threads; 0 for as many as there are processors.
  package var threads = 0
  /// The file that keeps decoded pictures from one run to the next.
  package var cache: String?
  /// Whether the data's classes replace given ones if some of them are new and their number differs: for a network
  /// whose last layer is replaced then.
  package var mayHaveOtherClasses = false
  /// The fraction of a face's box that is added on every side, for streams with boxes.
  package var margin = 0.0
  /// The size and margin of the faces of a stream with boxes, where they differ from ``width``, ``height`` and
  /// ``margin``: those of fm-classify, which crops to the network's input.
  package var faces: FaceSize?

  /// A size in pixels, and a margin as a fraction of the box.
  package struct FaceSize: Sendable {
    /// Width in pixels.
    package var width: Int
    /// Height in pixels.
    package var height: Int
    /// What a box grows by on every side, as a fraction of the box.
    package var margin: Double

    /// A size and a margin.
    package init(width: Int, height: Int, margin: Double) {
      self.width = width
      self.height = height
      self.margin = margin
    }
  }

  /// Receives warnings; may be called on other threads.
  package var onWarning: (@Sendable (String) -> Void)?
  /// Receives details for verbose output: the names of files that are skipped.
  package var onNote: (@Sendable (String) -> Void)?
  /// Receives the number of pictures done and of all, now and then; may be called on other threads.
  package var onProgress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Asked now and then; true cancels loading.
  package var shouldStop: (@Sendable () -> Bool)?

  /// The defaults, for pictures of this size.
  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Warns that files whose extension is not an image format are skipped, and notes each of them.
  func report(otherFiles names: [String], in folder: String) {
    guard !names.isEmpty else { return }
    let count = names.count == 1 ? "1 file" : "\(names.count) files"
    onWarning?(
      "\(folder): \(count) skipped: not \(names.count == 1 ? "an image" : "images") by extension"
    )
    for name in names { onNote?("\(folder): skipped: \(name)") }
  }

  /// The classes of a set.
  /// - Parameters:
  ///   - known: Those that are given; nil if none are.
  ///   - found: Those that the data has.
  func classes(given known: [String]?, found: [String]) -> [String] {
    guard let known else { return found }
    let isOther = found.count != known.count && !Set(found).isSubset(of: known)
    return mayHaveOtherClasses && isOther ? found : known
  }
}
