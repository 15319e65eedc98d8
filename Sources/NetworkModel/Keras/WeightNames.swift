/// The groups that Keras 3 gives layers in a weights file: the class name in snake case, counted within the model.
package struct WeightNames {
  private let path: String
  private var used: [String: Int] = [:]
  private let fixed: String?

  /// Names within the group `path`, which is empty or ends with a slash.
  package init(path: String) {
    self.path = path
    fixed = nil
  }

  /// Always the same name: for further calls of a layer.
  init(fixed: String) {
    path = ""
    self.fixed = fixed
  }

  /// The group of the next layer of the class `kind`.
  package mutating func next(_ kind: String) -> String {
    if let fixed { return fixed }
    let base = Self.snakeCase(kind)
    let count = used[base, default: 0]
    used[base] = count + 1
    return path + "layers/" + (count == 0 ? base : "\(base)_\(count)")
  }

  /// Keras's own rule (`naming.to_snake_case`): an underscore before a capital that begins a word.
  static func snakeCase(_ name: String) -> String {
    let letters = Array(
      name.unicodeScalars.filter {
        $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
      })
    var result = ""
    for (index, letter) in letters.enumerated() {
      let isCapital = ("A"..."Z").contains(letter)
      if isCapital, index > 0, letters[index - 1] != "_" {
        let nextIsSmall = index + 1 < letters.count && ("a"..."z").contains(letters[index + 1])
        let afterSmall = ("a"..."z").contains(letters[index - 1])
        if nextIsSmall || afterSmall { result.append("_") }
      }
      result.unicodeScalars.append(letter)
    }
    return result.lowercased()
  }
}
