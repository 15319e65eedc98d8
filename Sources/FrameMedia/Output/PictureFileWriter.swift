import FrameStream
import SystemIO

/// Encodes pictures each by itself: one packet, one file.
final class PictureFileWriter {
  private let muxer: Muxer
  private let name: String
  private let video: VideoDescription
  private let settings: PictureEncoder.Settings
  private let log: MediaLog
  private let packet: CompressedPacket
  private let onWarning: (@Sendable (String) -> Void)?
  private var hasRemarked = false
  /// The last picture's encoder, for others of its kind.
  private var encoder: PictureEncoder?
  /// The number of the next picture, from 0.
  private var number: Int64 = 0

  /// Describes the pictures to the muxer; encoders wait for the first of them.
  init(
    _ muxer: Muxer, video: VideoDescription, settings: PictureEncoder.Settings, name: String, log: MediaLog,
    onWarning: (@Sendable (String) -> Void)?
  ) throws(Failure) {
    guard let packet = CompressedPacket() else {
      throw Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    }
    self.muxer = muxer
    self.name = name
    self.video = video
    self.settings = settings
    self.log = log
    self.onWarning = onWarning
    self.packet = packet
    muxer.describePictures(settings.codec, width: video.width, height: video.height)
  }

  /// Adds a picture.
  /// - Throws: ``Failure``: `usage` for a second picture where there is one file only.
  func write(
    _ picture: UnsafePointer<UInt8>, _ layout: PictureLayout, _ range: ColorRange
  ) throws(Failure) {
    if !muxer.container.isPictureSequence, number > 0 {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "one picture file cannot take several frames; give a pattern like %05d.png")
    }
    let encoder = try encoder(layout, range)
    let number = self.number
    self.number += 1
    try encoder.send(picture, layout, range, pts: number, duration: 1)
    if try encoder.receive(packet.native) { return try muxer.write(picture: packet, number: number) }
    // Some encoders give a picture only when drained, and can take no other then.
    self.encoder = nil
    encoder.drain()
    while try encoder.receive(packet.native) { try muxer.write(picture: packet, number: number) }
  }

  private func encoder(_ layout: PictureLayout, _ range: ColorRange) throws(Failure) -> PictureEncoder {
    if let encoder, encoder.layout == layout, encoder.range == range { return encoder }
    var description = video
    description.colorRange = range
    let made = try PictureEncoder(settings, video: description, layout: layout, name: name, log: log)
    encoder = made
    if !hasRemarked {
      hasRemarked = !made.remarks.isEmpty
      for remark in made.remarks { onWarning?(remark) }
    }
    return made
  }
}
