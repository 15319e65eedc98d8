import FrameMedia
import FrameStream
import SystemIO

extension FrameWriter {
  /// Writes pictures as the frames of one stream; returns how many of them could not be read.
  package func writePictures(
    _ files: [String], named name: String, isStrict: Bool, open: (String) throws(Failure) -> MediaInput
  ) throws(Failure) -> Int {
    var position = Position()
    position.name = name
    var header: VideoDescription?
    for file in files where !tool.isStopped {
      if position.written == selection.frames { break }
      do throws(Failure) {
        let input = try open(file)
        guard case .frame(let picture)? = try nextFrame(of: input) else {
          if tool.isStopped { break }
          throw Failure(.badInput, step: "reading", subject: file, cause: "there is no picture in it")
        }
        if header == nil {
          var video = input.video
          // Pictures have no times; they are counted as FFmpeg counts those of a sequence.
          video.timeBase = Rational(1, 25)
          video.frameRate = Rational(25, 1)
          video.frames = files.count
          video.duration = nil
          header = video
          try writeHeader(StreamHeader(source: name, video: video, isLive: selection.realtime))
        }
        try write(
          picture,
          Presentation(pts: position.sequence, range: input.video.colorRange, source: file),
          of: header!, &position)
        position.damaged += input.damagedCount
      } catch {
        guard error.kind == .badInput, !isStrict else { throw close(position, error) }
        position.unreadable += 1
        tool.warn(error.description)
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

  private func nextFrame(of input: MediaInput) throws(Failure) -> MediaEvent? {
    while let event = try input.next() {
      if case .frame = event { return event }
    }
    return nil
  }
}
