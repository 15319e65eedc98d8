import Glibc

/// What is fed with libFuzzer's bytes; each is in a file of its own and listed in ``all``.
struct FuzzTarget: Sendable {
  /// What TARGET= of `make fuzz` and the environment's FM_FUZZ call it.
  let name: String
  /// Words that make a difference, for libFuzzer's dictionary.
  let words: [String]
  /// Small valid inputs, of every kind that takes another way; made by code.
  let seeds: @Sendable () -> [[UInt8]]
  /// Reads the bytes. Anything but a crash, a hang, a leak or boundless memory is right, a thrown error above all.
  let run: @Sendable (UnsafeRawBufferPointer) -> Void

  static let all: [FuzzTarget] = [cascade, stream, stored, model, onnx, manifest, boxes, json]

  /// The one that FM_FUZZ names.
  static let chosen: FuzzTarget = {
    let name = getenv("FM_FUZZ").map { String(cString: $0) } ?? "cascade"
    guard let target = all.first(where: { $0.name == name }) else {
      fail("FM_FUZZ=\(name) is not one of \(all.map(\.name).joined(separator: ", "))")
    }
    return target
  }()

  /// Writes seeds to the folder and the dictionary beside it.
  func write(to folder: String) {
    for (index, seed) in seeds().enumerated() { Self.write(seed, to: "\(folder)/seed-\(index)") }
    let lines = words.enumerated().map { "w\($0)=\"\(Self.escaped($1))\"\n" }
    Self.write(Array(lines.joined().utf8), to: folder + ".dict")
  }

  private static func escaped(_ word: String) -> String {
    word.utf8.map { byte in
      let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      if isPlain { return String(UnicodeScalar(byte)) }
      return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { fail("cannot write \(path)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  static func fail(_ message: String) -> Never {
    fputs("fuzz: \(message)\n", stderrHandle)
    exit(64)
  }

  private static var stderrHandle: UnsafeMutablePointer<FILE> { fdopen(2, "w") }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<Arguments>,
  _ testOneInput: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

private func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// The program's entry, by the name that the package manager gives it; libFuzzer's own would come before `@main`.
///
/// With FM_FUZZ_SEEDS=FOLDER it writes the target's seeds there instead of fuzzing.
@_cdecl("fuzz_main")
public func fuzzMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
{
  let target = FuzzTarget.chosen
  if let folder = getenv("FM_FUZZ_SEEDS") {
    target.write(to: String(cString: folder))
    return 0
  }
  var (count, arguments) = (count, arguments)
  return runFuzzer(&count, &arguments) { bytes, count in
    let start = processorTime()
    FuzzTarget.chosen.run(UnsafeRawBufferPointer(start: bytes, count: count))
    // libFuzzer's own limit is by the clock on the wall, which also counts what else the machine does.
    let seconds = processorTime() - start
    precondition(seconds < 1, "\(count) bytes took \(seconds) s")
    return 0
  }
}
