import COneDNN
import NetworkModel
import SystemIO

/// Layers that join branches.
struct BranchTrainingLayers: TrainingLayers {
  let context: TrainingContext

  private func append(
    _ name: String, _ algorithm: dnnl_alg_kind_t, _ first: Value, _ second: Value, into result: Value
  ) throws(Failure) {
    try plan.append(
      name, Primitive.binary(algorithm, first.layout, second.layout, result.layout, engine),
      [(Argument.source, first), (Argument.source1, second), (Argument.destination, result)])
  }

  /// Both inputs in one layout.
  private func operands(_ index: Int) throws(Failure) -> (Value, Value) {
    let name = graph.nodes[index].name
    var (first, second) = (try tape.input(index, 0), try tape.input(index, 1))
    if first.dimensions != second.dimensions {
      (first, second) = (try plan.row(first, first.type, name), try plan.row(second, first.type, name))
    }
    return (first, try plan.value(second, in: first.layout, first.type, name))
  }

  /// By the library where shapes are the same, else by a loop.
  func combine(_ index: Int, _ kind: Arithmetic) throws(Failure) -> Value {
    let (first, second) = (try tape.input(index, 0), try tape.input(index, 1))
    let shapes = graph.nodes[index].inputs.map { graph.nodes[$0].shape }
    if shapes[0] == shapes[1], first.dimensions[0] == plan.count, second.dimensions[0] == plan.count {
      if kind == .add || kind == .average { return try add(index) }
      if kind == .multiply { return try multiply(index) }
    }
    return try LoopTrainingLayers(context: context).combine(index, kind)
  }

  private func add(_ index: Int) throws(Failure) -> Value {
    let (first, second) = try operands(index)
    let result = try plan.value(first.layout, first.type)
    try append(graph.nodes[index].name, dnnl_binary_add, first, second, into: result)
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let shared = Gradient(value: gradient.value, isExclusive: false)
      try tape.contribute(shared, toInputOf: index, 0)
      try tape.contribute(shared, toInputOf: index, 1)
    }
    return result
  }

  private func multiply(_ index: Int) throws(Failure) -> Value {
    let (first, second) = try operands(index)
    let name = graph.nodes[index].name
    let result = try plan.value(first.layout, first.type)
    try append(name, dnnl_binary_mul, first, second, into: result)
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      let incoming = try tape.arranged(gradient, in: first.layout, first.type, name)
      for (position, other) in [(0, second), (1, first)] where tape.needsGradient(index, position) {
        let outgoing = try plan.value(first.layout, first.type)
        try append(name + " (backward)", dnnl_binary_mul, incoming.value, other, into: outgoing)
        try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index, position)
      }
    }
    return result
  }

  /// - Parameter axis: Of the shape without the pictures.
  func concatenate(_ index: Int, _ axis: Int) throws(Failure) -> Value {
    let node = graph.nodes[index]
    let side = TensorLayout.axis(axis, of: node.shape, channelsFirst: graph.channelsFirst)
    // The library joins only one type, and beside bfloat16 there may be the floats of an input or of tiles.
    let type = try tape.input(index).type
    var sources: [Value] = []
    for position in node.inputs.indices {
      var source = try tape.input(index, position)
      if node.shape.count == 1 {
        source = try plan.row(source, type, node.name)
      } else if source.type != type {
        source = try plan.value(source, in: context.plain(source.dimensions, type), type, node.name)
      }
      sources.append(source)
    }
    let primitive = try Primitive.concatenation(sources.map(\.layout), axis: side, engine)
    let size = context.dimensions(node.shape)
    let layout = try primitive.chosenLayout(dnnl_query_dst_md, size)
    let result = try plan.value(layout, type)
    try plan.append(
      node.name, primitive,
      sources.enumerated().map { (Argument.source($0.offset), $0.element) } + [
        (Argument.destination, result)
      ])
    tape.onGradient(of: index) { (gradient: Gradient) throws(Failure) in
      // A part of a blocked format must begin with a block; a plain one may begin anywhere.
      let incoming = try tape.arranged(gradient, in: context.plain(size, type), type, node.name)
      var offset = 0
      for (position, source) in sources.enumerated() {
        defer { offset += source.dimensions[side] }
        guard tape.needsGradient(index, position) else { continue }
        var start = [Int](repeating: 0, count: size.count)
        start[side] = offset
        let part = try incoming.value.layout.part(source.dimensions, at: start)
        let outgoing = try plan.value(source.layout, type)
        try plan.append(
          node.name + " (backward)", Primitive.reorder(part, source.layout, engine),
          [
            (Argument.source, plan.alias(incoming.value.slot, part, type)), (Argument.destination, outgoing),
          ])
        try tape.contribute(Gradient(value: outgoing, isExclusive: true), toInputOf: index, position)
      }
    }
    return result
  }
}
