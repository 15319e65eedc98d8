import FrameStream
import NetworkModel
import SystemIO

/// One size that a picture is searched in, and how it becomes the network's input at that size.
package struct SearchInput {
  /// Writes a picture as the network sees it.
  let sampler: PictureSampler
  /// The size of the network's input: that of the picture, filled up to the right and below.
  let padded: InputSize

  /// The values of a picture.
  /// - Parameter base: the packed picture's bytes.
  package func values(_ base: UnsafePointer<UInt8>, of graph: ModelGraph) -> [Float] {
    [Float](unsafeUninitializedCapacity: graph.inputShape.reduce(1, *)) { buffer, count in
      sampler.write(base, padded: padded, into: buffer.baseAddress!)
      count = buffer.count
    }
  }
}

extension DetectionModel {
  /// How pictures are shown to the network, the largest size first: one, or a pyramid of halved ones.
  /// - Parameters:
  ///   - region: the part of the picture that is searched, inside it.
  ///   - maximumSide: a longer picture is shown smaller; 0 is no limit.
  func inputs(
    _ layout: PictureLayout, _ colors: FrameColors, region: PixelRectangle, maximumSide: Int
  ) -> [SearchInput] {
    PreparedSearch.sizes(self, region, maximumSide: maximumSide).map { size in
      SearchInput(
        sampler: PictureSampler(layout, colors, region: region, size: size, encoding: family.encoding),
        padded: fixedSize ?? size.padded(to: family.step))
    }
  }

  /// The network at each size that a whole picture is searched in, and the picture as it sees it there.
  /// - Parameter maximumSide: a longer picture is shown smaller; 0 is no limit.
  /// - Throws: ``Failure`` if its layers do not fit a size.
  package func inputs(_ layout: PictureLayout, _ colors: FrameColors, maximumSide: Int) throws(Failure) -> [(
    input: SearchInput, graph: ModelGraph
  )] {
    var result: [(input: SearchInput, graph: ModelGraph)] = []
    for input in inputs(layout, colors, region: layout.bounds, maximumSide: maximumSide) {
      result.append((input, try network(input.padded).graph))
    }
    return result
  }
}
