import Glibc
import WorstInputs

/// Prints how long the worst inputs take to read at 1, 2, 4, 8 and 16 MB, and the exponent with which that grows.
@main struct Growth {
  static func main() {
    let wanted = CommandLine.arguments.dropFirst().first ?? ""
    let sizes = [1, 2, 4, 8, 16]
    print("| input | " + sizes.map { "\($0) MB" }.joined(separator: " | ") + " | exponent |")
    print("|---|" + String(repeating: "---|", count: sizes.count + 1))
    for input in WorstInput.all where wanted.isEmpty || input.name.contains(wanted) {
      var times: [Double] = []
      for size in sizes {
        times.append(input.seconds(byteCount: size << 20))
        // What has taken a minute will not end.
        if times.last ?? 0 > 60 { break }
      }
      let cells = sizes.indices.map { times.indices.contains($0) ? text(times[$0]) : "–" }
      print("| \(input.name) | " + cells.joined(separator: " | ") + " | \(exponent(times, sizes)) |")
      fflush(nil)
    }
  }

  private static func text(_ seconds: Double) -> String { "\((seconds * 1e4).rounded() / 1e4)" }

  /// The slope of the logarithms; nothing where all is over in milliseconds.
  private static func exponent(_ times: [Double], _ sizes: [Int]) -> String {
    guard let last = times.last, last > 0.005, let first = times.first, first > 0, times.count > 1 else {
      return "–"
    }
    let slope = log(last / first) / log(Double(sizes[times.count - 1]) / Double(sizes[0]))
    return "\((slope * 100).rounded() / 100)"
  }
}
