import CFFmpeg
import FrameStream

extension Demuxer {
  /// The file's tags, the chapters of the wanted part, and, with the tracks, the attachments; those that are larger than
  /// a payload may be are left out.
  func metadata(_ options: MediaInputOptions) -> MediaMetadata {
    let origin = Double(startTime) / 1e6
    let start = options.start.map { origin + $0 } ?? -.infinity
    let end = options.duration.map { max(start, origin) + $0 } ?? .infinity
    return MediaMetadata(
      tags: [Tag](context.pointee.metadata).kept.filter { $0.key.lowercased() != "timecode" },
      chapters: chapters.filter {
        $0.timeBase.seconds($0.start) < end && $0.timeBase.seconds($0.end) > start
      },
      attachments: options.withTracks ? attachments : [])
  }

  /// The tags of a video stream that stay true when its pictures are encoded again.
  func videoTags(_ stream: UnsafeMutablePointer<AVStream>) -> [Tag] {
    // Matroska writes some of the names in capitals.
    var tags = [Tag](stream.pointee.metadata).kept.map { Tag($0.key.lowercased(), $0.value) }.filter { tag in
      ["language", "title", "timecode", "reel_name"].contains(tag.key)
    }
    // MXF and AVI have one for the whole file.
    if tags.text("timecode") == nil, let timecode = timecode(context.pointee.metadata) {
      tags.append(Tag("timecode", timecode))
    }
    return tags
  }

  private var chapters: [Chapter] {
    (0..<Int(context.pointee.nb_chapters)).compactMap { index in
      guard let chapter = context.pointee.chapters[index]?.pointee, chapter.time_base.num > 0,
        chapter.time_base.den > 0
      else { return nil }
      return Chapter(
        timeBase: Rational(chapter.time_base), start: Int(chapter.start), end: Int(chapter.end),
        metadata: [Tag](chapter.metadata).kept)
    }
  }

  private var attachments: [MediaAttachment] {
    streams.enumerated().compactMap { index, stream in
      let parameters = stream.pointee.codecpar.pointee
      let isCover = stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
      let bytes: UnsafeBufferPointer<UInt8>
      if isCover {
        bytes = UnsafeBufferPointer(
          start: stream.pointee.attached_pic.data, count: Int(stream.pointee.attached_pic.size))
      } else if parameters.codec_type == AVMEDIA_TYPE_ATTACHMENT {
        bytes = UnsafeBufferPointer(start: parameters.extradata, count: Int(parameters.extradata_size))
      } else {
        return nil
      }
      guard !bytes.isEmpty, bytes.count <= StreamLimits.payload else { return nil }
      let name = String(cString: avcodec_get_name(parameters.codec_id))
      let codec = parameters.codec_id == AV_CODEC_ID_NONE ? "bin_data" : name
      var track = Track(id: index + 1, kind: "attachment", codec: codec, timeBase: Rational(1, 1_000_000))
      track.metadata = [Tag](stream.pointee.metadata).kept
      if isCover {
        track.disposition = ["attached_pic"]
        let ending = codec == "mjpeg" ? "jpg" : codec
        if track.metadata.text("filename") == nil {
          track.metadata.append(Tag("filename", "cover.\(ending)"))
        }
        if track.metadata.text("mimetype") == nil {
          track.metadata.append(Tag("mimetype", "image/\(codec == "mjpeg" ? "jpeg" : codec)"))
        }
      }
      return MediaAttachment(track: track, data: Array(bytes))
    }
  }

  /// What the file has that a stream of frames cannot carry, in words.
  func omissions(withTracks: Bool) -> [String] {
    var left: [String] = []
    func add(_ count: Int, _ one: String, _ several: String) {
      if count > 0 { left.append(count == 1 ? "1 \(one)" : "\(count) \(several)") }
    }
    func kind(_ stream: UnsafeMutablePointer<AVStream>) -> AVMediaType {
      stream.pointee.codecpar.pointee.codec_type
    }
    // A track of time codes is a tag of the video too; that of the chapters' titles ("text") is read with them.
    func isCarried(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
      let isChapterText =
        stream.pointee.codecpar.pointee.codec_tag == 0x7478_6574 && context.pointee.nb_chapters > 0
      return isChapterText || timecode(stream.pointee.metadata) != nil
    }
    add(streams.count { kind($0) == AVMEDIA_TYPE_DATA && !isCarried($0) }, "data track", "data tracks")
    if withTracks {
      let files = streams.count {
        kind($0) == AVMEDIA_TYPE_ATTACHMENT || $0.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
      }
      add(files - attachments.count, "attachment", "attachments")
    }
    let tags =
      streams.reduce([Tag](context.pointee.metadata).omitted) {
        $0 + [Tag]($1.pointee.metadata).omitted
      }
    add(tags, "long tag", "long tags")
    return left
  }

  private func timecode(_ tags: OpaquePointer?) -> String? {
    av_dict_get(tags, "timecode", nil, 0).map { String(cString: $0.pointee.value) }
  }
}
