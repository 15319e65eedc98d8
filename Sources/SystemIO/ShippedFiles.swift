/// Files of one kind that come with the tools and are found by their bare names, such as the model `ferplus`.
///
/// They are looked for in `share/fm` beside the `bin` folder of the running program, then under the usual prefixes,
/// and, for a program that runs from its build folder, in the sources of the checkout.
package struct ShippedFiles: Sendable {
  /// What a message calls such a file: `model`.
  private let kind: String
  /// The folder below `share`.
  private let shared: String
  /// The folder in a checkout.
  private let sources: String
  /// The extension of the files' names, with its dot.
  private let suffix: String

  /// Model files of fm-classify and fm-train.
  package static let models = ShippedFiles(
    kind: "model", shared: "fm", sources: "Sources/fm-classify/Models", suffix: ".keras")
  /// Detection networks of fm-detect.
  package static let detectors = ShippedFiles(
    kind: "detector", shared: "fm/detectors", sources: "Sources/fm-detect/Detectors", suffix: ".keras")
  /// Recipe files of fm-train.
  package static let recipes = ShippedFiles(
    kind: "recipe", shared: "fm/recipes", sources: "Sources/fm-train/Recipes", suffix: ".json")
  /// JSON Schemas of records.
  package static let schemas = ShippedFiles(
    kind: "schema", shared: "fm", sources: "Sources/Share", suffix: ".schema.json")

  private init(kind: String, shared: String, sources: String, suffix: String) {
    (self.kind, self.shared, self.sources, self.suffix) = (kind, shared, sources, suffix)
  }

  /// The path that `name` means: `name` itself if it has a slash or a dot or if there is such a file, which a folder is
  /// not; otherwise the shipped file of that name.
  /// - Parameter advice: How to give another file, for the message.
  /// - Throws: ``Failure`` (`badInput`) with the folders searched and the shipped names found there.
  package func find(_ name: String, advice: String? = nil) throws(Failure) -> String {
    if name.contains("/") || name.contains(".") || FilePath.isFile(name) { return name }
    return try shipped(name, advice: advice)
  }

  /// The shipped file of a bare name.
  /// - Throws: as ``find(_:advice:)``.
  package func shipped(_ name: String, advice: String? = nil) throws(Failure) -> String {
    let file = name + suffix
    let folders = Self.folders(shared: shared, sources: sources)
    for folder in folders {
      let path = FilePath.join(folder, file)
      if FilePath.isReadable(path) { return path }
    }
    let known = names()
    let others =
      known.isEmpty
      ? "; the \(kind)s come with the package fm, or with make install"
      : "; \(kind)s found: \(known.joined(separator: ", "))"
    throw Failure(
      .badInput, step: "cannot find the \(kind)", subject: file,
      cause: "not in \(folders.joined(separator: ", "))" + others + (advice.map { "; " + $0 } ?? ""))
  }

  /// The bare names of the shipped files, sorted.
  package func names() -> [String] {
    let files = Self.folders(shared: shared, sources: sources).flatMap { FolderListing.names(in: $0) ?? [] }
    return Set(files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }).sorted()
  }

  /// The folders that are searched, in order.
  package var folders: [String] { Self.folders(shared: shared, sources: sources) }

  private static func folders(shared: String, sources: String) -> [String] {
    var folders: [String] = []
    if let program = FilePath.resolved("/proc/self/exe").flatMap(FilePath.folder(of:)) {
      folders.append("\(program)/../share/\(shared)")
      if let build = program.indices.first(where: { program[$0...].hasPrefix("/.build") }) {
        folders.append("\(program[..<build])/\(sources)")
      }
    }
    return folders + ["/usr/local/share/\(shared)", "/usr/share/\(shared)"]
  }
}
