import FrameStream
import ModelFixtures
import SeededNoise
import SystemIO
import Testing

@testable import KerasWriting
@testable import NetworkEngine
@testable import NetworkModel

/// Which way softmax goes over a picture: Keras's default is the last axis, ours the channels.
struct SoftmaxAxisTests {
  /// A picture of 2, 3 and 4 values a side, then a pooling that says the data format, then `layer`.
  private static func graph(_ format: String, _ layer: String) throws -> ModelGraph {
    let text = """
      {"class_name":"Sequential","config":{"name":"m","layers":[
       {"class_name":"InputLayer","config":{"name":"in","batch_shape":[null,2,3,4]}},
       {"class_name":"MaxPooling2D","config":{"name":"pool","pool_size":[1,1],"data_format":"\(format)"}},
       {"class_name":\(layer)}]}}
      """
    return try KerasGraphReader.read(JSONValue(JSONText(parsing: Array(text.utf8)))).graph
  }

  /// exp(x) / Σ exp(x) over the values that lie `stride` apart in blocks of `count`.
  private static func softmax(_ values: [Float], count: Int, stride: Int) -> [Float] {
    var result = values.map { Float(exponential(Double($0))) }
    for start in values.indices where start / stride % count == 0 {
      let places = (0..<count).map { start + $0 * stride }
      let sum = places.reduce(0) { $0 + result[$1] }
      for place in places { result[place] /= sum }
    }
    return result
  }

  private static func exponential(_ value: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1...40 {
      term *= value / Double(n)
      sum += term
    }
    return sum
  }

  @Test(arguments: [
    (#""Softmax","config":{"name":"s","axis":1}"#, "channels_first"),
    (#""Softmax","config":{"name":"s","axis":-3}"#, "channels_first"),
    (#""Softmax","config":{"name":"s","axis":-1}"#, "channels_last"),
    (#""Softmax","config":{"name":"s"}"#, "channels_last"),
    (#""Activation","config":{"name":"s","activation":"softmax"}"#, "channels_last"),
  ])
  func alongTheChannels(_ layer: String, _ format: String) throws {
    var noise = Noise(31)
    let input = noise.values(24, scale: 3)
    let result = try Network(Self.graph(format, layer)).predict(input)
    let isFirst = format == "channels_first"
    let expected = Self.softmax(input, count: isFirst ? 2 : 4, stride: isFirst ? 12 : 1)
    #expect(result.distance(to: expected) < 1e-6)
  }

  @Test(arguments: [
    (#""Softmax","config":{"name":"s","axis":-1}"#, "channels_first"),
    (#""Softmax","config":{"name":"s"}"#, "channels_first"),
    (#""Softmax","config":{"name":"s","axis":1}"#, "channels_last"),
    (#""Activation","config":{"name":"s","activation":"softmax"}"#, "channels_first"),
    (
      #"""
      "Conv2D","config":{"name":"s","filters":2,"kernel_size":[1,1],"data_format":"channels_first",
       "activation":"softmax"}
      """#,
      "channels_first"
    ),
    (
      #"""
      "Conv2D","config":{"name":"s","filters":2,"kernel_size":[1,1],
       "activation":{"class_name":"Softmax","config":{"axis":1}}}
      """#,
      "channels_last"
    ),
  ])
  func alongAnotherAxisIsRefused(_ layer: String, _ format: String) {
    #expect {
      _ = try Self.graph(format, layer)
    } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.kind == .badInput && failure.subject == "layer s"
    }
  }

  /// The axis is kept in a file that is made from the graph.
  @Test func theAxisIsWritten() throws {
    var graph = try Self.graph(
      "channels_first",
      #""Softmax","config":{"name":"s","axis":1}},{"class_name":"Flatten","config":{"name":"flat"}},"#
        + #"{"class_name":"Dense","config":{"name":"last","units":2}"#)
    var noise = Noise(32)
    let last = graph.layers.count - 1
    try graph.setWeight("kernel", ofLayer: last, to: noise.values(48))
    try graph.setWeight("bias", ofLayer: last, to: noise.values(2))
    let again = try ModelFile(bytes: ModelFile(graph: graph).bytes()).graph
    #expect(again.channelsFirst)
    #expect(again.layers.first { $0.name == "s" }?.configuration?["axis"]?.int == 1)
    let input = noise.values(24)
    #expect(try Network(again).predict(input) == Network(graph).predict(input))
  }
}
