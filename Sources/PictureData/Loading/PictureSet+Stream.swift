import FrameStream
import SystemIO
import TextTables

extension PictureSet {
  /// Gathers the labelled frames of a stream (fm-stream(5)).
  ///
  /// Of a frame with faces, the largest one's box with ``LoadingOptions/margin`` is cut out; else the whole frame
  /// is taken. Frames without a label or without pixels are left out and listed.
  /// - Parameter classes: if they are settled already; else the labels that occur, sorted as class folders are.
  /// - Throws: ``Failure``: what reading throws; `badInput` if a label is none of the classes, or fewer than two
  ///   classes or no pictures are in the stream; `failed` if a stage before this one failed.
  package init(
    stream reader: StreamReader, classes known: [String]? = nil, options: LoadingOptions
  ) throws(Failure) {
    var gathering = try StreamGathering(options)
    let record = Record()
    reading: while true {
      switch try reader.read(into: record) {
      case .end: break reading
      case .stopped:
        throw Failure(.failed, step: "reading pictures", cause: "interrupted")
      case .record: try gathering.take(record)
      }
    }
    self = try gathering.finish(known)
  }
}

private struct StreamGathering {
  private let options: LoadingOptions
  private var resampler: PictureResampler
  private let size: Int
  private let gray = GrayPicture()
  private var header: StreamHeader?
  private var pixels: [UInt8] = []
  private var names: [String] = []
  private var labels: [String] = []
  private var unreadable: [PictureSet.Unreadable] = []

  init(_ options: LoadingOptions) throws(Failure) {
    self.options = options
    guard options.margin > -0.5, options.margin <= 4 else {
      throw Failure(.usage, step: "reading pictures", cause: "a margin of \(options.margin)")
    }
    size = try PixelStorage.byteCount(width: options.width, height: options.height, pictures: 1)
    resampler = PictureResampler(width: options.width, height: options.height)
  }

  mutating func take(_ record: Record) throws(Failure) {
    switch record.kind {
    case .stream: header = try StreamHeader(record.line)
    case .frame:
      let name = name(of: record)
      do throws(Failure) {
        try add(record, name)
      } catch {
        if options.strict { throw error.within(record.subject) }
        unreadable.append(PictureSet.Unreadable(name: name, cause: error.description))
      }
    case .end:
      let status = record.line["status"]?.string ?? "ok"
      guard status != "ok" else { return }
      throw Failure(
        .failed, step: "stopped upstream", subject: header?.source ?? "the stream",
        cause: record.line["message"]?.string ?? status)
    case .packet, .other: return
    }
  }

  private func name(of record: Record) -> String {
    record.line["source"]?.string ?? "\(header?.source ?? "stream") frame \(record.sequence)"
  }

  private mutating func add(_ record: Record, _ name: String) throws(Failure) {
    func wrong(_ cause: String) -> Failure { Failure(.badInput, step: "", cause: cause) }
    guard let label = record.line["label"]?.string, !label.isEmpty else { throw wrong("it has no label") }
    guard let plane = gray.plane(of: record) else { throw wrong("it has no pixels") }
    guard plane.width * plane.height <= options.maximumPixels else {
      throw wrong("\(plane.width)x\(plane.height) is more than \(options.maximumPixels) pixels")
    }
    guard names.count < PictureLimits.pictures else { throw wrong("there are too many pictures") }
    var part = PictureResampler.Part(x: 0, y: 0, width: plane.width, height: plane.height)
    if let face = try record.faces()?.max(by: { $0.width * $0.height < $1.width * $1.height }) {
      // As FaceCut enlarges a box.
      let across = Int((Double(face.width) * options.margin).rounded())
      let down = Int((Double(face.height) * options.margin).rounded())
      part = PictureResampler.Part(
        x: face.x - across, y: face.y - down, width: max(face.width + 2 * across, 1),
        height: max(face.height + 2 * down, 1))
    }
    var picture = [UInt8](repeating: 0, count: size)
    let range = record.colorRange(in: header?.video)
    try picture.withUnsafeMutableBufferPointer { picture throws(Failure) in
      try resampler.resample(plane, part, range: range, into: picture.baseAddress!)
    }
    pixels += picture
    names.append(name)
    labels.append(label)
  }

  func finish(_ known: [String]?) throws(Failure) -> PictureSet {
    func wrong(_ cause: String) -> Failure {
      Failure(.badInput, step: "reading pictures", subject: header?.source ?? "the stream", cause: cause)
    }
    guard !names.isEmpty else {
      let first = unreadable.first.map { ": \($0.name): \($0.cause)" } ?? ""
      throw wrong("none of \(unreadable.count) frames can be used" + first)
    }
    let classes = options.classes(given: known, found: Set(labels).sorted(by: NameList.precedes))
    guard (2...PictureLimits.classes).contains(classes.count) else {
      throw wrong("it has \(classes.count) classes: \(NameList.quoted(classes))")
    }
    var numbers: [String: Int] = [:]
    for (number, name) in classes.enumerated() { numbers[name] = number }
    var examples: [PictureSet.Example] = []
    for (name, label) in zip(names, labels) {
      guard let number = numbers[label] else {
        throw wrong(
          "\(name): the label \"\(label.prefix(60))\" is none of the classes \(NameList.quoted(classes))")
      }
      examples.append(PictureSet.Example(name: name, label: number))
    }
    let storage = try PixelStorage(byteCount: pixels.count)
    storage.bytes.copyBytes(from: pixels)
    let set = PictureSet(
      classes: classes, width: options.width, height: options.height, examples: examples, pixels: storage,
      unreadable: unreadable)
    set.report(options.onWarning, subject: header?.source ?? "the stream")
    return set
  }
}
