import Foundation
import Glibc
import NetworkEngine
import NetworkModel
import SeededNoise
import SystemIO

/// An ONNX network for pictures, timed and compared when detectors.py asks for it.
struct ONNXNetworks {
  private let model: ONNXModel
  private let precision: Precision
  private let threads: Int

  init(_ path: String, _ precision: String, threads: Int) throws {
    model = try ONNXModel(path: path)
    guard let precision = Precision(rawValue: precision) else { exit(64) }
    (self.precision, self.threads) = (precision, threads)
  }

  /// Noise as pictures for the ranges of int8: good enough to time with.
  private func network(_ height: Int, _ width: Int) throws -> Network {
    let graph = try model.network(height: height, width: width).graph
    var calibration: Calibration?
    if precision == .int8 {
      let calibrator = try Calibrator(graph, threads: threads)
      var noise = Noise(3)
      try calibrator.observe(noise.values(graph.inputShape.reduce(1, *), scale: 128).map { $0 + 128 })
      calibration = calibrator.calibration
    }
    return try Network(graph, threads: threads, precision: precision, calibration: calibration)
  }

  /// What oneDNN chose for each step.
  func describe(_ height: Int, _ width: Int) throws {
    for step in try network(height, width).steps(batch: 1) { print(step.layer, step.implementation) }
  }

  /// Answers each line, `HEIGHT WIDTH`, with milliseconds. With two names of files after them, it reads the picture
  /// from the first, and writes all results, one after the other, to the second.
  func answer() throws {
    var networks: [String: Network] = [:]
    var noise = Noise(5)
    var pictures: [String: [Float]] = [:]
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 2 || words.count == 4, let height = Int(words[0]), let width = Int(words[1]) else {
        continue
      }
      let size = "\(height) \(width)"
      let network = try networks[size] ?? network(height, width)
      networks[size] = network
      var picture = pictures[size] ?? noise.values(network.inputCount, scale: 128).map { $0 + 128 }
      if words.count == 4 {
        picture = try Data(contentsOf: URL(fileURLWithPath: words[2])).withUnsafeBytes {
          Array($0.bindMemory(to: Float.self))
        }
      }
      pictures[size] = picture
      var start = 0.0
      var written = Data()
      try network.predict { (input) throws(Failure) in
        _ = input.update(fromContentsOf: picture)
        start = MonotonicClock.seconds()
      } results: { (results) throws(Failure) in
        print((MonotonicClock.seconds() - start) * 1000)
        if words.count == 4 {
          for index in 0..<results.count { written.append(Data(buffer: results[index])) }
        }
      }
      if words.count == 4 { try written.write(to: URL(fileURLWithPath: words[3])) }
      fflush(nil)
    }
  }
}
