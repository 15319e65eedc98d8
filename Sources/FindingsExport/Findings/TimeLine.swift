import FrameStream
import SystemIO

/// Brings the frames of several streams, and those whose times run back, onto one time line that only grows.
struct TimeLine {
  private var shift = 0.0
  private var numberShift = 0
  private var last: (position: Double, number: Int)?
  private var isStreamNew = true
  /// Where the stream before ended.
  private var streamEnd = 0.0
  private var frameRate: Double?
  /// The seconds between the last two frames, or what the last one says.
  private var step: Double?
  /// How often times ran back within a stream.
  private(set) var breaks = 0

  /// A frame's length where nothing is known of it, as FFmpeg takes for pictures.
  private static let unknownStep = 0.04

  mutating func beginStream(_ stream: FindingsStream) {
    streamEnd = end
    isStreamNew = true
    frameRate = stream.frameRate?.value
    step = nil
  }

  /// Where the last frame ends.
  var end: Double { last.map { $0.position + nextStep } ?? 0 }

  private var nextStep: Double { step ?? frameRate.map { 1 / $0 } ?? Self.unknownStep }

  /// Sets a frame's place in the input.
  /// - Throws: ``Failure`` (`badInput`) if the numbers of the streams' frames are too large together.
  mutating func place(_ frame: FindingsFrame) throws(Failure) {
    if let last {
      let runsBack = frame.time + shift < last.position
      if isStreamNew || runsBack {
        if runsBack, !isStreamNew { breaks += 1 }
        shift = (isStreamNew ? streamEnd : end) - frame.time
      } else {
        let length = frame.time + shift - last.position
        if length > 0 { step = length }
      }
      if isStreamNew, frame.sequence + numberShift <= last.number {
        numberShift = last.number + 1 - frame.sequence
      }
    }
    if let duration = frame.duration { step = duration }
    isStreamNew = false
    frame.position = frame.time + shift
    frame.number = frame.sequence + numberShift
    guard frame.number <= StreamLimits.number else {
      throw Failure(
        .badInput, step: "frames of joined streams", subject: "frame \(frame.sequence)",
        cause: "its number would be \(frame.number), more than \(StreamLimits.number)")
    }
    last = (frame.position, frame.number)
  }
}
