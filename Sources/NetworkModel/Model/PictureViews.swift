/// The views of a face over which a network's answers are averaged.
///
/// A network that has learned from pictures and their mirror images answers a little differently for the two; the mean
/// of both is right more often than either. What is measured for some views, such as a temperature, holds for these.
package enum PictureViews: String, Sendable, CaseIterable {
  /// The middle of the picture.
  case single
  /// The middle, and its mirror image.
  case flip
  /// The four corners and the middle, and their mirror images.
  case tenCrop = "ten-crop"

  /// The default of `fm-classify`.
  package static let standard = PictureViews.flip

  /// Views of one picture.
  package var count: Int {
    switch self {
    case .single: 1
    case .flip: 2
    case .tenCrop: 10
    }
  }

  /// What a key of `fm.json` ends with whose value was measured for these views: nothing for a single one.
  var keySuffix: String {
    switch self {
    case .single: ""
    case .flip: "_flip"
    case .tenCrop: "_ten_crop"
    }
  }

  /// Whose value is used: that of these views or, where a file has none, of the nearest ones.
  private var preference: [PictureViews] {
    switch self {
    case .single, .flip: [self, self == .flip ? .single : .flip, .tenCrop]
    case .tenCrop: [.tenCrop, .flip, .single]
    }
  }

  /// The value that was measured for these views, or for others where there is none; nil if there is no value.
  package func nearest<Value>(in values: [PictureViews: Value]) -> (views: PictureViews, value: Value)? {
    preference.lazy.compactMap { views in values[views].map { (views, $0) } }.first
  }

  /// Replaces the rows of each picture's views by their mean.
  /// - Parameters:
  ///   - rows: For each picture, a row of `classes` values for each view, one after the other; one row for each picture
  ///     afterwards.
  ///   - classes: The values of a row.
  package func average(_ rows: inout [Float], classes: Int) {
    let views = count
    guard views > 1, classes > 0 else { return }
    let pictures = rows.count / (views * classes)
    rows.withUnsafeMutableBufferPointer { rows in
      for picture in 0..<pictures {
        for number in 0..<classes {
          var sum: Float = 0
          for view in 0..<views { sum += rows[(picture * views + view) * classes + number] }
          // No row that is still to be read lies before its own mean.
          rows[picture * classes + number] = sum / Float(views)
        }
      }
    }
    rows.removeLast(rows.count - pictures * classes)
  }
}
