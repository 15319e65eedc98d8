import Glibc
import SystemIO

/// What the system says of itself.
enum SystemFacts {
  /// `Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64, x86_64`.
  static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let release = value(of: "PRETTY_NAME", separator: "=", in: "/etc/os-release") ?? "unknown distribution"
    return "\(release), \(text(names.sysname)) \(text(names.release)), \(text(names.machine))"
  }

  /// The processor's name, how many of them this process may use, and the instructions of the project's own loops.
  static var processor: String {
    let name = value(of: "model name", separator: ":", in: "/proc/cpuinfo") ?? "unknown processor"
    let count = Processors.available
    return "\(name); \(count) for this process; kernels \(SIMDLevel.preferred.rawValue)"
      + (SIMDLevel.preferred < SIMDLevel.best ? " (FM_SIMD; \(SIMDLevel.best.rawValue) is here)" : "")
  }

  /// Cameras by the names that fm-decode takes: `0 (/dev/video0, Integrated Camera)`.
  static var cameras: [String] {
    let names = FolderListing.names(in: "/dev") ?? []
    let numbers = names.compactMap { name in name.hasPrefix("video") ? Int(name.dropFirst(5)) : nil }
    return numbers.sorted().map { number in
      let title = firstLine(of: "/sys/class/video4linux/video\(number)/name")
      return "\(number) (/dev/video\(number)\(title.map { ", " + $0 } ?? ""))"
    }
  }

  private static func firstLine(of path: String) -> String? {
    lines(of: path).first.map { String($0) }
  }

  /// The value of the first line with a key.
  private static func value(of key: String, separator: Character, in path: String) -> String? {
    for line in lines(of: path) {
      guard let place = line.firstIndex(of: separator) else { continue }
      guard trimmed(line[..<place]) == key else { continue }
      return trimmed(line[line.index(after: place)...])
    }
    return nil
  }

  private static func lines(of path: String) -> [Substring] {
    guard let bytes = try? WholeFile.read(path, limit: 1 << 20, only: .regular) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Without spaces, tabs and quotation marks around it.
  private static func trimmed(_ text: Substring) -> String {
    func isMargin(_ character: Character) -> Bool { " \t\"".contains(character) }
    var text = text.drop(while: isMargin)
    while let last = text.last, isMargin(last) { text.removeLast() }
    return String(text)
  }
}
