import ExpressionNet
import FilterTool
import FrameMedia
import FrameStream
import Glibc
import SystemIO

/// The pictures of a folder, with the numbers of their classes where they lie in folders named so.
struct CalibrationPictures {
  struct Picture {
    var path: String
    /// Nil for a picture that is in no class's folder.
    var label: Int?
  }

  private(set) var pictures: [Picture] = []
  /// Folders that are none of the classes.
  private(set) var otherFolders: [String] = []

  var labelled: [Picture] { pictures.filter { $0.label != nil } }

  /// - Throws: ``Failure`` (`inputOutput`) if the folder cannot be read.
  init(path: String, classes: [String]) throws(Failure) {
    for name in try Self.names(in: path) {
      let inner = "\(path)/\(name)"
      if Self.isFolder(inner) {
        let label = classes.firstIndex(of: name)
        if label == nil { otherFolders.append(name) }
        for file in try Self.names(in: inner) where MediaInput.isPictureName(file) {
          pictures.append(Picture(path: "\(inner)/\(file)", label: label))
        }
      } else if MediaInput.isPictureName(name) {
        pictures.append(Picture(path: inner, label: nil))
      }
    }
  }

  /// What is in a folder, hidden files aside, sorted by bytes.
  private static func names(in folder: String) throws(Failure) -> [String] {
    guard let directory = opendir(folder) else {
      throw Failure(
        .inputOutput, step: "cannot read the folder", subject: folder, cause: systemMessage(errno))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

/// Reads pictures of faces as a model's input wants them: whole pictures, no margin.
struct PictureInput {
  private let tool: Tool
  private let classifier: ExpressionClassifier

  init(_ tool: Tool, _ model: ExpressionModel) throws(Failure) {
    self.tool = tool
    var options = ExpressionClassifier.Options()
    options.margin = 0
    options.precision = .only(.f32)
    classifier = try ExpressionClassifier(model, options)
  }

  /// Gives `body` the pictures in batches: inputs one after the other, and their labels (-1 where there is none).
  /// Pictures that cannot be read are told and left out.
  func read(
    _ pictures: [CalibrationPictures.Picture],
    _ body: (_ inputs: [Float], _ labels: [Int]) throws(Failure) -> Void
  ) throws(Failure) {
    var inputs: [Float] = []
    var labels: [Int] = []
    for picture in pictures {
      if tool.stop.signal != nil {
        throw Failure(.failed, step: "interrupted", cause: "by a signal; the model is as it was")
      }
      do throws(Failure) {
        inputs += try values(of: picture.path)
      } catch {
        tool.diagnostics.warn("left out: \(error)")
        continue
      }
      labels.append(picture.label ?? -1)
      if labels.count == 16 {
        try body(inputs, labels)
        inputs.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
      }
    }
    if !labels.isEmpty { try body(inputs, labels) }
  }

  private func values(of path: String) throws(Failure) -> [Float] {
    var options = MediaInputOptions()
    options.withTracks = false
    options.pixelFormat = .gray
    options.threads = 1
    let input = try MediaInput(path: path, options: options)
    while let event = try input.next() {
      guard case .frame(let frame) = event, let plane = frame.planes.first else { continue }
      return try classifier.input(
        gray: plane, colorRange: input.video.colorRange,
        box: FaceBox(x: 0, y: 0, width: plane.width, height: plane.height))
    }
    throw Failure(.badInput, step: "reading a picture", subject: path, cause: "there is none in it")
  }
}
