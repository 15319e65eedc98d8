import NetworkEngine

/// Where the time of an epoch went.
package struct EpochTimes: Sendable {
  /// Seconds in which the network waited for pictures, which other threads prepare meanwhile.
  package var waiting = 0.0
  /// Seconds for the teachers' answers.
  package var teaching = 0.0
  /// Seconds for the network's results and gradients.
  package var network = 0.0
  /// Seconds for moving the weights.
  package var optimizer = 0.0
  /// Seconds for validation.
  package var validation = 0.0
  /// The network's by layer, forward and backward.
  package var layers: [LayerTime] = []

  /// Seconds of results, the loss among them.
  package var forward: Double { layers.reduce(0) { $0 + ($1.isBackward ? 0 : $1.seconds) } }
  /// Seconds of gradients.
  package var backward: Double { layers.reduce(0) { $0 + ($1.isBackward ? $1.seconds : 0) } }

  /// The layers that lose most against the rate of large products of matrices, the worst first.
  package func slowest(_ count: Int) -> [LayerTime] {
    Array(layers.sorted { $0.seconds - $0.floor > $1.seconds - $1.floor }.prefix(count))
  }
}
