import CFFmpeg
import FrameStream
import SystemIO

extension Demuxer {
  /// The main video stream, or the one asked for; never cover art.
  func videoStream(_ wanted: Int?) throws(Failure) -> (UnsafeMutablePointer<AVStream>, Int) {
    let all = streams
    func isVideo(_ index: Int) -> Bool { Demuxer.isVideo(all[index]) }
    var index: Int
    if let wanted {
      guard all.indices.contains(wanted), isVideo(wanted) else {
        throw Failure(.usage, step: "stream \(wanted)", subject: name, cause: "there is no such video stream")
      }
      index = wanted
    } else {
      index = Int(av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0))
      if index < 0 || !isVideo(index) { index = all.indices.first(where: isVideo) ?? -1 }
      guard index >= 0 else {
        throw Failure(.badInput, step: "cannot decode", subject: name, cause: "no video stream")
      }
    }
    let stream = all[index]
    let parameters = stream.pointee.codecpar.pointee
    if isEncrypted(stream) { throw encryptionFailure(canTakeKey: isIndexed) }
    if parameters.width > 0, parameters.height > 0 {
      do {
        _ = try PictureLayout(.gray, width: Int(parameters.width), height: Int(parameters.height))
      } catch {
        throw error.within(name)
      }
    }
    return (stream, index)
  }

  private static func isVideo(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
      && stream.pointee.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS) == 0
  }

  /// The numbers of the other video streams that could be read.
  func otherVideoStreams(than index: Int) -> [Int] {
    streams.indices.filter { $0 != index && Demuxer.isVideo(streams[$0]) }
  }

  /// True for picture files, one or several in a row.
  var hasSinglePictures: Bool {
    formatName.hasSuffix("_pipe") || formatName == "image2pipe" || isSinglePicture
  }

  /// True for a file that is one picture, whatever follows it in the file (a second view, a gain map).
  var isPictureFile: Bool {
    hasSinglePictures && channel?.isSeekable == true && MediaFormat.isPictureFile(name)
  }

  /// What the container says; sizes and formats are those of the first picture, set when it is there.
  func describe(_ stream: UnsafeMutablePointer<AVStream>, hasManyPictures: Bool) -> VideoDescription {
    let parameters = stream.pointee.codecpar.pointee
    var video = VideoDescription(
      width: Int(parameters.width), height: Int(parameters.height), pixelFormat: .yuv420p,
      timeBase: Rational(stream.pointee.time_base), colorRange: .tv)
    if hasManyPictures, arrival == nil { video.frameRate = nominalRate(stream) }
    video.metadata = videoTags(stream)
    let ratio = Rational(av_guess_sample_aspect_ratio(context, stream, nil))
    if ratio.isPositive { video.sampleAspectRatio = ratio }
    video.colorSpace = knownName(av_color_space_name(parameters.color_space))
    video.colorPrimaries = knownName(av_color_primaries_name(parameters.color_primaries))
    video.colorTransfer = knownName(av_color_transfer_name(parameters.color_trc))
    video.chromaLocation = knownName(av_chroma_location_name(parameters.chroma_location))
    if arrival != nil { return video }
    if hasManyPictures {
      if stream.pointee.nb_frames > 0 { video.frames = Int(stream.pointee.nb_frames) }
      if stream.pointee.duration > 0 {
        video.duration = Double(stream.pointee.duration) * video.timeBase.value
      } else if context.pointee.duration > 0 {
        video.duration = Double(context.pointee.duration) / 1e6
      }
    } else {
      video.frames = 1
    }
    return video
  }

  /// The rate where frames keep to one: the average is the lowest rate that fits all time stamps. Without time stamps
  /// there is none: what libav gives instead is the rate that its reader assumes.
  func nominalRate(_ stream: UnsafeMutablePointer<AVStream>) -> Rational? {
    let guessed = Rational(av_guess_frame_rate(context, stream, nil))
    guard guessed.isPositive, guessed.value <= 1000 else { return nil }
    let average = Rational(stream.pointee.avg_frame_rate)
    if !isContainerless, average.isPositive, abs(average.value - guessed.value) > guessed.value / 20 {
      return nil
    }
    return guessed
  }

  /// What is wrong with an MP4 whose pictures went by before its index said where they are; nil for other input.
  var indexFailure: Failure? {
    guard let channel, !channel.isSeekable, isIndexed else { return nil }
    return Failure(
      .badInput, step: "reading", subject: name,
      cause: "its index comes after the pictures, which needs a file that can be read twice; give the file's "
        + "name instead of a pipe, or write it with -movflags +faststart")
  }

  /// Sound and subtitle tracks by the index of their stream.
  var tracks: [(Int, Track)] {
    var found: [(Int, Track)] = []
    for (index, stream) in streams.enumerated() {
      if let track = Track(stream.pointee, id: index + 1) { found.append((index, track)) }
    }
    return found
  }
}

/// FFmpeg's name of a color property; nil for "unknown" and its like.
private func knownName(_ name: UnsafePointer<CChar>?) -> String? {
  guard let name else { return nil }
  let text = String(cString: name)
  return ["unknown", "unspecified", "reserved", "gbr"].contains(text) ? nil : text
}
