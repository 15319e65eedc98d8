import SystemIO

/// Files beside a model that hold values of its tensors (`external_data`), and how many values all its tensors may have:
/// any number of them may name the same bytes.
final class ONNXExternalData {
  /// The folder that the model lies in; nil for a model in memory, which has none.
  private let folder: String?
  private var files: [String: FileContents] = [:]
  private var byteCount = 0
  /// Values that may still be read.
  private var left = ModelLimits.parameters

  init(folder: String?) { self.folder = folder }

  /// Takes the values of a tensor off those that may still be read.
  /// - Parameter isFloat: whether they are kept in four bytes each, not eight.
  /// - Throws: ``Failure`` (`badInput`) if they are too many, before there is memory for them.
  func charge(_ count: Int, isFloat: Bool) throws(Failure) {
    left -= isFloat ? count : 2 * count
    guard left >= 0 else {
      throw refusal("the tensors have more than \(ModelLimits.parameters) values together")
    }
  }

  /// The bytes that a tensor's notes name: `location`, `offset` and `length`.
  /// - Throws: ``Failure`` (`badInput`) unless the file has a plain name, lies beside the model and has them.
  func part(_ notes: [String: String], byteCount: Int) throws(Failure) -> (FileContents, Range<Int>) {
    let name = notes["location"] ?? ""
    guard let folder else { throw refusal("its values lie in another file (\(name)), not in the model") }
    guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\\"),
      !name.utf8.contains(0)
    else {
      throw refusal("its values lie in a file that is not beside the model under a plain name: \(name)")
    }
    let contents = try file(name, in: folder)
    func number(_ key: String, else standard: Int) throws(Failure) -> Int {
      guard let text = notes[key] else { return standard }
      guard let value = Int(text), value >= 0 else { throw refusal("\(key) \(text) is no number of bytes") }
      return value
    }
    let offset = try number("offset", else: 0)
    guard offset <= contents.count, byteCount <= contents.count - offset,
      try number("length", else: byteCount) == byteCount
    else {
      throw refusal("\(byteCount) bytes from byte \(offset) are not in \(name), which has \(contents.count)")
    }
    return (contents, offset..<(offset + byteCount))
  }

  private func file(_ name: String, in folder: String) throws(Failure) -> FileContents {
    if let found = files[name] { return found }
    let contents = try FileContents.read(FilePath.join(folder, name), only: .regular)
    byteCount += contents.count
    guard byteCount <= ModelLimits.file else {
      throw refusal("the files beside the model have more than \(ModelLimits.file) bytes together")
    }
    files[name] = contents
    return contents
  }

  private func refusal(_ cause: String) -> Failure {
    Failure(.badInput, step: "reading ONNX", cause: cause)
  }
}
