/// Limits on what a model file may ask for, checked before anything is allocated.
package enum ModelLimits {
  /// The largest model file in bytes.
  package static let file = 1 << 30
  /// The largest JSON member (config.json, fm.json) in bytes.
  package static let text = 16 << 20
  /// Members of an archive.
  static let members = 4096
  /// Bytes of a layer's own name, and of its class's.
  static let name = 1024
  /// Layers of one model, nested ones counted.
  package static let layers = 4096
  /// One side, channel count or number of units.
  package static let dimension = 1 << 24
  /// Values of one layer's result for one picture.
  package static let activations = 1 << 26
  /// Values of all weights.
  package static let parameters = 1 << 28
}
