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
  var steps: [Step] = []
  /// All steps in order, so that the number of threads is changed between stretches and not for each step: a dense
  /// layer is as many steps as there are pictures.
  var stretches: [Stretch] = []
  /// Pictures in, in the model's data format.
  var input: Int = 0
  /// Rows of results out, one slot for each of the network's outputs.
  var outputs: [Int] = []
  var layout = ArenaLayout()
  /// Bytes of the arena that the plan needs.
  var arenaSize: Int { layout.byteCount }
  var memories: [(memory: TensorMemory, slot: Int, offset: Int)] = []
  /// Where the result of each node lies, if they were to be kept: for calibration.
  var results: [(node: Int, slot: Int, layout: TensorLayout)] = []
  /// Keeps weights alive as long as the primitives that read them.
  var weights: [TensorMemory] = []
  private var arena: AlignedBuffer?

  init(batch: Int) { self.batch = batch }

  /// Lets every tensor lie in `arena`, which has room for ``arenaSize`` bytes at least.
  func bind(to arena: AlignedBuffer) {
    if self.arena === arena { return }
    self.arena = arena
    for (memory, slot, offset) in memories {
      memory.bind(to: arena.base + layout.slots[slot].offset + offset)
    }
  }

  /// The bytes of a slot.
  func bytes(of slot: Int) -> UnsafeMutableRawPointer? { arena.map { $0.base + layout.slots[slot].offset } }

  /// The floats of a slot. The plan has been bound.
  func floats(_ slot: Int) -> UnsafeMutablePointer<Float> {
    (arena!.base + layout.slots[slot].offset).assumingMemoryBound(to: Float.self)
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
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: layout.slots[slot].byteCount)
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

  /// Joins neighboring steps of the same number of threads.
  func findStretches() {
    for (index, step) in steps.enumerated() {
      if let last = stretches.last, last.threadLimit == step.threadLimit {
        stretches[stretches.count - 1].steps = last.steps.lowerBound..<(index + 1)
      } else {
        stretches.append(Stretch(steps: index..<(index + 1), threadLimit: step.threadLimit))
      }
    }
  }
}
