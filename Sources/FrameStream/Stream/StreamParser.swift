import SystemIO

/// The stream's grammar without input or output: it takes bytes split anywhere and fills records.
///
/// A reader may put payload bytes straight into the record, see ``payloadMissing``.
public struct StreamParser {
  private enum State {
    case line
    case payload(missing: Int)
    case guardByte
  }

  private var state = State.line
  /// The start of a line whose end has not come yet.
  private var pending: [UInt8] = []
  /// True between a stream record and its end record.
  public private(set) var isInsideStream = false
  private var streamsSeen = 0
  /// How many of the bytes that a stream begins with have been seen.
  private var magicSeen = 0
  private var lastSequence = -1
  private var lastSubject = ""

  /// A parser at the start of its input.
  public init() {}

  /// How many payload bytes the record still lacks. The caller may write them to the end of `record.payload`, and then
  /// calls ``didFill(_:)``.
  public var payloadMissing: Int {
    if case .payload(let missing) = state { missing } else { 0 }
  }

  /// Notes that the caller has written `count` bytes of the payload.
  public mutating func didFill(_ count: Int) {
    guard case .payload(let missing) = state else { return }
    precondition(count <= missing)
    state = count == missing ? .guardByte : .payload(missing: missing - count)
  }

  /// Takes bytes from the start of `input` until it ends or `record` is whole.
  ///
  /// - Returns: how many bytes were used, and whether `record` is whole; if not, call again with the bytes that follow
  ///   and the same record.
  /// - Throws: `Failure` (`badInput`) naming the wrong record and the reason.
  public mutating func take(
    _ input: UnsafeRawBufferPointer, into record: Record
  ) throws(Failure) -> (used: Int, isWhole: Bool) {
    let input = input.bindMemory(to: UInt8.self)
    var used = 0
    while used < input.count {
      switch state {
      case .line:
        let rest = UnsafeBufferPointer(rebasing: input[used...])
        let (count, isWhole) = try takeLine(rest, into: record)
        used += count
        if isWhole { return (used, true) }
      case .payload(let missing):
        let count = min(missing, input.count - used)
        let target = record.payload.mutableBytes[(record.payload.count - missing)...]
        UnsafeMutableRawBufferPointer(rebasing: target).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[used..<used + count]))
        used += count
        didFill(count)
      case .guardByte:
        guard input[used] == UInt8(ascii: "\n") else {
          throw Failure(
            .badInput, step: "bad payload", subject: record.subject,
            cause: "there is no newline after its \(record.payloadCount) bytes")
        }
        state = .line
        return (used + 1, true)
      }
    }
    return (used, false)
  }

  private mutating func takeLine(
    _ input: UnsafeBufferPointer<UInt8>, into record: Record
  ) throws(Failure) -> (used: Int, isWhole: Bool) {
    let room = StreamLimits.line + 1 - pending.count
    guard let newline = input.prefix(room).firstIndex(of: UInt8(ascii: "\n")) else {
      if streamsSeen == 0 { try checkMagic(input) }
      guard input.count < room else {
        throw Failure(
          .badInput, step: "bad record", subject: location,
          cause: "the line is longer than \(StreamLimits.line) bytes")
      }
      pending.append(contentsOf: input)
      return (input.count, false)
    }
    if streamsSeen == 0 { try checkMagic(UnsafeBufferPointer(rebasing: input[..<newline])) }
    do throws(Failure) {
      if pending.isEmpty {
        try record.line.assign(UnsafeBufferPointer(rebasing: input[..<newline]))
      } else {
        pending.append(contentsOf: input[..<newline])
        let line = pending
        pending.removeAll(keepingCapacity: true)
        let result = line.withUnsafeBufferPointer { buffer -> Failure? in
          do throws(Failure) { try record.line.assign(buffer) } catch { return error }
          return nil
        }
        if let result { throw result }
      }
      try record.interpret()
    } catch {
      throw error.within(location)
    }
    try checkOrder(record)
    lastSubject = record.subject
    guard record.payloadCount > 0 else { return (newline + 1, true) }
    record.payload.resize(to: record.payloadCount)
    state = .payload(missing: record.payloadCount)
    return (newline + 1, false)
  }

  /// The position in the stream, for messages about a record that could not be read.
  var location: String { lastSubject.isEmpty ? "first line" : "after \(lastSubject)" }

  /// Refuses what is not a stream at the first byte that differs, before a whole line has come.
  private mutating func checkMagic(_ input: UnsafeBufferPointer<UInt8>) throws(Failure) {
    let magic = StreamHeader.opening
    var index = 0
    while magicSeen < magic.count, index < input.count {
      let byte = input[index]
      if byte == magic[magicSeen] {
        magicSeen += 1
      } else if byte != 0x20, byte != 0x09 {
        // White space around the key is allowed, although writers leave it out.
        let head = Array(magic.prefix(magicSeen)) + input[index...].prefix(16)
        throw Failure(
          .badInput, step: "not an fm stream",
          cause:
            "it begins with \(describe(head)), not with {\"fm\":1; "
            + "is fm-decode missing before this tool?")
      }
      index += 1
    }
  }

  private func describe(_ head: [UInt8]) -> String {
    let isText = head.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    if isText { return "the text \"" + String(decoding: head.prefix { $0 >= 0x20 }, as: UTF8.self) + "\"" }
    let hex = head.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return "the bytes " + hex.joined(separator: " ")
  }

  private mutating func checkOrder(_ record: Record) throws(Failure) {
    func fail(_ cause: String) -> Failure {
      Failure(.badInput, step: "bad record", subject: record.subject, cause: cause)
    }
    switch record.kind {
    case .stream:
      guard !isInsideStream else { throw fail("the stream before it has not ended") }
      try record.line.checkFormatVersion()
      isInsideStream = true
      streamsSeen += 1
      lastSequence = -1
    case .end:
      guard isInsideStream else { throw fail("no stream record comes before it") }
      do throws(Failure) { _ = try EndRecord(record.line) } catch { throw fail(error.cause) }
      isInsideStream = false
    case .frame:
      guard isInsideStream else { throw fail("no stream record comes before it") }
      guard record.sequence > lastSequence else {
        throw fail("\"seq\" does not grow: it comes after frame \(lastSequence)")
      }
      lastSequence = record.sequence
    case .packet, .other:
      guard isInsideStream else { throw fail("no stream record comes before it") }
    }
  }

  /// Checks, where the input ends, that it ends after an end record.
  /// - Throws: `Failure` (`inputOutput`) if the stream was cut.
  public func finish() throws(Failure) {
    guard streamsSeen > 0 || !pending.isEmpty else {
      throw Failure(
        .inputOutput, step: "input cut short", cause: "it is empty; the tool before this one may have failed")
    }
    let isBetweenRecords = if case .line = state { pending.isEmpty } else { false }
    if !isInsideStream, isBetweenRecords { return }
    let cause: String
    switch state {
    case .line where pending.isEmpty: cause = "it ends \(location), without an end record"
    case .line: cause = "it ends within a line, \(location)"
    case .payload(let missing): cause = "it ends within the payload of \(lastSubject), \(missing) bytes early"
    case .guardByte: cause = "it ends within the payload of \(lastSubject), before its guard byte"
    }
    throw Failure(.inputOutput, step: "input cut short", cause: cause)
  }
}
