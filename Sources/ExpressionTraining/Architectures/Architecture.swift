import NetworkModel
import NetworkTraining
import SystemIO

/// A network that is made here, with the parts that a search may vary.
package struct Architecture: Sendable, Equatable {
  /// The kinds of networks.
  package enum Name: String, Sendable, CaseIterable {
    /// Three large convolutions and three dense layers; its weights are those of the network that older programs
    /// around FER-2013 use.
    case classic
    /// Blocks of two 3x3 convolutions with batch normalization.
    case compact
    /// The same with squeeze-and-excitation after each block.
    case compactSE = "compact-se"
  }

  /// Which kind it is.
  package var name = Name.classic
  /// Filters of each convolution (classic) or block (compact); nil for the architecture's own.
  package var filters: [Int]?
  /// Kernel sides of each convolution (classic) or block (compact).
  package var kernels: [Int]?
  /// Units of the dense layers before the last; only the classic one has any.
  package var denseUnits: [Int]?
  /// Rate of all dropout layers; nil for the architecture's own, 0 for none.
  package var dropout: Double?

  /// A kind as it is without changes.
  package init(_ name: Name = .classic) { self.name = name }

  /// Filters as they are used.
  package var usedFilters: [Int] {
    filters ?? (name == .classic ? [128, 256, 512] : [32, 64, 128, 256])
  }

  var usedKernels: [Int] {
    let standard = name == .classic ? [9, 6, 3] : [3]
    let given = kernels ?? standard
    // One kernel side serves all; more filters than kernels repeat the last.
    return usedFilters.indices.map { given[min($0, given.count - 1)] }
  }

  var usedDenseUnits: [Int] { denseUnits ?? (name == .classic ? [128, 64] : []) }

  var usedDropout: Double { dropout ?? (name == .classic ? 0.5 : 0.3) }

  /// The network with fresh weights.
  /// - Parameters:
  ///   - inputShape: Height, width and channels.
  ///   - classes: The number of outputs.
  ///   - rescaling: True for pixels of 0 to 255, which it divides by 255 first; false for prepared values.
  ///   - initializer: For kernels; nil for Glorot's.
  ///   - seed: Of the weights.
  /// - Throws: ``Failure`` (`usage`) naming the layer that does not fit the input's size.
  package func graph(
    inputShape: [Int], classes: Int, rescaling: Bool = true, initializer: Initializer? = nil, seed: UInt64
  ) throws(Failure) -> ModelGraph {
    var list = LayerList()
    if rescaling { list.add("rescaling", .affine(scale: [1 / 255], offset: [0])) }
    switch name {
    case .classic: addClassic(to: &list)
    case .compact, .compactSE: addCompact(to: &list)
    }
    list.add("dense", .dense(units: classes, bias: true, .softmax))
    do throws(Failure) {
      var graph = try ModelGraph(
        name: "expressions", layers: list.layers, output: list.last, inputShape: inputShape)
      try graph.initializeWeights(initializer, seed: seed)
      return graph
    } catch {
      throw Failure(
        .usage, step: "architecture \(name.rawValue)", subject: error.subject, cause: error.cause)
    }
  }

  private func addDropout(to list: inout LayerList) {
    if usedDropout > 0 { list.add("dropout", .dropout(rate: Float(usedDropout))) }
  }

  private func addDense(to list: inout LayerList) {
    for units in usedDenseUnits { list.add("dense", .dense(units: units, bias: true, .relu())) }
  }

  /// Convolution without padding, pooling, dropout; three times. Then dense layers.
  private func addClassic(to list: inout LayerList) {
    for (filters, kernel) in zip(usedFilters, usedKernels) {
      let window = Window(kernel: Window.Pair(kernel, kernel))
      list.add("conv2d", .convolution(filters: filters, window: window, groups: 1, bias: true, .relu()))
      list.add("max_pooling2d", .maximumPooling(.halving))
      addDropout(to: &list)
    }
    list.add("flatten", .flatten(pixelsFirst: false))
    addDense(to: &list)
  }

  /// Blocks of two convolutions that keep the size, each with batch normalization, which makes biases useless;
  /// the pictures are halved after each block and averaged after the last.
  private func addCompact(to list: inout LayerList) {
    for (filters, kernel) in zip(usedFilters, usedKernels) {
      let window = Window(kernel: Window.Pair(kernel, kernel), same: true)
      for _ in 0..<2 {
        list.add("conv2d", .convolution(filters: filters, window: window, groups: 1, bias: false, .linear))
        list.add(
          "batch_normalization",
          .batchNormalization(epsilon: 1e-3, momentum: 0.9, center: true, scale: true))
        list.add("re_lu", .activation(.relu()))
      }
      list.add("max_pooling2d", .maximumPooling(.halving))
      if name == .compactSE { addExcitation(of: filters, to: &list) }
    }
    list.add("global_average_pooling2d", .globalAveragePooling(keepingDimensions: false))
    addDense(to: &list)
    addDropout(to: &list)
  }

  /// Squeeze-and-excitation (Hu et al., arXiv:1709.01507): every channel is multiplied by a number from 0 to 1 that two
  /// small layers make of the means of all channels. After pooling it costs a quarter: a maximum may be taken before or
  /// after its channel is multiplied by a positive number.
  private func addExcitation(of channels: Int, to list: inout LayerList) {
    let input = list.last
    let pixel = Window(kernel: Window.Pair(1, 1))
    list.add("global_average_pooling2d", .globalAveragePooling(keepingDimensions: true))
    list.add(
      "conv2d",
      .convolution(filters: max(channels / 8, 4), window: pixel, groups: 1, bias: true, .relu()))
    list.add("conv2d", .convolution(filters: channels, window: pixel, groups: 1, bias: true, .sigmoid))
    list.add("multiply", .multiply, to: [input, list.last])
  }
}

extension Window {
  fileprivate static let halving = Window(kernel: Pair(2, 2), strides: Pair(2, 2))
}
