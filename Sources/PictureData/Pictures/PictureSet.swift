import Glibc
import SystemIO

/// Labelled pictures in memory: gray, 8 bits, all of one size.
///
/// An immutable value that shares its pixels with its subsets.
package struct PictureSet: Sendable {
  /// A picture that could not be used, and why.
  package struct Unreadable: Sendable, Equatable {
    /// As ``PictureSet/name(_:)``.
    package let name: String
    /// Why it could not be used.
    package let cause: String

    /// A picture that could not be used.
    package init(name: String, cause: String) {
      self.name = name
      self.cause = cause
    }
  }

  /// The class names in the order of their numbers.
  package let classes: [String]
  /// Columns of pixels.
  package let width: Int
  /// Rows of pixels.
  package let height: Int
  /// Values of one pixel: 1, gray in full range (0 black, 255 white).
  package var channels: Int { 1 }
  /// The pictures that could not be used, in order.
  package let unreadable: [Unreadable]
  let examples: [Example]
  let pixels: PixelStorage
  /// The pictures of this set, as indices into `examples` and `pixels`; nil for all of them.
  private let selection: [Int]?

  /// What is known about a picture besides its pixels.
  struct Example: Sendable {
    /// Relative to the data folder if the picture is inside it, otherwise its path; a stream's frame: its source.
    var name: String
    var label: Int
    /// A share for each class, or empty if `label` has all.
    var targets: [Float] = []
  }

  init(
    classes: [String], width: Int, height: Int, examples: [Example], pixels: PixelStorage,
    unreadable: [Unreadable], selection: [Int]? = nil
  ) {
    self.classes = classes
    self.width = width
    self.height = height
    self.examples = examples
    self.pixels = pixels
    self.unreadable = unreadable
    self.selection = selection
  }

  /// A set of pictures that are in memory already.
  /// - Parameter pixels: all pictures one after the other, rows from the top.
  /// - Throws: ``Failure`` (`badInput`) if the counts do not agree or a label is not the number of a class.
  package init(
    classes: [String], width: Int, height: Int, names: [String], labels: [Int], pixels: [UInt8]
  ) throws(Failure) {
    let size = try PixelStorage.byteCount(width: width, height: height, pictures: names.count)
    guard labels.count == names.count, size == pixels.count, labels.allSatisfy(classes.indices.contains)
    else {
      throw Failure(.badInput, step: "pictures", cause: "names, labels and pixels do not belong together")
    }
    let storage = try PixelStorage(byteCount: size)
    storage.bytes.copyBytes(from: pixels)
    self.init(
      classes: classes, width: width, height: height,
      examples: zip(names, labels).map { Example(name: $0, label: $1) }, pixels: storage, unreadable: [])
  }

  /// The number of pictures.
  package var count: Int { selection?.count ?? examples.count }

  private func position(_ index: Int) -> Int { selection?[index] ?? index }

  /// What is known about picture `index`.
  func example(_ index: Int) -> Example { examples[position(index)] }

  /// The number of picture `index`'s class.
  package func label(_ index: Int) -> Int { example(index).label }

  /// The name of picture `index`: its path in the data folder, `happy/00012.png`.
  package func name(_ index: Int) -> String { example(index).name }

  /// The training target of picture `index`: a share for each class, adding up to 1.
  package func targets(_ index: Int) -> [Float] {
    let example = example(index)
    if !example.targets.isEmpty { return example.targets }
    var targets = [Float](repeating: 0, count: classes.count)
    targets[example.label] = 1
    return targets
  }

  /// Writes ``targets(_:)`` without allocating.
  func write(targetsOf index: Int, to output: UnsafeMutableBufferPointer<Float>) {
    let position = position(index)
    output.update(repeating: 0)
    if examples[position].targets.isEmpty {
      output[examples[position].label] = 1
    } else {
      for (number, share) in examples[position].targets.enumerated() { output[number] = share }
    }
  }

  /// The number of pictures of each class.
  package var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for index in 0..<count { counts[label(index)] += 1 }
    return counts
  }

  /// Runs `body` with picture `index`: height·width bytes, rows from the top.
  package func withPixels<Result>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    let size = width * height
    return try withExtendedLifetime(pixels) {
      let start = pixels.base + position(index) * size
      return try body(UnsafeBufferPointer(start: start, count: size))
    }
  }

  /// The pictures at `indices`, in that order, without copying pixels. ``unreadable`` is left empty.
  package func subset(_ indices: [Int]) -> PictureSet {
    PictureSet(
      classes: classes, width: width, height: height, examples: examples, pixels: pixels, unreadable: [],
      selection: indices.map(position))
  }
}

/// The memory of a set's pixels; written while it is filled, only read once a ``PictureSet`` has it.
final class PixelStorage: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: ``Failure`` (`failed`) if there is not that much memory.
  init(byteCount: Int) throws(Failure) {
    guard let memory = malloc(max(byteCount, 1)) else {
      throw Failure(.failed, step: "pictures", cause: "no memory for \(byteCount >> 20) MiB of pixels")
    }
    bytes = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
  }

  deinit { free(bytes.baseAddress) }

  var base: UnsafeMutablePointer<UInt8> { bytes.baseAddress!.assumingMemoryBound(to: UInt8.self) }

  /// The bytes of the pixels of `pictures` pictures.
  /// - Throws: ``Failure`` (`badInput`) for a size or a number beyond ``PictureLimits``.
  static func byteCount(width: Int, height: Int, pictures: Int) throws(Failure) -> Int {
    let sides = 1...PictureLimits.side
    guard sides.contains(width), sides.contains(height) else {
      throw Failure(
        .badInput, step: "pictures",
        cause: "a size of \(width)x\(height) is not between 1x1 and \(sides.upperBound)x\(sides.upperBound)")
    }
    guard pictures <= PictureLimits.pictures else {
      throw Failure(
        .badInput, step: "pictures", cause: "\(pictures), more than the limit of \(PictureLimits.pictures)")
    }
    return width * height * pictures
  }
}
