/// How collections of pictures of different sizes are read.
package struct CollectionOptions: Sendable {
  /// Pictures with a longer side are downscaled to it, in pixels.
  package var longestSide: Int
  /// Pictures with a shorter side are left out, in pixels.
  package var shortestSide: Int
  /// Pictures whose gray levels have a smaller standard deviation are left out: there is nothing to see in them.
  package var leastDeviation: Float = 4
  /// Pictures are left out if their ``MeanHash`` differs from that of an earlier one in no more than this many of its 256
  /// places; nil to keep all.
  package var duplicateDistance: Int?
  /// Pixels in memory, with the pictures' halves: where they would be more, all pictures are halved until they fit.
  package var memoryLimit = 1_500_000_000
  /// What all loaders have in common: threads, the largest file, and where messages go. Width and height are ignored.
  package var loading = LoadingOptions(width: 1, height: 1)

  /// For crops of an object.
  package static var crops: CollectionOptions { CollectionOptions(longestSide: 128, shortestSide: 8) }

  /// For backgrounds.
  package static var backgrounds: CollectionOptions {
    var options = CollectionOptions(longestSide: 1400, shortestSide: 96)
    options.duplicateDistance = 4
    return options
  }

  /// No picture is left out for being like another.
  package init(longestSide: Int, shortestSide: Int) {
    self.longestSide = longestSide
    self.shortestSide = shortestSide
  }
}
