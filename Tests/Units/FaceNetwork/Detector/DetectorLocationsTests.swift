import Foundation
import SystemIO
import Testing

@testable import FaceNetwork

@Suite struct DetectorLocationsTests {
  @Test func namesAreSearched() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fm-detectors-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["a", "b"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    for file in [
      "a/yunet_s.onnx", "a/yunet_n.onnx", "a/other.txt", "b/yunet.onnx", "b/yunet_x.onnx", "b/center.onnx",
    ] {
      try Data().write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
    }
    let locations = DetectorLocations(searchPath: "\(folder)/none:\(folder)/a:\(folder)/b")
    #expect(try locations.find("yunet") == ["\(folder)/a/yunet_n.onnx", "\(folder)/a/yunet_s.onnx"])
    #expect(try locations.find("yunet_s") == ["\(folder)/a/yunet_s.onnx"])
    #expect(try locations.find("center") == ["\(folder)/b/center.onnx"])
    #expect(try locations.find("x/y") == ["x/y"] && locations.find("y.onnx") == ["y.onnx"])
    #expect(try locations.find("center.onnx") == ["\(folder)/b/center.onnx"])
    #expect(try DetectorLocations(searchPath: "\(folder)/b").find("yunet") == ["\(folder)/b/yunet.onnx"])
    #expect(locations.names().contains("yunet_x"))
    let unknown = #expect(throws: Failure.self) { try locations.find("nothing") }
    #expect(unknown?.kind == .badInput && unknown?.description.contains("\(folder)/a") == true)
    let yunet = #expect(throws: Failure.self) {
      try DetectorLocations(searchPath: "\(folder)/none").find("yunet")
    }
    #expect(yunet?.description.contains("opencv_zoo") == true)
    #expect(throws: Failure.self) { try locations.find("") }
    // A folder that happens to be here is no network: the one of that name is still found.
    let here = "fm-folder-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: here, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: here) }
    #expect(throws: Failure.self) { try locations.find(here) }
    #expect(throws: Failure.self) { try ShippedFiles.models.find(here) }
    try Data().write(to: URL(fileURLWithPath: "\(folder)/b/\(here).onnx"))
    #expect(try locations.find(here) == ["\(folder)/b/\(here).onnx"])
  }
}
