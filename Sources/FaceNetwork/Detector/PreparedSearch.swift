import FrameStream
import NetworkEngine
import NetworkModel
import SystemIO

/// A search planned for one geometry of pictures: the sizes that the network sees them in, and the network at each.
final class PreparedSearch {
  /// What a plan depends on.
  struct Geometry: Equatable {
    var layout: PictureLayout
    var colors: FrameColors
    /// The part that is searched, inside the picture.
    var region: PixelRectangle
  }

  /// One size of the picture.
  private struct Level {
    var input: SearchInput
    var network: Network
    var head: any DetectionHead
    /// Pixels of the region in a pixel of the network's input.
    var (across, down): (Float, Float)
  }

  let geometry: Geometry
  private let isPyramid: Bool
  private var levels: [Level] = []
  private var found = CandidateList()

  /// The networks, those of larger pictures first.
  var networks: [Network] { levels.map(\.network) }

  /// - Parameter calibration: the ranges for int8.
  init(
    _ model: DetectionModel, _ geometry: Geometry, maximumSide: Int, threads: Int, precision: Precision,
    calibration: NetworkModel.Calibration?
  ) throws(Failure) {
    self.geometry = geometry
    isPyramid = model.family.smallestLevel != nil
    let region = geometry.region
    for input in model.inputs(geometry.layout, geometry.colors, region: region, maximumSide: maximumSide) {
      let (graph, head) = try model.network(input.padded)
      let network = try Network(graph, threads: threads, precision: precision, calibration: calibration)
      do throws(Failure) { try network.prepare(batch: 1) } catch { throw error.within(model.path) }
      levels.append(
        Level(
          input: input, network: network, head: head,
          across: Float(region.width) / Float(input.sampler.size.width),
          down: Float(region.height) / Float(input.sampler.size.height)))
    }
  }

  /// The sizes that a region is searched in, the largest first.
  static func sizes(_ model: DetectionModel, _ region: PixelRectangle, maximumSide: Int) -> [InputSize] {
    var factor = 1.0
    if maximumSide > 0 { factor = min(1, Double(maximumSide) / Double(max(region.width, region.height))) }
    if let fixed = model.fixedSize {
      factor = min(
        factor, Double(fixed.width) / Double(region.width), Double(fixed.height) / Double(region.height))
    }
    var sizes: [InputSize] = []
    repeat {
      sizes.append(
        InputSize(
          width: max(1, Int((Double(region.width) * factor).rounded())),
          height: max(1, Int((Double(region.height) * factor).rounded()))))
      factor /= 2
    } while model.family.smallestLevel.map { Double(min(region.width, region.height)) * factor >= Double($0) }
      ?? false
    return sizes
  }

  /// Adds the candidates of a picture to `list`, in pixels of the region.
  func run(_ base: UnsafePointer<UInt8>, into list: inout CandidateList) throws(Failure) {
    for level in levels {
      found.begin(minimumScore: list.floor)
      try level.network.predict { input in
        guard let input = input.baseAddress else { return }
        level.input.sampler.write(base, padded: level.input.padded, into: input)
      } results: { results in
        level.head.decode(results, into: &found)
      }
      for candidate in found.candidates {
        // The border of a pyramid's levels is gray as a wall is, and no part of the picture.
        guard
          !isPyramid
            || candidate.x + candidate.width / 2 < Float(level.input.sampler.size.width)
              && candidate.y + candidate.height / 2 < Float(level.input.sampler.size.height)
        else { continue }
        list.append(candidate.scaled(across: level.across, down: level.down))
      }
    }
  }
}
