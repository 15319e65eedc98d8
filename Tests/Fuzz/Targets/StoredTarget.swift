import FrameStream
import Glibc
import StoredStream
import SystemIO
import Zstandard

extension FuzzTarget {
  /// A stored stream: a file with an index, compressed, or both. The first byte chooses the frame that is looked for, and
  /// whether the rest is compressed here, so that what is damaged is inside good compression. What is called whole is
  /// whole in any other form, too.
  static let stored = FuzzTarget(
    name: "stored", words: StreamSeeds.words + StoredSeeds.words, seeds: { StoredSeeds.all },
    run: { bytes in
      guard let first = bytes.first else { return }
      let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
      guard
        let file = try? first < 0x80 ? StoredSeeds.file(rest) : StoredSeeds.compressedFile(rest)
      else { return }
      defer { file.close() }
      let frames = try? wholeFrames(of: file.descriptor)
      try? file.descriptor.seek(to: 0)
      look(in: file.descriptor, for: Int(first & 0x7F), frames)
      guard let frames else { return }
      for form in [StoredForm.indexed, .compressed(level: 1, threads: 1)] {
        try? file.descriptor.seek(to: 0)
        guard let again = try? StoredSeeds.rewritten(file, form) else { continue }
        defer { again.close() }
        try? again.descriptor.seek(to: 0)
        let found = try? wholeFrames(of: again.descriptor)
        precondition(found == frames, "\(frames) whole frames, and \(found ?? -1) when written again")
      }
    })

  /// The frames of streams that `fm-stream check` calls whole.
  private static func wholeFrames(of file: Descriptor) throws(Failure) -> Int {
    var indexes = KnownIndexes()
    let ends = StreamReader(file)
    if let length = try ends.seekableLength() {
      indexes = try KnownIndexes(ends, length: length)
      try file.seek(to: 0)
    }
    let reader = StreamReader(file)
    reader.keepsIndex = true
    var table: SeekTableCheck?
    if try reader.seekableLength() != nil, reader.compression == nil { try reader.seek(to: 0) }
    if let compression = reader.compression, let found = try compression.seekTable() {
      table = SeekTableCheck(found, compression)
    }
    let inspection = StreamInspection(try StreamRules(schema: nil), allowsGaps: true, indexes: indexes)
    let record = Record()
    while true {
      let offset = reader.offset
      guard case .record = try reader.read(into: record) else { break }
      try inspection.add(record, at: offset, to: reader.offset)
    }
    try table?.finish()
    if let failure = inspection.statusFailure { throw failure }
    return inspection.facts.frames
  }

  /// Goes to a frame by the index, and reads on from there.
  private static func look(in file: Descriptor, for sequence: Int, _ frames: Int?) {
    var chosen: IndexRecord.Entry?
    let outcome = try? FoundIndex.look(in: file) { (index, _) in
      chosen = index.entry(before: sequence)
      return chosen
    }
    guard case .found(let index) = outcome, let chosen else { return }
    precondition(chosen.sequence <= sequence && index.record.entries.contains(chosen))
    try? file.seek(to: 0)
    let reader = StreamReader(file)
    let record = Record()
    do throws(Failure) {
      guard try reader.seekableLength() != nil else { return }
      try reader.seek(to: 0)
      _ = try reader.read(into: record)
      try reader.seek(to: chosen.offset)
      guard case .record = try reader.read(into: record) else { return }
      precondition(record.sequence == chosen.sequence, "a frame that was tried is another")
      var last = chosen.sequence
      while case .record = try reader.read(into: record), record.kind == .frame {
        precondition(record.sequence > last)
        last = record.sequence
      }
    } catch {
      precondition(frames == nil || error.kind != .failed, "a whole file cannot be read from a frame on")
    }
  }
}

/// Stored streams in files without a name.
enum StoredSeeds {
  /// A file with these bytes, read from its beginning.
  static func file(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> TemporaryFile {
    try file { (output) throws(Failure) in try output.write(bytes) }
  }

  /// A file whose zstd frames stand for these bytes.
  static func compressedFile(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> TemporaryFile {
    try file { (descriptor) throws(Failure) in
      let output = CompressedOutput(descriptor, level: 1, threads: 1)
      var rest = bytes
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 + bytes.count / 3))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
        output.append(part)
        try output.endUnit(endsFrame: true)
      }
      try output.finish()
    }
  }

  /// The same streams in another form.
  static func rewritten(_ stored: TemporaryFile, _ form: StoredForm) throws(Failure) -> TemporaryFile {
    try file { (descriptor) throws(Failure) in
      let writer = StoredStreamWriter(descriptor, form)
      let (reader, record) = (StreamReader(stored.descriptor), Record())
      while case .record = try reader.read(into: record) { try writer.write(record) }
      try writer.finish()
    }
  }

  private static func file(_ write: (Descriptor) throws(Failure) -> Void) throws(Failure) -> TemporaryFile {
    let file = try TemporaryFile()
    do throws(Failure) {
      try write(file.descriptor)
      try file.descriptor.seek(to: 0)
    } catch {
      file.close()
      throw error
    }
    return file
  }

  static var all: [[UInt8]] {
    let texts = StreamSeeds.all + [long]
    let forms: [StoredForm] = [.plain, .indexed, .compressed(level: 1, threads: 1)]
    let seeds = texts.flatMap { text in forms.compactMap { try? stored(Array(text.utf8), $0) } }
    // And with a first byte that has them compressed when they are read.
    return seeds.map { [3] + $0 }
      + texts.compactMap { text in (try? stored(Array(text.utf8), .indexed)).map { [0x83] + $0 } }
  }

  private static func stored(_ bytes: [UInt8], _ form: StoredForm) throws(Failure) -> [UInt8] {
    let plain = try bytes.withUnsafeBytesThrowing { (bytes) throws(Failure) in try file(bytes) }
    defer { plain.close() }
    let result = try rewritten(plain, form)
    defer { result.close() }
    return try result.bytes(at: 0, count: result.descriptor.fileLength)
  }

  /// Frames that are far enough apart for an index to list some.
  private static let long: String = {
    let frames = (0..<3).map { number in
      #"{"type":"frame","seq":\#(number),"pts":\#(number),"time":\#(number),"width":160,"height":200,"#
        + #""pixel_format":"gray","bytes":32000}"# + "\n" + String(repeating: "x", count: 32_000) + "\n"
    }
    return
      #"{"fm":1,"type":"stream","video":{"width":160,"height":200,"pixel_format":"gray","time_base":[1,1]}}"#
      + "\n" + frames.joined() + #"{"type":"end","frames":3,"status":"ok"}"# + "\n"
  }()

  static let words = [
    #""type":"index""#, #""offset":["#, #""seq":["#, #""pts":["#, #""index":"#, "\u{5E}*M\u{18}",
  ]
}
