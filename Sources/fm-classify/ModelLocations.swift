import Glibc
import SystemIO

/// Where the models that come with the tools are.
enum ModelLocations {
  /// The file that `FM_MODEL_PATH` names, or the shipped model of FER-2013's seven classes.
  /// - Throws: ``Failure`` (`badInput`) with the places looked in.
  static func standardModel() throws(Failure) -> String {
    if let path = getenv("FM_MODEL_PATH") { return String(cString: path) }
    return try shipped("expressions")
  }

  /// What `--model` names: a file, or by its bare name a model that comes with the tools (`ferplus`).
  /// - Throws: ``Failure`` (`badInput`) with the places looked in.
  static func find(_ name: String) throws(Failure) -> String {
    if name.contains("/") || name.contains(".") || FilePath.exists(name) { return name }
    return try shipped(name)
  }

  /// A model that comes with the tools: in `share/fm` beside the `bin` folder of this program, under the usual
  /// prefixes, or, for a program run from its build folder, in the sources.
  private static func shipped(_ name: String) throws(Failure) -> String {
    let fileName = name + ".keras"
    var places: [String] = []
    if let folder = programFolder() {
      places.append("\(folder)/../share/fm/\(fileName)")
      if let build = folder.range(of: "/.build") {
        places.append("\(folder[..<build])/Sources/fm-classify/Models/\(fileName)")
      }
    }
    places += ["/usr/local/share/fm/\(fileName)", "/usr/share/fm/\(fileName)"]
    for place in places where FilePath.isReadable(place) { return place }
    throw Failure(
      .badInput, step: "cannot find the model", subject: fileName,
      cause: "not in \(places.joined(separator: ", ")); give one with --model or FM_MODEL_PATH")
  }

  private static func programFolder() -> String? {
    FilePath.resolved("/proc/self/exe").flatMap(FilePath.folder(of:))
  }
}

extension String {
  /// Where `part` first begins.
  fileprivate func range(of part: String) -> Index? {
    indices.first { self[$0...].hasPrefix(part) }
  }
}
