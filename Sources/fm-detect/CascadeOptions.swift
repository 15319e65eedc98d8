import ArgumentParser
import FaceCascade
import FilterTool
import SystemIO

/// Which cascades to run.
struct CascadeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Cascade file, or name of one of OpenCV's (default: frontalface_alt). May be repeated.",
      valueName: "file"), completion: Self.completion)
  var cascade: [String] = []

  @Option(
    help: ArgumentHelp(
      "Cascade for parts inside each face, such as eye, written as the face's \"parts\". May be repeated.",
      valueName: "file"), completion: Self.completion)
  var nested: [String] = []

  @Option(
    help: ArgumentHelp(
      "Faces that several cascades find at the same position: merge (keep the one with the most neighbors) or keep (all).",
      valueName: "merge|keep"))
  var overlaps = DetectorSet.Overlaps.merge

  /// A loaded cascade and what it was called.
  struct Loaded: Sendable {
    var name: String
    var cascade: Cascade
  }

  func load() throws(Failure) -> [Loaded] {
    try load(cascade.isEmpty ? ["frontalface_alt"] : cascade)
  }

  func loadNested() throws(Failure) -> [Loaded] { try load(nested) }

  private func load(_ names: [String]) throws(Failure) -> [Loaded] {
    var loaded: [Loaded] = []
    for name in names {
      let path = try CascadeLocations.environment.find(name)
      loaded.append(Loaded(name: path, cascade: try Cascade(contentsOf: path)))
    }
    // Files of one name in two folders keep their folders, so that their detections can be distinguished.
    let short = loaded.map { Self.shortName($0.name) }
    for (index, name) in short.enumerated() where short.filter({ $0 == name }).count == 1 {
      loaded[index].name = name
    }
    return loaded
  }

  /// Writes a line a cascade: name, kind, window, stages, weak classifiers, file.
  func list(_ tool: Tool) throws(Failure) {
    var lines: [[String]] = [["NAME", "KIND", "WINDOW", "STAGES", "WEAK", "FILE"]]
    for entry in CascadeLocations.environment.list() {
      switch entry.cascade {
      case .success(let cascade):
        lines.append([
          Self.shortName(entry.path), cascade.featureKind.rawValue,
          "\(cascade.windowWidth)x\(cascade.windowHeight)", "\(cascade.stageCount)", "\(cascade.weakCount)",
          entry.path,
        ])
      case .failure(let failure): tool.diagnostics.warn("\(failure)")
      }
    }
    try tool.print(table: lines)
  }

  /// The names of the cascades found, and cascade files.
  private static let completion = CompletionKind.names(
    { CascadeLocations.environment.all().map(shortName) }, orFiles: ["xml"])

  /// `frontalface_alt` for `/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt.xml`.
  private static func shortName(_ path: String) -> String {
    var name = FilePath.lastComponent(path)
    if name.hasSuffix(".xml") { name.removeLast(4) }
    if name.hasPrefix("haarcascade_") { name.removeFirst("haarcascade_".count) }
    return name
  }
}

extension DetectorSet.Overlaps: ExpressibleByArgument {}
