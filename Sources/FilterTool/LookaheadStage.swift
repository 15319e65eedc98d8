import FrameStream
import SystemIO

/// A stage whose answer for a frame depends on frames after it.
///
/// A ``Pipeline`` lets records wait, in order, until the stage releases them. Calls of the methods here come from the
/// writer's thread; ``Stage/begin(_:)`` comes when nothing of the stream before is left.
package protocol LookaheadStage: Stage {
  /// The next frame arrives and begins to wait.
  func receive(_ frame: Record) throws(Failure)

  /// Whether ``release(_:)`` needs payloads; otherwise `--no-pixels` lets them go as soon as a frame has come.
  var keepsPayloads: Bool { get }

  /// True if the oldest frame that waits knows enough of what follows.
  var mayRelease: Bool { get }

  /// Writes the final answer into the oldest frame that waits, whether it knows enough or not.
  func release(_ frame: Record) throws(Failure)

  /// Nothing more comes in this stream: the frames that wait know all that they ever will.
  func endStream()

  /// About how many bytes the stage itself keeps for the frames that wait; constant time.
  var waitingMemory: Int { get }

  /// Frames leave before they know enough, because those that wait have reached the limit on memory. Called once a
  /// stream, with the number of frames that were waiting.
  func isCutShort(_ frames: Int)
}

extension LookaheadStage {
  /// They are not needed.
  package var keepsPayloads: Bool { false }
  /// Nothing: ``receive(_:)`` and ``release(_:)`` do the work.
  package func process(_ frame: Record) throws(Failure) {}
  /// Nothing that counts.
  package var waitingMemory: Int { 0 }
}

/// The records that wait for a ``LookaheadStage``, in order.
final class WaitingRecords {
  /// The most memory that waiting records take, with what the stage keeps for them, in bytes; one frame may always
  /// wait.
  static let memoryLimit = 1 << 29

  private let stage: any LookaheadStage
  private let write: (Record) throws(Failure) -> Void
  private let fail: (Failure) -> Failure
  private let dropsPayloads: Bool
  private var records = SlidingWindow<Record>()
  private var frames = 0
  /// What the records that wait hold, in bytes.
  private(set) var memory = 0
  private var isCutShort = false
  /// Records to use again, and what they hold.
  private var spare: [Record] = []
  private var spareMemory = 0

  /// - Parameters:
  ///   - dropsPayloads: whether payloads are let go as soon as the stage has seen them.
  ///   - write: where records go when they leave.
  ///   - fail: called with a failure of the stage, not of `write`; returns what to throw.
  init(
    _ stage: any LookaheadStage, dropsPayloads: Bool, write: @escaping (Record) throws(Failure) -> Void,
    fail: @escaping (Failure) -> Failure
  ) {
    self.stage = stage
    self.write = write
    self.fail = fail
    self.dropsPayloads = dropsPayloads && !stage.keepsPayloads
  }

  /// Lets a record of the stream wait; returns another to use in its stead.
  func add(_ record: Record) throws(Failure) -> Record {
    if record.kind == .frame {
      do throws(Failure) { try stage.receive(record) } catch {
        // The frames before it are right.
        try end()
        throw fail(error.within(record.subject))
      }
      frames += 1
    }
    if dropsPayloads { record.dropPayload() }
    let next = spare.popLast() ?? Record()
    spareMemory -= min(spareMemory, next.memory)
    // A packet in a frame's buffer, or a line whose pixels have been dropped, would keep a picture's memory.
    record.handOverMemory(to: next)
    records.append(record)
    memory += record.memory
    try releaseSettled()
    while memory + stage.waitingMemory > Self.memoryLimit, records.count > 1 {
      if !isCutShort, frames > 0 {
        stage.isCutShort(frames)
        isCutShort = true
      }
      try releaseFirst()
      try releaseSettled()
    }
    return next
  }

  /// The stream has ended: lets all go.
  func end() throws(Failure) {
    stage.endStream()
    while !records.isEmpty { try releaseFirst() }
    isCutShort = false
  }

  /// Lets all go that may: frames that know enough, and what has no frame before it.
  private func releaseSettled() throws(Failure) {
    while let next = records.first, next.kind != .frame || stage.mayRelease { try releaseFirst() }
  }

  private func releaseFirst() throws(Failure) {
    let record = records[0]
    records.removeFirst()
    memory -= record.memory
    do throws(Failure) {
      if record.kind == .frame {
        frames -= 1
        try stage.release(record)
      } else {
        try stage.pass(record)
      }
    } catch {
      throw fail(error.kind == .brokenPipe ? error : error.within(record.subject))
    }
    try write(record)
    if memory + spareMemory + record.memory <= Self.memoryLimit {
      spareMemory += record.memory
      spare.append(record)
    }
  }
}
