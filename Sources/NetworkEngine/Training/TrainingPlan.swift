import COneDNN
import SystemIO

/// One training step laid out for one number of pictures: primitives and our own loops in order, forward and then
/// backward, and where in one arena each tensor lies. Running it allocates nothing.
final class TrainingPlan {
  /// What one run is given and gives back.
  struct Context {
    var seed: UInt64 = 0
    var loss = 0.0
    /// The part of boxes in the loss of a detector, before its weight.
    var boxLoss = 0.0
    var correct = 0
    /// Cells with an object in the targets of a detector.
    var targets = 0
  }

  /// A tensor in a slot of the arena.
  struct Value {
    var memory: TensorMemory
    var slot: Int
    var type: ElementType
    /// Keras's order of a flattened picture's values: channels fastest, or slowest.
    var channelsLast = true
    var layout: TensorLayout { memory.layout }
    var dimensions: [Int] { memory.layout.dimensions }
  }

  /// What a primitive works on: a tensor of the arena, or one outside.
  struct Operand {
    var memory: TensorMemory
    var slot: Int?
    /// Where one outside lies.
    var address: UnsafeMutablePointer<Float>?

    init(_ value: Value) { (memory, slot) = (value.memory, value.slot) }

    init(outside memory: TensorMemory, at address: UnsafeMutablePointer<Float>? = nil) {
      (self.memory, self.address) = (memory, address)
    }
  }

  enum Work {
    case primitive(Primitive, [dnnl_exec_arg_t])
    /// Primitives of one part each, done at the same time.
    case atOnce(PrimitivesAtOnce)
    /// Zeros a slot whose edge the next primitive leaves out.
    case clear(slot: Int)
    case loop((TrainingPlan, inout Context) -> Void)
  }

  let count: Int
  private let engine: Engine
  private var steps: [(name: String, work: Work)] = []
  private var arenaLayout = ArenaLayout()
  private var memories: [(memory: TensorMemory, slot: Int, offset: Int)] = []
  /// Memories that lie outside the arena, kept alive for the primitives that use them.
  private var kept: [TensorMemory] = []
  private var arena: AlignedBuffer?
  /// Bytes of the arena that the plan needs, after ``finish()``.
  var arenaSize: Int { arenaLayout.byteCount }
  /// Pictures in the model's data format, plain floats.
  var input = 0
  let targets: FlatArray
  let exampleWeights: FlatArray
  let probabilities: FlatArray
  /// How teachers count in the loss, and what they say; nil and nothing if there are none.
  let distillation: Distillation?
  let teachers: FlatArray
  /// The first step of the backward part.
  private(set) var firstBackward = Int.max
  /// Whether runs are timed, step by step.
  var isTimed = false
  /// Seconds of each step in the timed runs, and the number of those.
  private var seconds: [Double] = []
  private(set) var timedRuns = 0

  init(count: Int, classes: Int, _ distillation: Distillation?, _ engine: Engine) {
    self.count = count
    self.engine = engine
    self.distillation = distillation
    teachers = FlatArray(count: distillation == nil ? 0 : count * classes)
    targets = FlatArray(count: count * classes)
    exampleWeights = FlatArray(count: count)
    probabilities = FlatArray(count: count * classes)
  }

  /// Lets every tensor lie in `arena`.
  func bind(to arena: AlignedBuffer) {
    if self.arena === arena { return }
    self.arena = arena
    for (memory, slot, offset) in memories {
      memory.bind(to: arena.base + arenaLayout.slots[slot].offset + offset)
    }
  }

  /// A slot's bytes. The plan has been bound.
  func bytes(_ slot: Int) -> UnsafeMutableRawPointer { arena!.base + arenaLayout.slots[slot].offset }

  func floats(_ slot: Int) -> UnsafeMutablePointer<Float> { bytes(slot).assumingMemoryBound(to: Float.self) }

  /// Where the pictures go. The plan has been bound.
  func inputValues(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: floats(input), count: count)
  }

  func byteCount(_ slot: Int) -> Int { arenaLayout.slots[slot].byteCount }

  /// Runs the step.
  func run(_ context: inout Context) throws(Failure) {
    if isTimed, seconds.isEmpty { seconds = [Double](repeating: 0, count: steps.count) }
    var before = isTimed ? MonotonicClock.seconds() : 0
    for (index, step) in steps.enumerated() {
      switch step.work {
      case .primitive(let primitive, let arguments):
        let status = arguments.withUnsafeBufferPointer {
          cdnnl_primitive_execute(primitive.native, engine.stream, Int32($0.count), $0.baseAddress)
        }
        if status != dnnl_success { try check(status, "layer \(step.name)") }
      case .atOnce(let primitives): try primitives.run(engine, "layer \(step.name)")
      case .clear(let slot):
        bytes(slot).initializeMemory(as: UInt8.self, repeating: 0, count: arenaLayout.slots[slot].byteCount)
      case .loop(let body): body(self, &context)
      }
      if isTimed {
        let now = MonotonicClock.seconds()
        seconds[index] += now - before
        before = now
      }
    }
    if isTimed { timedRuns += 1 }
    try check(cdnnl_stream_wait(engine.stream), "a training step")
  }

  /// The seconds of each step since this was last asked for, and forgets them.
  func takeTimes() -> [(step: String, isBackward: Bool, seconds: Double)] {
    defer { (seconds, timedRuns) = ([], 0) }
    return zip(steps, seconds).enumerated().map {
      ($0.element.0.name, $0.offset >= firstBackward, $0.element.1)
    }
  }

  /// The steps with the implementation that oneDNN chose for each, for profiles.
  var description: [(layer: String, implementation: String)] {
    steps.map { step in
      switch step.work {
      case .primitive(let primitive, _): (step.name, primitive.implementation)
      case .atOnce(let primitives): (step.name, primitives.implementation)
      case .clear: (step.name, "clear")
      case .loop: (step.name, "loop")
      }
    }
  }
}

extension TrainingPlan {
  /// A new tensor in a slot of its own.
  func value(_ layout: TensorLayout, _ type: ElementType) throws(Failure) -> Value {
    arenaLayout.slots.append(.init(byteCount: layout.byteCount, firstUse: steps.count, lastUse: steps.count))
    return try alias(arenaLayout.slots.count - 1, layout, type)
  }

  /// A tensor that lies in an existing slot, `offset` bytes from its beginning.
  func alias(_ slot: Int, _ layout: TensorLayout, _ type: ElementType, offset: Int = 0) throws(Failure)
    -> Value
  {
    let memory = try TensorMemory(unbound: layout, engine)
    memories.append((memory, slot, offset))
    return Value(memory: memory, slot: slot, type: type)
  }

  /// A tensor that lies outside the arena, at an address that stays.
  func outside(_ base: UnsafeMutablePointer<Float>, _ layout: TensorLayout) throws(Failure) -> Operand {
    let memory = try TensorMemory(unbound: layout, engine)
    memory.bind(to: base)
    kept.append(memory)
    return Operand(outside: memory, at: base)
  }

  /// A tensor of constants.
  func constant(_ values: [Float], _ layout: TensorLayout) throws(Failure) -> Operand {
    let memory = try TensorMemory(values, layout, engine)
    kept.append(memory)
    return Operand(outside: memory)
  }

  /// Appends a primitive over tensors of the arena and others.
  func append(
    _ name: String, _ primitive: Primitive, _ values: [(Int, Value)], others: [(Int, Operand)] = []
  ) throws(Failure) {
    let (arguments, touched) = try self.arguments(primitive, values, others)
    append(name, .primitive(primitive, arguments), touching: touched)
  }

  /// What a primitive is run with, its scratchpad among it, and the slots that this touches.
  func arguments(_ primitive: Primitive, _ values: [(Int, Value)], _ others: [(Int, Operand)])
    throws(Failure) -> (arguments: [dnnl_exec_arg_t], touched: [Int])
  {
    let operands = values.map { ($0.0, Operand($0.1)) } + others
    var arguments = operands.map { dnnl_exec_arg_t(arg: Int32($0.0), memory: $0.1.memory.native) }
    var touched = operands.compactMap(\.1.slot)
    if let layout = primitive.layout(dnnl_query_scratchpad_md), layout.byteCount > 0 {
      let scratchpad = try value(layout, .uint8)
      arguments.append(
        dnnl_exec_arg_t(arg: Int32(cdnnl_arg_scratchpad), memory: scratchpad.memory.native))
      touched.append(scratchpad.slot)
    }
    return (arguments, touched)
  }

  func append(_ name: String, _ work: Work, touching touched: [Int]) {
    for slot in touched { arenaLayout.slots[slot].lastUse = steps.count }
    steps.append((name, work))
  }

  /// The same tensor in `layout` and `type`: itself, or a copy.
  func value(_ source: Value, in layout: TensorLayout, _ type: ElementType, _ name: String) throws(Failure)
    -> Value
  {
    if source.layout.isEqual(to: layout) { return source }
    var copy = try value(layout, type)
    copy.channelsLast = source.channelsLast
    try append(
      name + " (reorder)", Primitive.reorder(source.layout, layout, engine),
      [(Argument.source, source), (Argument.destination, copy)])
    return copy
  }

  /// All steps that are appended from now are the backward part.
  func beginBackward() { firstBackward = steps.count }

  /// Places all tensors in the arena.
  func finish() {
    arenaLayout.slots[input].firstUse = 0
    arenaLayout.placeSlots()
  }

  /// A value as plain rows of values in Keras's order: [count, values].
  func row(_ value: Value, _ type: ElementType, _ name: String) throws(Failure) -> Value {
    let size = value.dimensions.dropFirst().reduce(1, *)
    let order =
      value.channelsLast
      ? try TensorLayout.channelsLast(value.dimensions, type) : try TensorLayout.plain(value.dimensions, type)
    var ordered = try self.value(value, in: order, type, name)
    if ordered.dimensions.count != 2 {
      let channelsLast = ordered.channelsLast
      ordered = try alias(ordered.slot, .plain([value.dimensions[0], size], type), type)
      ordered.channelsLast = channelsLast
    }
    return ordered
  }
}
