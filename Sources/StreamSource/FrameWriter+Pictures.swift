import FrameMedia
import FrameStream
import SystemIO

extension FrameWriter {
  /// Writes pictures as the frames of one stream; returns how many of them could not be read: each that cannot be opened,
  /// whatever the reason, is reported, counted and skipped.
  package func writePictures(
    _ files: [PictureFolder.Picture], named name: String, isStrict: Bool,
    open: (String) throws(Failure) -> MediaInput
  ) throws(Failure) -> Int {
    var position = Position()
    position.name = name
    var header: VideoDescription?
    // Which pictures can be read, and so their numbers, shows only when they are.
    let part = selection.chunk.map { chunk in
      files.count * (chunk.number - 1) / chunk.count..<files.count * chunk.number / chunk.count
    }
    for (index, picture) in files.enumerated() where !tool.isStopped {
      if position.written == selection.frames { break }
      let isWanted = part?.contains(index) ?? true
      if let part, index >= part.upperBound, header != nil { break }
      let input: MediaInput
      let frame: MediaFrame
      do throws(Failure) {
        try picture.check()
        input = try open(picture.path)
        frame = try firstFrame(of: input, picture.path)
      } catch {
        if tool.isStopped { break }
        guard [.badInput, .inputOutput].contains(error.kind), !isStrict else { throw close(position, error) }
        guard isWanted else { continue }
        position.unreadable += 1
        tool.warn(error.description)
        continue
      }
      do throws(Failure) {
        if header == nil {
          var video = input.video
          // Pictures have no times; they are counted as FFmpeg counts those of a sequence.
          video.timeBase = Rational(1, 25)
          video.frameRate = Rational(25, 1)
          video.frames = files.count
          video.duration = nil
          header = video
          var record = StreamHeader(source: name, video: video, isLive: selection.realtime)
          record.chunk = selection.chunk
          try writeHeader(record)
        }
        guard isWanted else {
          position.sequence += 1
          continue
        }
        try write(
          frame,
          Presentation(pts: position.sequence, range: input.video.colorRange, source: picture.path),
          of: header!, &position)
        position.damaged += input.damagedCount
      } catch {
        throw close(position, error)
      }
    }
    guard header != nil else {
      if tool.isStopped { return 0 }
      throw Failure(
        .badInput, step: "nothing to read", subject: name, cause: "none of its pictures can be read")
    }
    try writeEnd(position)
    return position.unreadable
  }

  private func firstFrame(of input: MediaInput, _ file: String) throws(Failure) -> MediaFrame {
    while let event = try input.next() {
      if case .frame(let frame) = event { return frame }
    }
    throw Failure(.badInput, step: "reading", subject: file, cause: "there is no picture in it")
  }
}
