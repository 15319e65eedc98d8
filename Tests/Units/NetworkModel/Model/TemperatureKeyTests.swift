import ModelFixtures
import SystemIO
import Testing

@testable import NetworkModel

/// The key `temperature` of `fm.json`.
struct TemperatureKeyTests {
  @Test func isKeptInTheFile() throws {
    var model = try SmallModel.make()
    #expect(try ModelFile(bytes: model.bytes()).information.temperatures[.single] == nil)
    model.information.temperatures[.single] = 1.75
    model.information.others = [("license", .string("none"))]
    let text = String(decoding: model.information.encoded(), as: UTF8.self)
    #expect(text == #"{"fm_model":1,"temperature":1.75,"license":"none"}"#)
    let again = try ModelFile(bytes: model.bytes())
    #expect(again.information.temperatures[.single] == 1.75)
    #expect(again.information["temperature"] == nil)
    #expect(try again.bytes() == ModelFile(bytes: again.bytes()).bytes())
  }

  /// Each of the views has a key of its own; older programs read the first.
  @Test func eachViewsHaveTheirOwn() throws {
    var model = try SmallModel.make()
    model.information.temperatures = [.flip: 1.5, .single: 1.75, .tenCrop: 1.25]
    let text = String(decoding: model.information.encoded(), as: UTF8.self)
    #expect(
      text == #"{"fm_model":1,"temperature":1.75,"temperature_flip":1.5,"temperature_ten_crop":1.25}"#)
    let again = try ModelFile(bytes: model.bytes()).information
    #expect(again.temperatures == model.information.temperatures && again.others.isEmpty)
  }

  @Test(arguments: ["0", "-1", "\"1\"", "[]", "true", "1e-400", "1e400"])
  func whatIsNoTemperatureIsRefused(_ text: String) {
    #expect {
      _ = try information(text)
    } throws: { error in
      (error as? Failure)?.kind == .badInput && "\(error)".contains("temperature")
    }
    let failure = #expect(throws: Failure.self) { try information(text, of: "temperature_flip") }
    #expect(failure?.description.contains("temperature_flip") == true)
  }

  @Test func nullIsNone() throws {
    #expect(try information("null").temperatures[.single] == nil)
  }

  private func information(_ text: String, of key: String = "temperature") throws -> ModelInformation {
    try Array("{\"fm_model\":1,\"\(key)\":\(text)}".utf8).withUnsafeBytes {
      try ModelInformation(parsing: $0)
    }
  }
}
