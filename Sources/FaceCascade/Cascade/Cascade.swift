import SystemIO

/// A trained cascade of boosted classifiers, as stored in OpenCV's files: immutable, shared by any number of
/// detectors.
///
/// Viola and Jones, "Rapid object detection using a boosted cascade of simple features" (2001), with the
/// tilted features of Lienhart and Maydt (2002) or the multi-block local binary patterns of Zhang et al. (2007).
package final class Cascade: Sendable {
  /// The features of the weak classifiers.
  package enum FeatureKind: String, Sendable {
    /// Differences of sums over rectangles.
    case haar = "HAAR"
    /// Multi-block local binary patterns.
    case lbp = "LBP"
  }

  /// The file's name, or the name given when the cascade was read from bytes.
  package let file: String
  /// The file's ``SHA256`` in hexadecimal digits; empty for a cascade that was not read.
  package let sha256: String
  /// What its weak classifiers look at.
  package let featureKind: FeatureKind
  /// The detection window's width in pixels.
  package let windowWidth: Int
  /// The detection window's height in pixels.
  package let windowHeight: Int
  /// The number of stages, each of which may reject a window.
  package var stageCount: Int { stages.count }
  /// The number of weak classifiers (trees) in all stages.
  package var weakCount: Int { trees.count }
  /// The number of nodes of all trees, each of which looks at one feature.
  package var nodeCount: Int { nodes.count }
  /// True if a weak classifier has more than one node.
  package var hasTrees: Bool { largestTree > 1 }
  /// True if a feature lies at 45 degrees.
  package let hasTilted: Bool

  let stages: [Stage]
  let trees: [Tree]
  let nodes: [Node]
  let leaves: [Float]
  /// LBP only: ``subsetWords`` words a node; bit c is set if code c goes left.
  let subsets: [UInt32]
  let haarFeatures: [HaarFeature]
  let lbpFeatures: [LBPFeature]
  /// The most nodes that a tree has; 1 if all are stumps.
  let largestTree: Int

  static let subsetWords = 8

  /// Rejects a window whose leaves' sum is below the threshold.
  struct Stage: Equatable {
    var firstTree: Int
    var treeCount: Int
    /// The file's value as Float, less 1e-5 as in OpenCV.
    var threshold: Float
  }

  struct Tree: Equatable {
    var firstNode: Int
    var nodeCount: Int
    var firstLeaf: Int
  }

  struct Node: Equatable {
    /// A node of the same tree if positive, otherwise the negated number of a leaf of the tree.
    var left: Int32
    var right: Int32
    var feature: Int32
    /// Haar only: a value below it goes left.
    var threshold: Float
  }

  struct HaarRectangle: Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var weight: Float
  }

  /// The weighted sum of the pixels in one to three rectangles.
  struct HaarFeature: Equatable {
    var rectangles: [HaarRectangle]
    var tilted: Bool
  }

  /// The block at the top left of three by three of the same size.
  struct LBPFeature: Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
  }

  /// Reads a cascade file, in the layout that opencv_traincascade writes.
  ///
  /// - Parameter kind: What the name may lead to: for one that was found in a folder a regular file only.
  /// - Throws: ``Failure`` `.inputOutput` if the file cannot be read, `.badInput` with file and line if it is
  ///   not a cascade or one of an unsupported kind.
  package convenience init(contentsOf path: String, only kind: FileKind = .any) throws(Failure) {
    let beginning = WholeFile.Beginning(XMLLimits.beginning) { (bytes) throws(Failure) in
      // Shorter files are left to the parser, which gives a line.
      guard
        bytes.count < XMLLimits.beginning || bytes.contains(UInt8(ascii: "<"))
          || bytes.starts(with: [0x1F, 0x8B])
      else { throw Failure(.badInput, step: "reading cascade", cause: "it is not XML") }
    }
    let bytes = try WholeFile.read(path, limit: XMLLimits.bytes, only: kind, beginning: beginning)
    try self.init(xml: bytes, file: path)
  }

  /// Reads a cascade from the bytes of a file; `file` is its name for messages.
  ///
  /// - Throws: ``Failure`` `.badInput` with file and line.
  package convenience init(xml bytes: [UInt8], file: String) throws(Failure) {
    // withUnsafeBytes cannot pass a typed throw on with every compiler in use.
    let document = try bytes.withUnsafeBytes { bytes in
      Result { () throws(Failure) in try XMLDocument.read(bytes, file: file, step: "reading cascade") }
    }.get()
    try self.init(CascadeBuilder(document), sha256: bytes.withUnsafeBytes { SHA256.hexadecimal($0) })
  }

  /// The cascade that was built.
  init(_ parts: CascadeBuilder, sha256: String = "") {
    self.sha256 = sha256
    file = parts.file
    featureKind = parts.featureKind
    windowWidth = parts.windowWidth
    windowHeight = parts.windowHeight
    stages = parts.stages
    trees = parts.trees
    nodes = parts.nodes
    leaves = parts.leaves
    subsets = parts.subsets
    haarFeatures = parts.haarFeatures
    lbpFeatures = parts.lbpFeatures
    hasTilted = parts.haarFeatures.contains { $0.tilted }
    largestTree = parts.trees.map(\.nodeCount).max() ?? 0
  }
}
