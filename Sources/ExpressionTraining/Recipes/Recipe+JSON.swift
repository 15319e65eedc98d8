import FrameStream
import SystemIO

extension Recipe {
  /// Reads a recipe file: a JSON object whose keys are those of ``keys``; what it does not say keeps the default.
  /// Keys that begin with an underscore are comments.
  /// - Parameter base: What holds for keys that the file does not have.
  /// - Throws: ``Failure`` naming the file and the key.
  package init(path: String, over base: Recipe = Recipe()) throws(Failure) {
    self = base
    do throws(Failure) {
      try apply(JSONValue(contentsOf: path))
    } catch {
      throw error.subject.hasPrefix(path) ? error : error.within(path)
    }
  }

  /// Takes over the values of a JSON object.
  package mutating func apply(_ json: JSONValue) throws(Failure) {
    guard let fields = json.object?.fields else {
      throw Failure(.badInput, step: "recipe", cause: "not a JSON object")
    }
    var seen: Set<String> = []
    for (key, value) in fields where !key.hasPrefix("_") {
      do throws(Failure) {
        guard seen.insert(key).inserted else {
          throw Failure(.badInput, step: "", subject: key, cause: "appears twice")
        }
        try set(key, to: value)
      } catch {
        throw Failure(.badInput, step: error.step, subject: error.subject, cause: error.cause)
      }
    }
  }

  /// Writes the recipe as a JSON object.
  /// - Parameter withArchitecture: Whether the keys of a network that is made here are among them; nil for what
  ///   ``from`` says.
  package func write(to writer: inout JSONWriter, withArchitecture: Bool? = nil) {
    writer.object { object in
      for key in usedKeys(withArchitecture) {
        object.key(key.name)
        key.write(self, &object)
      }
    }
  }

  /// Writes the recipe as a file that ``init(path:over:)`` reads, a key a line.
  /// - Parameter comment: A first line for people, under the key `_what`.
  /// - Throws: ``Failure`` (`inputOutput`) naming the file.
  package func write(to path: String, comment: String) throws(Failure) {
    func text(_ write: (inout JSONWriter) -> Void) -> String {
      var writer = JSONWriter()
      write(&writer)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    let lines =
      ["  \"_what\": " + text { $0.value(comment) }]
      + usedKeys(nil).map { key in "  \"\(key.name)\": " + text { key.write(self, &$0) } }
    try WholeFile.write(Array(("{\n" + lines.joined(separator: ",\n") + "\n}\n").utf8), to: path)
  }

  private func usedKeys(_ withArchitecture: Bool?) -> [Key] {
    withArchitecture ?? (from == nil)
      ? Self.keys : Self.keys.filter { !Self.architectureKeys.contains($0.name) }
  }

  /// The whole recipe as one line of JSON.
  package var text: String {
    var writer = JSONWriter()
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// One value as JSON.
  func text(of key: Key) -> String {
    var writer = JSONWriter()
    key.write(self, &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// What differs from an older recipe, in words: `learning_rate was 0.001 and is 0.01`.
  package func differences(from old: Recipe) -> [String] {
    func differences(_ keys: [Key]) -> [String] {
      keys.compactMap { key in
        let (before, now) = (old.text(of: key), text(of: key))
        return before == now ? nil : "\(key.name) was \(before) and is \(now)"
      }
    }
    let parts = differences(Self.augmentationKeys)
    // The whole object only if none of its short names says what differs.
    return differences(usedKeys(nil).filter { parts.isEmpty || $0.name != "augmentation" }) + parts
  }
}
