import Foundation
import FrameStream
import Synchronization
import SystemIO
import Testing

@testable import FilterTool

/// A pipeline run in this process, between two pipes.
struct PipelineRun {
  let output: [UInt8]
  let failure: Failure?

  /// The signals are taken over once, and given back: they belong to the program that runs the tests.
  private static let stop: StopSignal = {
    guard let stop = try? StopSignal() else { preconditionFailure("no pipe") }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
    return stop
  }()

  static let tool = Tool(
    name: "fm-test", diagnostics: Diagnostics(toolName: "fm-test", level: .quiet),
    standardOutput: Descriptor(1), stop: stop, arguments: ["--option", "é \"x\""])

  /// - Parameter interruption: readable when the reader is to give up; the input is then left open.
  init(
    _ input: [UInt8], _ stage: any Stage, workers: Int = 1, dropsPayloads: Bool = false,
    interruption: Descriptor? = nil
  ) throws {
    let (source, sourceEnd) = Self.makePipe()
    let (result, resultEnd) = Self.makePipe()
    Thread.detachNewThread {
      input.withUnsafeBytes { try? sourceEnd.write($0) }
      if interruption == nil { sourceEnd.close() }
    }
    let collected = Mutex<[UInt8]>([])
    let isCollected = DispatchSemaphore(value: 0)
    let box = Box(collected)
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = read(result.number, &buffer, buffer.count)
        guard count > 0 else { break }
        box.value.withLock { $0 += buffer.prefix(count) }
      }
      isCollected.signal()
    }
    let pipeline = Pipeline(
      Self.tool, reader: StreamReader(source, stop: interruption), inputName: "input", stage: stage,
      workers: workers)
    var failure: Failure?
    do throws(Failure) {
      failure = try pipeline.run(output: resultEnd, dropsPayloads: dropsPayloads)
    } catch {
      failure = error
    }
    resultEnd.close()
    isCollected.wait()
    result.close()
    // After a failure the reader's thread may still be in its read: its end stays open.
    if failure == nil { source.close() }
    self.failure = failure
    output = box.value.withLock { $0 }
  }

  private final class Box: Sendable {
    let value: Mutex<[UInt8]>
    init(_ value: consuming Mutex<[UInt8]>) { self.value = value }
  }

  static func makePipe() -> (input: Descriptor, output: Descriptor) {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0)
    return (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  /// The lines of the records that came out; payloads are left out.
  var lines: [String] {
    get throws {
      var lines: [String] = []
      var parser = StreamParser()
      let record = Record()
      try output.withUnsafeBytes { bytes in
        var position = 0
        while position < bytes.count {
          let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
          let (used, isWhole) = try parser.take(rest, into: record)
          position += used
          if isWhole { lines.append(String(decoding: record.line.bytes, as: UTF8.self)) }
        }
      }
      return lines
    }
  }
}

/// Streams as text with payloads.
struct StreamText {
  private(set) var bytes: [UInt8] = []

  init(_ source: String = "a") {
    line(
      #"{"fm":1,"type":"stream","source":"\#(source)","video":{"width":4,"height":2,"pixel_format":"gray","time_base":[1,25],"frames":9,"x":1.50e+02}}"#
    )
  }

  mutating func line(_ text: String, payload: [UInt8]? = nil) {
    bytes += Array(text.utf8) + [0x0A]
    if let payload { bytes += payload + [0x0A] }
  }

  mutating func frame(_ sequence: Int, width: Int = 4, height: Int = 2) {
    let count = width * height
    line(
      #"{"type":"frame","seq":\#(sequence),"pts":\#(sequence),"time":0.0,"width":\#(width),"height":\#(height),"pixel_format":"gray","bytes":\#(count)}"#,
      payload: (0..<count).map { UInt8(truncatingIfNeeded: sequence &* 31 &+ $0 &* 10) })
  }

  mutating func end(_ frames: Int, _ rest: String = #""status":"ok""#) {
    line(#"{"type":"end","frames":\#(frames),\#(rest)}"#)
  }

  static func frames(_ count: Int, source: String = "a") -> StreamText {
    var stream = StreamText(source)
    for sequence in 0..<count { stream.frame(sequence) }
    stream.end(count)
    return stream
  }
}
