import COneDNN
import SystemIO

/// A network laid out for one batch size: primitives and our own loops in order, and where in one arena each tensor lies.
///
/// Running it allocates nothing.
final class Plan {
  enum Work {
    /// With the memories it works on.
    case primitive(Primitive, [dnnl_exec_arg_t])
    case loop((Plan) -> Void)
  }

  struct Step {
    var name: String
    var work: Work
    /// Where zeros are written first: a slot whose edge the primitive leaves out.
    var cleared: Int?
    /// The most threads that it may run on (``Engine/limited(to:_:)``); nil for no limit.
    var threadLimit: Int?
    /// True if its weights are 8-bit integers.
    var multipliesIntegers = false

    /// The name of the implementation that oneDNN chose.
    var implementation: String {
      switch work {
      case .primitive(let primitive, _): primitive.implementation
      case .loop: "loop"
      }
    }
  }

  /// Steps that follow each other and run on the same threads.
  struct Stretch {
    var steps: Range<Int>
    var threadLimit: Int?
  }

  let batch: Int
  fileprivate(set) var steps: [Step] = []
  /// All steps in order, so that the number of threads is changed between stretches and not for each step: a dense
  /// layer is as many steps as there are pictures.
  fileprivate(set) var stretches: [Stretch] = []
  /// Pictures in, in the model's data format.
  fileprivate(set) var input: Int = 0
  /// Rows of results out.
  fileprivate(set) var output: Int = 0
  fileprivate(set) var slots: [Slot] = []
  /// Bytes of the arena that the plan needs.
  fileprivate(set) var arenaSize = 0
  fileprivate var memories: [(memory: TensorMemory, slot: Int, offset: Int)] = []
  /// Where the result of each node lies, if they were to be kept: for calibration.
  var results: [(node: Int, slot: Int, layout: TensorLayout)] = []
  /// Keeps weights alive as long as the primitives that read them.
  fileprivate var weights: [TensorMemory] = []
  private var arena: AlignedBuffer?

  init(batch: Int) { self.batch = batch }

  /// A piece of the arena, free again after the last step that uses it.
  struct Slot {
    var byteCount: Int
    var firstUse: Int
    var lastUse: Int
    var offset = 0
  }

  /// Lets every tensor lie in `arena`, which has room for ``arenaSize`` bytes at least.
  func bind(to arena: AlignedBuffer) {
    if self.arena === arena { return }
    self.arena = arena
    for (memory, slot, offset) in memories { memory.bind(to: arena.base + slots[slot].offset + offset) }
  }

  /// The bytes of a slot.
  func bytes(of slot: Int) -> UnsafeMutableRawPointer? { arena.map { $0.base + slots[slot].offset } }

  /// The floats of a slot. The plan has been bound.
  func floats(_ slot: Int) -> UnsafeMutablePointer<Float> {
    (arena!.base + slots[slot].offset).assumingMemoryBound(to: Float.self)
  }

  /// Computes the output from the input.
  func run(_ engine: Engine) throws(Failure) {
    for stretch in stretches {
      try engine.limited(to: stretch.threadLimit) { () throws(Failure) in try execute(stretch.steps, engine) }
    }
    try check(cdnnl_stream_wait(engine.stream), "running the network")
  }

  private func execute(_ range: Range<Int>, _ engine: Engine) throws(Failure) {
    for step in steps[range] {
      if let slot = step.cleared, let bytes = bytes(of: slot) {
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: slots[slot].byteCount)
      }
      switch step.work {
      case .primitive(let primitive, let arguments):
        let status = arguments.withUnsafeBufferPointer {
          cdnnl_primitive_execute(primitive.native, engine.stream, Int32($0.count), $0.baseAddress)
        }
        try check(status, "layer \(step.name)")
      case .loop(let body): body(self)
      }
    }
  }

  fileprivate func findStretches() {
    for (index, step) in steps.enumerated() {
      if let last = stretches.last, last.threadLimit == step.threadLimit {
        stretches[stretches.count - 1].steps = last.steps.lowerBound..<(index + 1)
      } else {
        stretches.append(Stretch(steps: index..<(index + 1), threadLimit: step.threadLimit))
      }
    }
  }
}

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

  init(batch: Int, _ engine: Engine) {
    plan = Plan(batch: batch)
    self.engine = engine
  }

  /// A new tensor in a slot of its own.
  func value(_ layout: TensorLayout) throws(Failure) -> Value {
    let now = plan.steps.count
    plan.slots.append(.init(byteCount: layout.byteCount, firstUse: now, lastUse: now))
    return try alias(plan.slots.count - 1, layout)
  }

  /// A tensor that lies in an existing slot, `offset` bytes from its beginning; the slot grows to hold it.
  func alias(_ slot: Int, _ layout: TensorLayout, offset: Int = 0) throws(Failure) -> Value {
    let memory = try TensorMemory(unbound: layout, engine)
    plan.memories.append((memory, slot, offset))
    plan.slots[slot].byteCount = max(plan.slots[slot].byteCount, offset + layout.byteCount)
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
  func loop(_ name: String, touching slots: [Int], _ body: @escaping (Plan) -> Void) {
    append(.init(name: name, work: .loop(body)), touching: slots)
  }

  private func append(_ step: Plan.Step, touching slots: [Int]) {
    for slot in slots { plan.slots[slot].lastUse = max(plan.slots[slot].lastUse, plan.steps.count) }
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
  func keep(_ value: Value) { plan.slots[value.slot].lastUse = .max }

  /// Finishes the plan: `input` and `output` stay in place from beginning to end, all others share the arena.
  func finish(input: Value, output: Value) -> Plan {
    plan.input = input.slot
    plan.output = output.slot
    plan.slots[input.slot].firstUse = 0
    plan.slots[output.slot].lastUse = plan.steps.count
    placeSlots()
    plan.findStretches()
    return plan
  }

  /// First fit, largest slots first: two slots may overlap if their uses do not.
  private func placeSlots() {
    let order = plan.slots.indices.sorted { plan.slots[$0].byteCount > plan.slots[$1].byteCount }
    var placed: [Int] = []
    for index in order {
      let slot = plan.slots[index]
      let size = (slot.byteCount + 63) & ~63
      let others = placed.map { plan.slots[$0] }
        .filter { $0.firstUse <= slot.lastUse && slot.firstUse <= $0.lastUse }
        .sorted { $0.offset < $1.offset }
      var offset = 0
      for other in others where offset + size > other.offset {
        offset = max(offset, (other.offset + other.byteCount + 63) & ~63)
      }
      plan.slots[index].offset = offset
      plan.arenaSize = max(plan.arenaSize, offset + size)
      placed.append(index)
    }
  }
}

/// oneDNN's numbers for what a memory is to a primitive.
enum Argument {
  static let source = Int(cdnnl_arg_source)
  static let source1 = Int(cdnnl_arg_source_1)
  static let destination = Int(cdnnl_arg_destination)
  static let weights = Int(cdnnl_arg_weights)
  static let bias = Int(cdnnl_arg_bias)
  static let mean = Int(cdnnl_arg_mean)
  static let variance = Int(cdnnl_arg_variance)
  static let scale = Int(cdnnl_arg_scale)
  static let shift = Int(cdnnl_arg_shift)
  static func source(_ index: Int) -> Int { Int(cdnnl_arg_multiple_source) + index }
}
