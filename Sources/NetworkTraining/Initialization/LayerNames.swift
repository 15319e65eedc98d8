/// Keras's own names for layers: conv2d, conv2d_1, conv2d_2…
package struct LayerNames {
  private var used: [String: Int] = [:]

  /// No name is used yet.
  package init() {}

  /// The next name of a kind of layer.
  package mutating func next(_ base: String) -> String {
    let count = used[base, default: 0]
    used[base] = count + 1
    return count == 0 ? base : "\(base)_\(count)"
  }
}
