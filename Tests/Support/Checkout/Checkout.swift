import Foundation

/// The checkout that the tests were built from.
package enum Checkout {
  /// The folder that holds Package.swift.
  package static let root: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    repeat {
      folder.deleteLastPathComponent()
    } while folder.path != "/"
      && !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path)
    return folder
  }()

  /// The reference data beside the checkout, or where FM_SHARED says; absent for most people.
  package static let shared: URL =
    if let path = ProcessInfo.processInfo.environment["FM_SHARED"] {
      URL(fileURLWithPath: path)
    } else {
      root.deletingLastPathComponent().appendingPathComponent("shared")
    }
}
