import SeededNoise
import Testing

@testable import NetworkEngine

/// Batch normalization of each layout against the formulas of Ioffe and Szegedy in doubles.
struct BatchNormalizationTests {
  /// How the channels of a tensor lie.
  enum Lie: Sendable, CaseIterable { case together, blocks16, blocks8, rows }

  private static let (pictures, height, width) = (3, 4, 5)

  /// For each picture, channel and place, where the value lies.
  private static func place(_ lie: Lie, _ channels: Int, _ picture: Int, _ channel: Int, _ place: Int) -> Int
  {
    let places = height * width
    switch lie {
    case .together, .rows: return (picture * places + place) * channels + channel
    case .blocks16, .blocks8:
      let lanes = lie == .blocks16 ? 16 : 8
      let blocks = (channels + lanes - 1) / lanes
      return ((picture * blocks + channel / lanes) * places + place) * lanes + channel % lanes
    }
  }

  private static func layout(_ lie: Lie, _ channels: Int) throws -> TensorLayout {
    let sizes = [pictures, channels, height, width]
    return switch lie {
    case .together: try .channelsLast(sizes)
    case .blocks16: try .blocked(sizes, .float32, channels: 16)
    case .blocks8: try .blocked(sizes, .float32, channels: 8)
    case .rows: try .plain([pictures * height * width, channels])
    }
  }

  /// What fills up a block stays 0 even where its variance of 0 is divided by.
  @Test(arguments: Lie.allCases, [1, 12, 20, 32]) func formulas(lie: Lie, channels: Int) throws {
    let engine = try Engine(threads: 2)
    engine.adoptThreads()
    let layout = try Self.layout(lie, channels)
    let normalization = try #require(BatchNormalization(layout, .float32, epsilon: 0, rectifies: true))
    let count = layout.byteCount / 4
    var noise = Noise(UInt64(channels))
    var (source, gradient) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var used: Set<Int> = []
    let places = Self.height * Self.width
    func all(_ channel: Int) -> [Int] {
      (0..<Self.pictures).flatMap { picture in
        (0..<places).map { Self.place(lie, channels, picture, channel, $0) }
      }
    }
    for channel in 0..<channels {
      for place in all(channel) {
        (source[place], gradient[place]) = (noise.value() * 2 + 7, noise.value())
        used.insert(place)
      }
    }
    let (scale, shift) = (noise.values(channels), noise.values(channels))
    var (result, byScale, byShift) = (source, scale, shift)
    var statistics = [Float](
      repeating: .nan, count: BatchNormalization.Statistics.rows * normalization.width)
    var sums = [Float](repeating: .nan, count: normalization.sumCount)
    var bySource = gradient
    statistics.withUnsafeMutableBufferPointer { statistics in
      let known = BatchNormalization.Statistics(statistics.baseAddress!, width: normalization.width)
      source.withUnsafeBytes { source in
        result.withUnsafeMutableBytes {
          normalization.run(
            source.baseAddress!, $0.baseAddress!, known, sums: &sums, scale: scale, shift: shift, 2)
        }
        bySource.withUnsafeMutableBytes {
          normalization.gradients(
            source.baseAddress!, UnsafeRawPointer($0.baseAddress!), $0.baseAddress!, known, sums: &sums,
            scale: &byScale, shift: &byShift, 2)
        }
      }
    }
    for channel in 0..<channels {
      let places = all(channel)
      let size = Double(places.count)
      let mean = places.reduce(0) { $0 + Double(source[$1]) } / size
      let distances = places.map { Double(source[$0]) - mean }
      let variance = distances.reduce(0) { $0 + $1 * $1 } / size
      let unit = distances.map { $0 / variance.squareRoot() }
      let values = unit.map { $0 * Double(scale[channel]) + Double(shift[channel]) }
      let passed = zip(places, values).map { $1 > 0 ? Double(gradient[$0]) : 0 }
      let sum = passed.reduce(0, +)
      let product = zip(passed, unit).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(Double(byShift[channel]) - sum) < 1e-3 && abs(Double(byScale[channel]) - product) < 1e-3)
      for (index, place) in places.enumerated() {
        #expect(abs(Double(result[place]) - max(values[index], 0)) < 1e-4)
        let rest = (sum + unit[index] * product) / size
        let expected = Double(scale[channel]) / variance.squareRoot() * (passed[index] - rest)
        #expect(abs(Double(bySource[place]) - expected) < 1e-3)
      }
    }
    #expect((0..<count).allSatisfy { used.contains($0) || result[$0] == 0 && bySource[$0] == 0 })
  }

  @Test func otherLayoutsAreNone() throws {
    let plain = try TensorLayout.plain([2, 3, 4, 5])
    #expect(plain.channelsTogether(.float32) == nil)
    #expect(BatchNormalization(plain, .float32, epsilon: 1, rectifies: false) == nil)
    #expect(BatchNormalization(try .plain([2, 3]), .int8, epsilon: 1, rectifies: false) == nil)
    #expect(try TensorLayout.channelsLast([2, 3, 4, 5], .bfloat16).channelsTogether(.bfloat16) == 3)
  }
}
