import FrameStream
import SystemIO

/// Takes a stream's records, and gives findings to writers: all formats in one pass.
package final class FindingsReader {
  private let writers: [any FindingsWriter]
  private let options: RunOptions
  private var names = ClassNames()
  private let frame = FindingsFrame()
  private var timeLine = TimeLine()
  private var collector: RunCollector
  private var findings = Findings()
  private var stream: FindingsStream?
  private var streamCount = 0

  /// Streams that are kept for what is said of the input.
  private static let keptStreams = 1000

  /// - Parameters:
  ///   - writers: what is written.
  ///   - options: how runs are made.
  package init(_ writers: [any FindingsWriter], _ options: RunOptions) {
    self.writers = writers
    self.options = options
    collector = RunCollector(options)
  }

  /// A stream begins.
  package func begin(_ header: StreamHeader, line: RecordLine, inputName: String) throws(Failure) {
    let stream = FindingsStream(header, line: line, number: streamCount, inputName: inputName)
    self.stream = stream
    streamCount += 1
    // In the network's order, and also those that no face gets: a classifier may write the best few only.
    for name in stream.declaredClasses { _ = try names.index(of: name) }
    if findings.streams.count < Self.keptStreams { findings.streams.append(stream) }
    timeLine.beginStream(stream)
    collector.beginStream(stream)
    for writer in writers { try writer.begin(stream) }
  }

  /// A frame follows.
  package func add(_ record: Record) throws(Failure) {
    guard let stream else { return }
    try frame.assign(record, of: stream, &names, options)
    try timeLine.place(frame)
    if findings.frames == 0 { findings.start = frame.position }
    findings.frames += 1
    if frame.isSearched { findings.searchedFrames += 1 }
    if !frame.faces.isEmpty { findings.framesWithFaces += 1 }
    findings.faces += frame.faces.count
    collector.add(frame)
    for writer in writers { try writer.add(frame, classes: names.names) }
  }

  /// All frames have come: the writers end what they write.
  package func finish() throws(Failure) -> Findings {
    collector.finish(at: timeLine.end)
    findings.classes = names.names
    findings.persons = collector.persons
    findings.isClassified = collector.isClassified
    findings.isUntracked = collector.isUntracked
    findings.end = timeLine.end
    findings.runs =
      options.minimumDuration > 0
      ? collector.runs.filter { $0.length >= options.minimumDuration } : collector.runs
    findings.shortRuns = collector.runs.count - findings.runs.count
    for writer in writers { try writer.finish(findings) }
    return findings
  }

  /// What was guessed or left out for formats that know people: phrases.
  package var remarksOnPeople: [String] { remarksOnFaces + remarksOnNumbers }

  private var remarksOnFaces: [String] {
    var remarks: [String] = []
    if collector.isUntracked {
      remarks.append(
        "no tracker has run on this stream: people are the places of faces in their frames (fm-track follows people)"
      )
    }
    if collector.unnumbered > 0 {
      remarks.append(
        "\(collector.unnumbered) face\(collector.unnumbered == 1 ? "" : "s") without a number "
          + "(fm-track takes them for false positives) left out")
    }
    if findings.shortRuns > 0 {
      remarks.append("\(findings.shortRuns) runs shorter than the minimum left out")
    }
    return remarks
  }

  /// What was changed for formats that have all streams of the input on one time line, with numbers for people.
  package var remarksOnNumbers: [String] {
    var remarks: [String] = []
    if collector.renumbered > 0 {
      remarks.append(
        "\(collector.renumbered) people of later streams have new numbers: theirs were taken")
    }
    if timeLine.breaks > 0 {
      remarks.append(
        "times run back \(timeLine.breaks) times: what follows is moved behind what was before")
    }
    return remarks
  }
}
