import FaceInput
import FrameStream
import NetworkModel
import SystemIO
import TextTables

extension PictureSet {
  /// Gathers the labeled frames of a stream (fm-stream(5)).
  ///
  /// Of a frame in which faces were searched for, the largest one's box with its margin is cropped, exactly as
  /// fm-classify crops it; a frame without a face is left out, and their number is reported. Where nothing was
  /// searched for, the whole frame is the picture. Frames without a label or without pixels are left out and listed.
  /// - Parameters:
  ///   - classes: if they are settled already; otherwise the labels that occur, sorted as class folders are.
  ///   - watch: receives every record first.
  /// - Throws: ``Failure``: what reading throws; `badInput` if a label is not one of the classes, or fewer than two
  ///   classes or no pictures are in the stream; `failed` if a stage before this one failed.
  package init(
    stream reader: StreamReader, classes known: [String]? = nil, options: LoadingOptions,
    watch: ((Record) throws(Failure) -> Void)? = nil
  ) throws(Failure) {
    var gathering = try StreamGathering(options)
    let record = Record()
    reading: while true {
      switch try reader.read(into: record) {
      case .end: break reading
      case .stopped:
        throw Failure(.failed, step: "reading pictures", cause: "interrupted")
      case .record:
        try watch?(record)
        try gathering.take(record)
      }
    }
    self = try gathering.finish(known)
  }
}

private struct StreamGathering {
  private let options: LoadingOptions
  private var resampler: PictureResampler
  /// The size of the pictures, and what a face's box grows by.
  private var width: Int
  private var height: Int
  private var margin: Double
  /// Whether faces were searched for in the first picture; nil before it, and where it does not matter.
  private var isSearched: Bool?
  /// Frames in which faces were searched for and none was found.
  private var withoutFace = 0
  private let gray = GrayPicture()
  private var header: StreamHeader?
  private var pixels: [UInt8] = []
  private var names: [String] = []
  private var labels: [String] = []
  private var unreadable: [PictureSet.Unreadable] = []

  init(_ options: LoadingOptions) throws(Failure) {
    self.options = options
    // Pictures larger than the input, of which parts are taken, have larger margins than the model.
    for margin in [options.margin, options.faces?.margin].compactMap(\.self)
    where !(-0.5...2 * Preprocessing.margins.upperBound).contains(margin) {
      throw Failure(.usage, step: "reading pictures", cause: "a margin of \(margin)")
    }
    (width, height, margin) = (options.width, options.height, options.margin)
    resampler = PictureResampler(width: width, height: height)
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
      let end = try EndRecord(record.line)
      if let failure = end.failure(subject: header?.source ?? "the stream") { throw failure }
    case .packet, .other: return
    }
  }

  private func name(of record: Record) -> String {
    record.source ?? "\(header?.source ?? "stream") frame \(record.sequence)"
  }

  /// Decides the size of all pictures at the first frame, if faces and whole frames have different ones.
  /// - Throws: ``Failure`` (`badInput`) for a frame of another kind than the first.
  private mutating func settle(isSearched: Bool) throws(Failure) {
    guard let faces = options.faces else { return }
    if let known = self.isSearched {
      guard known != isSearched else { return }
      throw Failure(
        .badInput, step: "",
        cause: isSearched
          ? "faces were searched for in it, unlike in the frames before it"
          : "no faces were searched for in it, unlike in the frames before it")
    }
    self.isSearched = isSearched
    guard isSearched else { return }
    (width, height, margin) = (faces.width, faces.height, faces.margin)
    resampler = PictureResampler(width: width, height: height)
  }

  private mutating func add(_ record: Record, _ name: String) throws(Failure) {
    func wrong(_ cause: String) -> Failure { Failure(.badInput, step: "", cause: cause) }
    let faces = try record.faces()
    if let faces, faces.isEmpty {
      withoutFace += 1
      return
    }
    guard let label = record.label, !label.isEmpty else { throw wrong("it has no label") }
    guard let plane = gray.plane(of: record) else { throw wrong("it has no pixels") }
    guard plane.width * plane.height <= options.maximumPixels else {
      throw wrong("\(plane.width)x\(plane.height) is more than \(options.maximumPixels) pixels")
    }
    guard names.count < PictureLimits.pictures else { throw wrong("there are too many pictures") }
    var part = plane.bounds
    try settle(isSearched: faces != nil)
    if let face = faces?.max(by: { $0.box.area < $1.box.area }) {
      part = try face.classified.enlarged(by: margin)
        .displayed(withPixels: header?.video?.pixelShape ?? 1, as: Double(width) / Double(height))
    }
    let range = record.colorRange(in: header?.video)
    var picture = [UInt8](
      repeating: 0, count: try PixelStorage.byteCount(width: width, height: height, pictures: 1))
    try picture.withUnsafeMutableBufferPointer { picture throws(Failure) in
      try resampler.resample(plane, part, range: range, into: picture.baseAddress!)
    }
    pixels += picture
    names.append(name)
    labels.append(label)
  }

  private var facelessText: String { withoutFace > 0 ? ": \(withoutFace) without a face" : "" }

  func finish(_ known: [String]?) throws(Failure) -> PictureSet {
    func wrong(_ cause: String) -> Failure {
      Failure(.badInput, step: "reading pictures", subject: header?.source ?? "the stream", cause: cause)
    }
    guard !names.isEmpty else {
      let first = unreadable.first.map { ": \($0.name): \($0.cause)" } ?? ""
      throw wrong("none of \(unreadable.count + withoutFace) frames can be used\(facelessText)" + first)
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
          "\(name): the label \"\(label.prefix(60))\" is not one of the classes \(NameList.quoted(classes))")
      }
      examples.append(PictureSet.Example(name: name, label: number))
    }
    let storage = try PixelStorage(byteCount: pixels.count)
    storage.bytes.copyBytes(from: pixels)
    let set = PictureSet(
      classes: classes, width: width, height: height, examples: examples, pixels: storage,
      unreadable: unreadable)
    set.report(options.onWarning, subject: header?.source ?? "the stream")
    if withoutFace > 0 {
      options.onWarning?("\(header?.source ?? "the stream"): frames left out\(facelessText)")
    }
    return set
  }
}
