import COneDNN
import SystemIO

/// Makes a ``Plan``: the part that knows slots, arguments and reorders, and nothing of layers.
final class PlanBuilder {
  /// A tensor in the making: where it lies and how.
  struct Value {
    var memory: TensorMemory
    var slot: Int
    /// Keras's order of a flattened picture's values: channels fastest, or slowest.
    var channelsLast = true
    /// What one step of an 8-bit value is worth; 1 for floats.
    var scale: Float = 1
    var layout: TensorLayout { memory.layout }
    var format: NumberFormat { NumberFormat(type: memory.layout.type, scale: scale) }
    var dimensions: [Int] { memory.layout.dimensions }
  }

  let plan: Plan
  let engine: Engine
  /// What each primitive works in, though it be in several steps.
  private var scratchpads: [ObjectIdentifier: Value] = [:]
  /// Reordered copies by the slot they were made from: several layers may want the same.
  private var copies: [(slot: Int, copy: Value)] = []
  var batch: Int { plan.batch }
  /// Threads that share out loops of our own.
  let threads: Int

  init(batch: Int, _ engine: Engine) {
    plan = Plan(batch: batch)
    self.engine = engine
    threads = engine.threads > 0 ? engine.threads : max(Int(cdnnl_get_threads()), 1)
  }

  /// A new tensor in a slot of its own.
  func value(_ layout: TensorLayout) throws(Failure) -> Value {
    let now = plan.steps.count
    plan.layout.slots.append(.init(byteCount: layout.byteCount, firstUse: now, lastUse: now))
    return try alias(plan.layout.slots.count - 1, layout)
  }

  /// A tensor that lies in an existing slot, `offset` bytes from its beginning; the slot grows to hold it.
  func alias(_ slot: Int, _ layout: TensorLayout, offset: Int = 0) throws(Failure) -> Value {
    let memory = try TensorMemory(unbound: layout, engine)
    plan.memories.append((memory, slot, offset))
    plan.layout.slots[slot].byteCount = max(plan.layout.slots[slot].byteCount, offset + layout.byteCount)
    return Value(memory: memory, slot: slot)
  }

  /// Appends a primitive that reads and writes `values` and reads `weights`.
  func step(
    _ name: String, _ primitive: Primitive, _ values: [(Int, Value)], weights: [(Int, TensorMemory)] = [],
    clearing: Value? = nil, threadLimit: Int? = nil
  ) throws(Failure) {
    var arguments = (values.map { ($0.0, $0.1.memory) } + weights).map {
      dnnl_exec_arg_t(arg: Int32($0.0), memory: $0.1.native)
    }
    var touched = values.map(\.1.slot)
    if let layout = primitive.layout(dnnl_query_scratchpad_md), layout.byteCount > 0 {
      let key = ObjectIdentifier(primitive)
      let scratchpad = if let found = scratchpads[key] { found } else { try value(layout) }
      scratchpads[key] = scratchpad
      arguments.append(
        dnnl_exec_arg_t(arg: Int32(cdnnl_arg_scratchpad), memory: scratchpad.memory.native))
      touched.append(scratchpad.slot)
    }
    plan.weights += weights.map(\.1)
    append(
      .init(
        name: name, work: .primitive(primitive, arguments), cleared: clearing?.slot, threadLimit: threadLimit,
        multipliesIntegers: weights.contains { $0.1.layout.type == .int8 }), touching: touched)
  }

  /// Appends a loop of our own, which shares its work out among oneDNN's threads itself.
  func loop(
    _ name: String, touching slots: [Int], multipliesIntegers: Bool = false, _ body: @escaping (Plan) -> Void
  ) {
    append(
      .init(name: name, work: .loop(body), multipliesIntegers: multipliesIntegers), touching: slots)
  }

  private func append(_ step: Plan.Step, touching slots: [Int]) {
    for slot in slots {
      plan.layout.slots[slot].lastUse = max(plan.layout.slots[slot].lastUse, plan.steps.count)
    }
    plan.steps.append(step)
  }

  /// The same tensor in `layout`: itself, or a reordered copy.
  /// - Parameter scale: What one step of the copy is worth; nil for the same as of the source.
  func value(_ source: Value, in layout: TensorLayout, _ name: String, scale: Float? = nil) throws(Failure)
    -> Value
  {
    let scale = scale ?? source.scale
    if scale == source.scale, source.layout.isEqual(to: layout) { return source }
    if let made = copies.first(where: {
      $0.slot == source.slot && $0.copy.scale == scale && $0.copy.layout.isEqual(to: layout)
    }) {
      return made.copy
    }
    var copy = try value(layout)
    copy.scale = scale
    copy.channelsLast = source.channelsLast
    try step(
      name + " (reorder)",
      Primitive.reorder(source.layout, layout, engine, factor: source.scale / scale),
      [(Argument.source, source), (Argument.destination, copy)])
    copies.append((source.slot, copy))
    return copy
  }

  /// Keeps a tensor in its place until the plan has run.
  func keep(_ value: Value) { plan.layout.slots[value.slot].lastUse = .max }

  /// Finishes the plan: `input` and `outputs` stay in place from beginning to end, all others share the arena.
  func finish(input: Value, outputs: [Value]) -> Plan {
    plan.input = input.slot
    plan.outputs = outputs.map(\.slot)
    plan.layout.slots[input.slot].firstUse = 0
    for output in outputs { plan.layout.slots[output.slot].lastUse = plan.steps.count }
    plan.layout.placeSlots()
    plan.findStretches()
    return plan
  }
}
