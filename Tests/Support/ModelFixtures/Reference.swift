import Checkout
import Foundation

/// Data and programs outside the repository that some tests compare with.
package enum Reference {
  /// The folder `shared` beside the repository, or where FM_SHARED says.
  package static let shared = Checkout.shared

  package static let keras = shared.appendingPathComponent("golden/keras")

  /// True if the reference data are there.
  package static let hasGolden = FileManager.default.fileExists(
    atPath: keras.appendingPathComponent("probabilities.ndjson").path)
}
