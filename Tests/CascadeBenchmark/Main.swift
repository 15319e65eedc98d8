import FaceCascade
import FrameStream
import Glibc

/// Times the detector when benchmark.py asks for it, so that it can be measured in turns with OpenCV.
///
/// Arguments: cascade file, threads, SIMD level. Each line of standard input names a file of grey bytes, its width and
/// height; the answer is the milliseconds that one picture took and the objects found, as numbers on one line.
@main struct CascadeBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let threads = Int(arguments[2]), let level = SIMDLevel(rawValue: arguments[3])
    else {
      print("usage: cascade-benchmark CASCADE THREADS plain|avx2|avx512")
      exit(64)
    }
    let detector = try CascadeDetector(Cascade(contentsOf: arguments[1]), threads: threads, level: level)
    var pictures: [String: [UInt8]] = [:]
    var found: [Detection] = []
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 3, let width = Int(words[1]), let height = Int(words[2]) else { continue }
      if pictures[words[0]] == nil { pictures[words[0]] = read(words[0], width * height) }
      let milliseconds = try pictures[words[0]]!.withUnsafeBufferPointer { bytes in
        let plane = PlaneView(bytes.baseAddress!, width: width, height: height, stride: width)
        let start = now()
        try detector.detect(plane, into: &found)
        return now() - start
      }
      let boxes = found.map { "\($0.x) \($0.y) \($0.width) \($0.height)" }.sorted()
      print(milliseconds, boxes.joined(separator: ","), separator: ";")
      fflush(nil)
    }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
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
