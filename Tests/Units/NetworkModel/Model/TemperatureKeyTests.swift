import ModelFixtures
import SystemIO
import Testing

@testable import NetworkModel

/// The key `temperature` of `fm.json`.
struct TemperatureKeyTests {
  @Test func isKeptInTheFile() throws {
    var model = try SmallModel.make()
    #expect(try ModelFile(bytes: model.bytes()).information.temperature == nil)
    model.information.temperature = 1.75
    model.information.others = [("license", .string("none"))]
    let text = String(decoding: model.information.encoded(), as: UTF8.self)
    #expect(text == #"{"fm_model":1,"temperature":1.75,"license":"none"}"#)
    let again = try ModelFile(bytes: model.bytes())
    #expect(again.information.temperature == 1.75)
    #expect(again.information["temperature"] == nil)
    #expect(try again.bytes() == ModelFile(bytes: again.bytes()).bytes())
  }

  @Test(arguments: ["0", "-1", "\"1\"", "[]", "true", "1e-400", "1e400"])
  func whatIsNoTemperatureIsRefused(_ text: String) {
    #expect {
      _ = try information(text)
    } throws: { error in
      (error as? Failure)?.kind == .badInput && "\(error)".contains("temperature")
    }
  }

  @Test func nullIsNone() throws {
    #expect(try information("null").temperature == nil)
  }

  private func information(_ text: String) throws -> ModelInformation {
    try Array("{\"fm_model\":1,\"temperature\":\(text)}".utf8).withUnsafeBytes {
      try ModelInformation(parsing: $0)
    }
  }
}
