import FaceCascade
import FrameStream
import Glibc
import SystemIO

/// Times the detector when benchmark.py asks for it, so that it can be measured in turns with OpenCV.
///
/// Arguments: cascade file, threads, SIMD level or "best", minimum of neighbors. Each line of standard input is a
/// question; the answer is one line, its parts separated by semicolons:
///
///     search FILE W H     milliseconds that one picture took (a file of gray bytes); the objects found
///     parts FILE W H      milliseconds of resizing it to all levels; of the integral images of these
///     levels W H          pixels of all levels of a picture of this size; their windows
///     count W H           how many levels it has
///     nodes               nodes of the cascade; stages
///     simd                the levels of instructions that the processor has
///     best                the best of them
@main struct CascadeBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let threads = Int(arguments[2]), let neighbors = Int(arguments[4]),
      let level = arguments[3] == "best" ? SIMDLevel.best : SIMDLevel(rawValue: arguments[3])
    else {
      print("usage: cascade-benchmark CASCADE THREADS LEVEL NEIGHBORS")
      exit(64)
    }
    let detector = try CascadeDetector(
      Cascade(contentsOf: arguments[1]), options: DetectionOptions(minNeighbors: neighbors), threads: threads,
      level: level)
    var pictures = Pictures()
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      let answer = try answer(words, detector, &pictures)
      print(answer.joined(separator: ";"))
      fflush(nil)
    }
  }

  private static func answer(
    _ words: [String], _ detector: CascadeDetector, _ pictures: inout Pictures
  ) throws -> [String] {
    let sides = words.suffix(2).compactMap { Int($0) }
    switch words.first {
    case "search" where words.count == 4 && sides.count == 2:
      var found: [Detection] = []
      let spent = try pictures.withPlane(words[1], sides[0], sides[1]) { plane in
        try elapsed { try detector.detect(plane, into: &found) }
      }
      let boxes = found.map { "\($0.box.x) \($0.box.y) \($0.box.width) \($0.box.height)" }.sorted()
      return ["\(spent)", boxes.joined(separator: ",")]
    case "parts" where words.count == 4 && sides.count == 2:
      let levels = try detector.levels(width: sides[0], height: sides[1])
      let parts = pictures.withPlane(words[1], sides[0], sides[1]) { plane in
        LevelParts(levels, plane).milliseconds(detector.level, detector.cascade.featureKind)
      }
      return ["\(parts.resizing)", "\(parts.integral)"]
    case "levels" where sides.count == 2:
      let levels = try detector.levels(width: sides[0], height: sides[1])
      return [
        "\(levels.reduce(0) { $0 + $1.width * $1.height })", "\(levels.reduce(0) { $0 + $1.windowCount })",
      ]
    case "count" where sides.count == 2:
      return ["\(try detector.levels(width: sides[0], height: sides[1]).count)"]
    case "nodes": return ["\(detector.cascade.nodeCount)", "\(detector.cascade.stageCount)"]
    case "simd": return SIMDLevel.allCases.filter { $0 <= .best }.map(\.rawValue)
    case "best": return [SIMDLevel.best.rawValue]
    default: return ["what?"]
    }
  }
}

/// The milliseconds that `body` takes.
func elapsed(_ body: () throws -> Void) rethrows -> Double {
  let start = MonotonicClock.seconds()
  try body()
  return (MonotonicClock.seconds() - start) * 1000
}

/// Files of gray bytes, read once.
struct Pictures {
  private var files: [String: [UInt8]] = [:]

  mutating func withPlane<Result>(
    _ path: String, _ width: Int, _ height: Int, _ body: (PlaneView) throws -> Result
  ) rethrows -> Result {
    if files[path] == nil { files[path] = Self.read(path, width * height) }
    return try files[path]!.withUnsafeBufferPointer {
      try body(PlaneView($0.baseAddress!, width: width, height: height, stride: width))
    }
  }

  private static func read(_ path: String, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let file = open(path, O_RDONLY)
    var done = 0
    while done < count {
      let more = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress! + done, count - done) }
      if more <= 0 { break }
      done += more
    }
    close(file)
    return bytes
  }
}
