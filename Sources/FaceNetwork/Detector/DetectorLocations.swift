import SystemIO

/// The folders that are searched for a detection network by name.
package struct DetectorLocations: Sendable {
  /// The folders, in the order in which they are searched.
  package let folders: [String]

  /// Where to get networks, by the beginnings of their names.
  private static let sources = [
    "yunet":
      "YuNet is in github.com/opencv/opencv_zoo (models/face_detection_yunet, the file of 2023mar): save it as yunet.onnx in a folder that FM_DETECTOR_PATH names",
    "faces":
      "faces.keras comes with the package fm, or with make install",
  ]

  /// The folders of files that come with the tools, and others before them.
  /// - Parameter searchPath: folders separated by colons, as in the environment's `FM_DETECTOR_PATH`.
  package init(searchPath: String? = nil) {
    folders = (searchPath ?? "").split(separator: ":").map(String.init) + ShippedFiles.detectors.folders
  }

  /// The folders that the environment's `FM_DETECTOR_PATH` names, and those of files that come with the tools.
  package static var environment: Self { Self(searchPath: FileName.ofEnvironment("FM_DETECTOR_PATH")) }

  /// The files that `name` may mean: `name` itself if it has a slash or if there is such a file, which a folder of that name
  /// is not; with a dot, the file of that name in the first folder that has one; otherwise those of the first folder with
  /// files `NAME*.onnx` or `NAME*.keras`, those of exactly that name first.
  /// - Throws: ``Failure`` (`badInput`) with the folders searched, and where to get a network that is known.
  package func find(_ name: String) throws(Failure) -> [String] {
    guard !name.isEmpty else {
      throw Failure(.usage, step: "cannot find the detector", cause: "its name is empty")
    }
    if name.contains("/") || FilePath.isFile(name) { return [name] }
    if name.contains(".") {
      return [folders.map { FilePath.join($0, name) }.first(where: FilePath.isFile) ?? name]
    }
    for folder in folders {
      let found = names(in: folder).filter { $0.hasPrefix(name) }
      if found.isEmpty { continue }
      let exact = found.filter { file in Self.suffixes.contains { file == name + $0 } }
      return (exact.isEmpty ? found : exact).map { FilePath.join(folder, $0) }
    }
    let source = Self.sources[name].map { "; " + $0 }
    throw Failure(
      .badInput, step: "cannot find the detector", subject: name,
      cause: "not in \(folders.joined(separator: ", "))"
        + (source ?? "; give a file, or set FM_DETECTOR_PATH"))
  }

  /// The names of the networks in the folders, without `.onnx` or `.keras`; sorted.
  /// - Parameter suffix: `.onnx` or `.keras`, for networks in such files only.
  package func names(suffix: String = "") -> [String] {
    let files = folders.flatMap { names(in: $0) }.filter { $0.hasSuffix(suffix) }
    return Set(files.map { $0.split(separator: ".").dropLast().joined(separator: ".") })
      .sorted()
  }

  private func names(in folder: String) -> [String] {
    (FolderListing.names(in: folder) ?? []).filter { name in Self.suffixes.contains { name.hasSuffix($0) } }
      .sorted()
  }

  private static let suffixes = [".onnx", ".keras"]
}
