import Foundation
import ONNXParts
import SystemIO
import Testing

@testable import NetworkModel

/// A calibration in an ONNX file: one note among the model's, which everything else passes over.
struct ONNXCalibrationTests {
  private static let network = ONNXParts.file("Relu", [1, 3, 8, 8])

  private static func note(_ key: String, _ value: [UInt8]) -> [UInt8] {
    ONNXParts.field(14, ONNXParts.field(1, key) + ONNXParts.field(2, value))
  }

  private static func calibration(_ limit: Float) -> Calibration {
    Calibration(pictures: 3, ranges: ["x": ActivationRange(minimum: 0, maximum: 2, limit: limit)])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let other = Self.note("author", Array("somebody".utf8))
    let model = try ONNXModel(bytes: other + Self.network)
    #expect(try model.calibration() == nil)
    let first = try model.encoded(with: Self.calibration(1))
    #expect(first.starts(with: other + Self.network))
    #expect(try ONNXModel(bytes: first).calibration() == Self.calibration(1))
    // It takes the place of an earlier one, wherever that is, and nothing else changes.
    let text = "fm.calibration"
    let twice = try ONNXModel(bytes: Self.note(text, [0x7B]) + first).encoded(with: Self.calibration(2))
    #expect(try twice == model.encoded(with: Self.calibration(2)))
    let again = try ONNXModel(bytes: twice)
    #expect(try again.calibration() == Self.calibration(2))
    #expect(try again.network().graph.layers.count == model.network().graph.layers.count)
    #expect(again.sha256 != model.sha256)
  }

  /// Whatever a note says, the network runs without it.
  @Test(arguments: [
    ONNXCalibrationTests.note("fm.calibration", []), note("fm.calibration", Array("{}".utf8)),
    note("fm.calibration", [0x7B, 0xFF]), note("fm.calibration", Array(#"{"pictures":1}"#.utf8)),
    ONNXParts.field(14, ONNXParts.field(1, "fm.calibration")),
  ])
  func whatIsNoneIsRefused(_ note: [UInt8]) throws {
    let model = try ONNXModel(bytes: Self.network + note)
    let failure = #expect(throws: Failure.self) { try model.calibration() }
    #expect(failure?.kind == .badInput && "\(failure!)".contains("fm.calibration"))
    #expect(try model.network().graph.layers.count > 0)
    #expect(try ONNXModel(bytes: model.encoded(with: Self.calibration(1))).calibration() != nil)
  }

  @Test func longKeysArePassedOver() throws {
    let long = Self.note(String(repeating: "k", count: 5000), [1]) + Self.note("", [])
    #expect(try ONNXModel(bytes: Self.network + long).calibration() == nil)
    let cut = ONNXParts.field(14, [0x0A, 0x7F, 0x61])
    #expect(throws: Failure.self) { try ONNXModel(bytes: Self.network + cut) }
  }

  @Test func weightsBesideTheFileKeepItsFolder() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/other", withIntermediateDirectories: true)
    var parts = ONNXParts()
    parts.input("x", [1, 3, 8, 8])
    parts.output("y")
    let location = ONNXParts.field(13, ONNXParts.field(1, "location") + ONNXParts.field(2, "w.bin"))
    parts.graph += ONNXParts.field(
      5,
      ONNXParts.field(1, 1) + ONNXParts.field(2, 1) + ONNXParts.field(8, "w") + location
        + ONNXParts.field(14, 1))
    parts.node("Mul", ["x", "w"], ["y"])
    try Data(parts.file()).write(to: URL(fileURLWithPath: folder + "/net.onnx"))
    try Data(count: 4).write(to: URL(fileURLWithPath: folder + "/w.bin"))
    let model = try ONNXModel(path: folder + "/net.onnx")
    let failure = #expect(throws: Failure.self) {
      try model.write(to: folder + "/other/net.onnx", calibration: Self.calibration(1))
    }
    #expect(failure?.kind == .usage)
    try model.write(to: folder + "/net.onnx", calibration: Self.calibration(1))
    let again = try ONNXModel(path: folder + "/net.onnx")
    #expect(try again.calibration() == Self.calibration(1) && again.network().graph.layers.count > 0)
  }
}
