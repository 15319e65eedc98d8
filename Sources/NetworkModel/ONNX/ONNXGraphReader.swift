import SystemIO

/// Turns the nodes that an ONNX graph's outputs depend on into layers, for one picture size.
struct ONNXGraphReader {
  private let file: ONNXFile
  private let files: ONNXExternalData
  private let operatorSet: Int
  private let layers: ONNXLayers
  private var values: [String: ONNXValue] = [:]
  private var folding: ONNXFolding
  private let operators: [ONNXOperators]

  /// - Parameter input: The picture, which the graph's only layer gives.
  init(
    _ file: ONNXFile, _ files: ONNXExternalData, operatorSet: Int, _ layers: ONNXLayers, input: String,
    _ picture: ONNXComputed
  ) {
    (self.file, self.files, self.operatorSet, self.layers) = (file, files, operatorSet, layers)
    folding = ONNXFolding(byteCount: file.byteCount)
    values[input] = .computed(picture)
    operators = [
      ONNXProductOperators(layers: layers), ONNXActivationOperators(layers: layers),
      ONNXPoolingOperators(layers: layers), ONNXArithmeticOperators(layers: layers),
      ONNXArrangementOperators(layers: layers), ONNXResizingOperators(layers: layers),
    ]
  }

  /// The layers that give the graph's outputs, in ONNX's own order of axes, and their shapes.
  /// - Throws: ``Failure`` (`badInput`) naming the node that is unknown, or used in a way that is not supported.
  mutating func read() throws(Failure) -> [(layer: Int, output: ONNXNetwork.Output)] {
    for index in try nodesInOrder() {
      let node = file.nodes[index]
      do throws(Failure) {
        layers.current = (node.name.isEmpty ? node.outputs.first ?? "" : node.name, node.kind)
        try read(node)
      } catch {
        throw error.within("node \(node.label)")
      }
    }
    var results: [(layer: Int, output: ONNXNetwork.Output)] = []
    for output in file.outputs {
      do throws(Failure) {
        guard let value = try value(output.name) else {
          throw Failure(.badInput, step: "reading ONNX", cause: "no node gives it")
        }
        layers.current = (output.name, "Output")
        let layer: Int
        switch value {
        case .computed(let value): layer = try layers.arranged(value, layers.naturalOrder(value.shape))
        case .known:
          throw Failure(.badInput, step: "reading ONNX", cause: "it does not depend on the picture")
        }
        results.append((layer, .init(name: output.name, shape: value.shape)))
      } catch {
        throw error.within("output \(output.name)")
      }
    }
    return results
  }

  /// Turns one node, whose inputs have been read, into values.
  private mutating func read(_ node: ONNXNode) throws(Failure) {
    var inputs: [ONNXValue?] = []
    for name in node.inputs {
      let value = name.isEmpty ? nil : try value(name)
      guard value != nil || name.isEmpty else {
        throw Failure(.badInput, step: "reading ONNX", cause: "\(name) is a result that is not supported")
      }
      inputs.append(value)
    }
    let call = ONNXCall(node: node, inputs: inputs, operatorSet: operatorSet, files: files)
    // A mask of Dropout or an index of MaxPool stays out: who reads it finds nothing.
    for (value, name) in zip(try results(call), node.outputs) { values[name] = value }
  }

  private mutating func results(_ call: ONNXCall) throws(Failure) -> [ONNXValue] {
    guard call.node.domain.isEmpty else {
      throw call.refusal("the operator is of \(call.node.domain), not of ONNX itself")
    }
    if let tensor = try folding.value(call) { return [.known(tensor)] }
    for family in operators { if let values = try family.values(call) { return values } }
    throw call.refusal("the operator \(call.node.kind) is not supported")
  }

  /// A value by its name: read already, or a tensor of the file. Nil if there is none.
  private mutating func value(_ name: String) throws(Failure) -> ONNXValue? {
    if let value = values[name] { return value }
    guard let data = file.tensors[name] else { return nil }
    let value = ONNXValue.known(try data.values(files))
    values[name] = value
    return value
  }

  /// The nodes that the outputs depend on, each after those that it reads.
  private func nodesInOrder() throws(Failure) -> [Int] {
    var givers: [String: Int] = [:]
    for (index, node) in file.nodes.enumerated() {
      for name in node.outputs where !name.isEmpty {
        guard givers.updateValue(index, forKey: name) == nil, values[name] == nil else {
          throw Failure(
            .badInput, step: "reading ONNX", subject: "node \(node.label)", cause: "\(name) is given twice")
        }
      }
    }
    enum State { case new, open, done }
    var states = [State](repeating: .new, count: file.nodes.count)
    var order: [Int] = []
    for output in file.outputs {
      guard let last = givers[output.name], states[last] == .new else { continue }
      var stack = [(node: last, next: 0)]
      states[last] = .open
      while let top = stack.last {
        let node = file.nodes[top.node]
        guard top.next < node.inputs.count else {
          states[top.node] = .done
          order.append(top.node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let name = node.inputs[top.next]
        guard !name.isEmpty, values[name] == nil else { continue }
        guard let giver = givers[name] else {
          if file.tensors[name] != nil { continue }
          throw Failure(
            .badInput, step: "reading ONNX", subject: "node \(node.label)", cause: "nothing gives \(name)")
        }
        switch states[giver] {
        case .done: break
        case .open:
          throw Failure(
            .badInput, step: "reading ONNX", subject: "node \(node.label)",
            cause: "the graph has a cycle: it depends on itself")
        case .new:
          states[giver] = .open
          stack.append((giver, 0))
        }
      }
    }
    return order
  }
}
