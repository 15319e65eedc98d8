import FilterTool
import FrameStream
import NetworkEngine
import SystemIO

extension Classify: FactSource {
  static func facts() -> [(key: String, value: JSONValue)] {
    let models = ShippedFiles.models.names()
    var standard = JSONValue.null
    if let path = try? ModelLocations.standardModel() { standard = .string(path) }
    var facts = [
      (key: "models", value: JSONValue.array(models.map { .string($0) })), (key: "model", value: standard),
    ]
    do throws(Failure) {
      facts.append(("onednn", .string(try ProcessorAbilities.libraryVersion())))
      facts.append(("abilities", .array(try ProcessorAbilities.here().words.map { .string($0) })))
    } catch { facts.append(("onednn", .string("\(error)"))) }
    return facts
  }
}

extension ProcessorAbilities {
  /// The abilities as words for people.
  fileprivate var words: [String] {
    [
      hasFastBFloat16 ? "bf16" : hasBFloat16 ? "bf16 emulated" : "no bf16",
      hasIntegerDotProduct ? "int8 with VNNI" : hasFastInteger ? "int8" : "no int8",
    ]
  }
}
