import CFFmpeg
import FrameStream

/// What goes into a container besides tracks.
extension Muxer {
  /// Adds tags and attached files, as far as the container keeps them, and reports the others, chapters too.
  /// - Returns: what was left out, in words.
  func describe(_ metadata: MediaMetadata, videoTags: [Tag]) -> [String] {
    let ability = ContainerMetadata(container)
    var left: [String] = []
    let tags = metadata.tags.filter(ability.concernsFilm)
    tags.filter(ability.keeps).write(to: &context.pointee.metadata)
    var lost = tags.filter { !ability.keeps($0) }.map(\.key)
    videoTags.write(to: &videoStream.pointee.metadata)
    if let timecode = videoTags.first(where: { $0.key == "timecode" }), !ability.keepsTimecode {
      // AVI has one for the whole file.
      if ability.keeps(timecode) {
        [timecode].write(to: &context.pointee.metadata)
      } else {
        lost.append("timecode")
      }
    }
    if !lost.isEmpty {
      let names =
        lost.prefix(5).joined(separator: ", ") + (lost.count > 5 ? " and \(lost.count - 5) more" : "")
      left.append("the tag\(lost.count == 1 ? "" : "s") \(names)")
    }
    if !metadata.chapters.isEmpty, !ability.keepsChapters {
      left.append(metadata.chapters.count == 1 ? "1 chapter" : "\(metadata.chapters.count) chapters")
    }
    for attachment in metadata.attachments where !add(attachment, ability) {
      left.append("the attachment \(attachment.track.metadata.text("filename") ?? attachment.track.codec)")
    }
    return left
  }

  /// Adds chapters, where the container keeps them, before ``writeHeader()``.
  func add(_ chapters: [Chapter]) {
    guard !hasHeader, ContainerMetadata(container).keepsChapters else { return }
    for chapter in chapters {
      let made = fm_add_chapter(
        context, chapter.timeBase.native, Int64(chapter.start), Int64(chapter.end))
      if let made { chapter.metadata.write(to: &made.pointee.metadata) }
    }
  }

  private func add(_ attachment: MediaAttachment, _ ability: ContainerMetadata) -> Bool {
    guard let place = ability.place(for: attachment),
      let descriptor = avcodec_descriptor_get_by_name(attachment.track.codec),
      let stream = avformat_new_stream(context, nil)
    else { return false }
    let parameters = stream.pointee.codecpar!
    parameters.pointee.codec_id = descriptor.pointee.id
    attachment.track.metadata.write(to: &stream.pointee.metadata)
    switch place {
    case .attachment:
      parameters.pointee.codec_type = AVMEDIA_TYPE_ATTACHMENT
      let count = attachment.data.count
      guard let data = av_mallocz(count + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else { return false }
      attachment.data.withUnsafeBytes { data.copyMemory(from: $0.baseAddress!, byteCount: count) }
      parameters.pointee.extradata = data.assumingMemoryBound(to: UInt8.self)
      parameters.pointee.extradata_size = Int32(clamping: count)
    case .coverArt:
      parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
      // The picture says its size itself; muxers insist on one.
      parameters.pointee.width = 1
      parameters.pointee.height = 1
      stream.pointee.disposition = AV_DISPOSITION_ATTACHED_PIC
      stream.pointee.time_base = AVRational(num: 1, den: 1000)
      coverArt.append((Int(stream.pointee.index), attachment.data))
    }
    return true
  }
}
