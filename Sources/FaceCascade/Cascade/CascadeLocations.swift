import SystemIO

/// The folders that are searched for a cascade file by name.
package struct CascadeLocations: Sendable {
  /// The folders, in the order in which they are searched.
  package let folders: [String]

  /// The folders in which OpenCV's packages install cascades (Debian's opencv-data, a build from source, older versions).
  package static let usual: [String] = ["/usr/share", "/usr/local/share", "/opt/homebrew/share"].flatMap {
    prefix in
    ["opencv4", "opencv", "OpenCV"].flatMap { version in
      ["haarcascades", "lbpcascades"].map { "\(prefix)/\(version)/\($0)" }
    }
  }

  /// The usual folders, and others before them.
  ///
  /// - Parameter searchPath: folders separated by colons that take precedence over the usual ones, as in the environment's
  ///   `FM_CASCADE_PATH`.
  package init(searchPath: String? = nil) {
    folders = (searchPath ?? "").split(separator: ":").map(String.init) + Self.usual
  }

  /// The folders that the environment's `FM_CASCADE_PATH` names, and the usual ones.
  package static var environment: Self { Self(searchPath: FileName.ofEnvironment("FM_CASCADE_PATH")) }

  /// The path of a cascade: `name` itself if it has a slash or exists; otherwise the file of that name in the first
  /// folder that has it, where `haarcascade_`, `lbpcascade_` and `.xml` may be omitted.
  ///
  /// - Throws: ``Failure`` `.badInput` that lists the folders searched.
  package func find(_ name: String) throws(Failure) -> String {
    guard !name.isEmpty else {
      throw Failure(.usage, step: "cannot find cascade", cause: "its name is empty")
    }
    if name.contains("/") || FilePath.isFile(name) { return name }
    let file = name.hasSuffix(".xml") ? name : name + ".xml"
    for folder in folders {
      for prefix in ["", "haarcascade_", "lbpcascade_"] {
        let path = "\(folder)/\(prefix)\(file)"
        if FileStatus(path: path)?.isRegularFile ?? false { return path }
      }
    }
    let looked = folders.filter { isFolder($0) }
    let places =
      looked.isEmpty
      ? "none of these folders exists: \(folders.joined(separator: ", "))"
      : "not in \(looked.joined(separator: ", "))"
    throw Failure(
      .badInput, step: "cannot find cascade", subject: name,
      cause: "\(places); OpenCV's cascades are in the Debian package opencv-data, or set FM_CASCADE_PATH")
  }

  /// Every `.xml` file of the folders, sorted within each; a name that an earlier folder has is skipped.
  package func all() -> [String] {
    var names: Set<String> = []
    var paths: [String] = []
    for folder in folders {
      for name in FolderListing.names(in: folder) ?? [] where name.hasSuffix(".xml") {
        if names.insert(name).inserted { paths.append("\(folder)/\(name)") }
      }
    }
    return paths
  }

  /// Every cascade of the folders, or why it cannot be used.
  package func list() -> [(path: String, cascade: Result<Cascade, Failure>)] {
    all().map { path in
      (path, Result { () throws(Failure) in try Cascade(contentsOf: path, only: .regular) })
    }
  }

  private func isFolder(_ path: String) -> Bool {
    FileStatus(path: path)?.isFolder ?? false
  }
}
