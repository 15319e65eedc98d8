import FrameStream
import SystemIO

/// Encodes pictures each by itself: one packet, one file.
final class PictureFileWriter {
  /// Where the pictures go.
  enum Place {
    /// One picture, into an open file.
    case one(DescriptorChannel)
    /// Numbered files, from 1 on.
    case numbered(NumberedName)

    /// Nil if there is neither an open file nor a pattern.
    init?(_ name: String, _ channel: DescriptorChannel?, _ container: Container) {
      if container.isPictureSequence, let numbered = NumberedName(name) {
        self = .numbered(numbered)
      } else if let channel {
        self = .one(channel)
      } else {
        return nil
      }
    }
  }

  private let place: Place
  private let name: String
  private let video: VideoDescription
  private let settings: PictureEncoder.Settings
  private let makeMuxer: (_ path: String, DescriptorChannel) throws(Failure) -> Muxer
  private let log: MediaLog
  private let packet: CompressedPacket
  private let onWarning: (@Sendable (String) -> Void)?
  private var hasRemarked = false
  /// The last picture's encoder, for others of its kind.
  private var encoder: PictureEncoder?
  /// The number of the next picture, from 0.
  private var number: Int64 = 0

  /// Encoders wait for the first picture.
  /// - Parameter makeMuxer: makes the muxer of one picture's file.
  /// - Throws: ``Failure`` (`inputOutput`) if the folder of numbered pictures does not exist.
  init(
    _ place: Place, video: VideoDescription, settings: PictureEncoder.Settings, name: String, log: MediaLog,
    onWarning: (@Sendable (String) -> Void)?,
    makeMuxer: @escaping (_ path: String, DescriptorChannel) throws(Failure) -> Muxer
  ) throws(Failure) {
    guard let packet = CompressedPacket() else {
      throw Failure(.failed, step: "cannot write", subject: name, cause: "out of memory")
    }
    if case .numbered(let numbered) = place, let folder = FilePath.folder(of: numbered.path(1)),
      !folder.isEmpty,
      !FilePath.isFolder(folder)
    {
      throw Failure(
        .inputOutput, step: "cannot write", subject: name,
        cause: "the folder \(folder): \(systemMessage(FilePath.exists(folder) ? 20 : 2))")
    }
    self.place = place
    self.name = name
    self.video = video
    self.settings = settings
    self.log = log
    self.onWarning = onWarning
    self.packet = packet
    self.makeMuxer = makeMuxer
  }

  /// Adds a picture.
  /// - Throws: ``Failure``: `usage` for a second picture where there is one file only.
  func write(
    _ picture: UnsafePointer<UInt8>, _ layout: PictureLayout, _ range: ColorRange
  ) throws(Failure) {
    if case .one = place, number > 0 {
      throw Failure(
        .usage, step: "cannot write", subject: name,
        cause: "one picture file cannot take several frames; give a pattern like %05d.png")
    }
    let encoder = try encoder(layout, range)
    let number = self.number
    self.number += 1
    try encoder.send(picture, layout, range, pts: number, duration: 1)
    if try encoder.receive(packet.native) { return try writePacket(number) }
    // Some encoders give a picture only when drained, and can take no other then.
    self.encoder = nil
    encoder.drain()
    while try encoder.receive(packet.native) { try writePacket(number) }
  }

  private func writePacket(_ number: Int64) throws(Failure) {
    switch place {
    case .one(let channel): try write(number, name, channel)
    case .numbered(let numbered):
      let path = numbered.path(Int(number) + 1)
      // Nobody gave this very name: no link is followed, no pipe or device is opened.
      let file = try FileReplacement(path: path, over: .regular, followsLinks: false)
      let channel = DescriptorChannel(
        file.descriptor.number, writing: true, owned: false, interruption: nil)
      try write(number, path, channel)
      // Thousands of small files would each wait for the disk.
      try file.commit(isDurable: false)
    }
  }

  private func write(_ number: Int64, _ path: String, _ channel: DescriptorChannel) throws(Failure) {
    let muxer = try makeMuxer(path, channel)
    muxer.describePictures(settings.codec, width: video.width, height: video.height)
    try muxer.writeHeader()
    try muxer.write(picture: packet, number: number)
    try muxer.finish()
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
