import FrameStream
import SystemIO

extension ONNXModel {
  /// The key of the model's `metadata_props` whose value is a ``Calibration`` as JSON. Other programs pass it over.
  package static let calibrationKey = "fm.calibration"

  /// What the file says of its calibration; nil if nothing.
  /// - Throws: ``Failure`` (`badInput`) if it is not understood.
  package func calibration() throws(Failure) -> Calibration? {
    guard let calibrationRange else { return nil }
    do throws(Failure) {
      guard calibrationRange.count <= ModelLimits.text else {
        throw Calibration.refuse("\(calibrationRange.count) bytes, more than \(ModelLimits.text)")
      }
      defer { withExtendedLifetime(contents) {} }
      return try Calibration(
        JSONValue(
          parsing: UnsafeRawBufferPointer(
            start: contents.base + calibrationRange.lowerBound, count: calibrationRange.count)))
    } catch {
      throw error.within("metadata \(Self.calibrationKey)")
    }
  }

  /// Writes the file as it was read, with a calibration in place of an earlier one. The file appears under its name when it
  /// is whole.
  /// - Throws: ``Failure`` naming the file if it cannot be written, or if it would lie elsewhere than the files with its
  ///   weights.
  package func write(to path: String, calibration: Calibration) throws(Failure) {
    let parts = try parts(with: calibration)
    let file = try ONNXFile(contents)
    if file.tensors.values.contains(where: \.isExternal), let folder, Self.folder(of: path) != folder {
      throw Failure(
        .usage, step: "cannot write", subject: path,
        cause: "the network's weights are in files beside it, in \(folder): write it there")
    }
    let replacement = try FileReplacement(path: path)
    do throws(Failure) {
      for part in parts {
        try part.withBytes { (bytes) throws(Failure) in try replacement.descriptor.write(bytes) }
      }
      try replacement.commit()
    } catch {
      replacement.discard()
      throw error.subject.isEmpty ? error.within(path) : error
    }
  }

  /// The file's bytes with a calibration, as ``write(to:calibration:)`` writes them.
  package func encoded(with calibration: Calibration) throws(Failure) -> [UInt8] {
    try parts(with: calibration).flatMap { $0.withBytes { Array($0) } }
  }

  /// The file without an earlier calibration, and a field with this one.
  private func parts(with calibration: Calibration) throws(Failure) -> [FileContents] {
    let kept = FileContents(byteCount: contents.count)
    var count = 0
    var reader = ProtobufReader(contents)
    var start = reader.position
    while let field = try reader.next() {
      let range = start..<reader.position
      start = reader.position
      if field.number == ONNXFile.noteField,
        try ONNXFile.note(contents, field.range)?.key == Self.calibrationKey
      {
        continue
      }
      (kept.base + count).copyMemory(from: contents.base + range.lowerBound, byteCount: range.count)
      count += range.count
    }
    kept.shorten(to: count)
    var text = JSONWriter()
    text.value(try calibration.json())
    let note = Self.field(1, Array(Self.calibrationKey.utf8)) + Self.field(2, text.bytes)
    return [kept, FileContents(Self.field(ONNXFile.noteField, note))]
  }

  /// A field of a protobuf that holds bytes.
  private static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
    varint(UInt64(number) << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  /// A number of seven bits a byte, the lowest first.
  private static func varint(_ number: UInt64) -> [UInt8] {
    var (rest, bytes) = (number, [UInt8]())
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
