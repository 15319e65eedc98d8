/// How faces are made unrecognizable.
package struct HidingStyle: Sendable, Equatable {
  /// What a hidden face becomes.
  package enum Method: String, Sendable, CaseIterable {
    /// The mean colors of a few cells, with smooth transitions between them.
    case blur
    /// The mean colors of a few cells.
    case mosaic
    /// Black, which keeps nothing of the face.
    case fill
  }

  /// The outline of what is hidden.
  package enum Shape: String, Sendable, CaseIterable {
    /// The largest ellipse in the face's box with its margin.
    case oval
    /// The box with its margin.
    case box
  }

  /// What a hidden face becomes.
  package var method: Method
  /// The outline of what is hidden.
  package var shape: Shape
  /// The fraction of the box that is hidden beyond it on every side.
  package var margin: Double

  /// Cells across the larger side of a face. Blur and mosaic keep one color of each and nothing else, so that no
  /// sharpening brings back more.
  package static let cellsAcross = 3.0
  /// What is left of the cells' differences from their mean: one part in this many. With more contrast, a detector still
  /// takes cells of skin between hair and clothes for a face.
  static let contrastDivisor: Int32 = 4

  /// An oval with three tenths of the box around it, unless set otherwise.
  package init(_ method: Method, shape: Shape = .oval, margin: Double = 0.3) {
    self.method = method
    self.shape = shape
    self.margin = margin
  }
}
