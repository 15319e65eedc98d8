import ExpressionNet
import Glibc
import SystemIO

extension FuzzTarget {
  /// A `.keras` or `.h5` model file.
  static let model = FuzzTarget(
    name: "model", words: [], seeds: { [] },
    run: { bytes in
      _ = try? ExpressionModel(bytes: Array(bytes))
    })
}
