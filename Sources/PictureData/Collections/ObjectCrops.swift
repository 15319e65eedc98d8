import SystemIO

/// Crops of what a detector is to find: gray, each of its own size, filled by the object from edge to edge.
package struct ObjectCrops: Sendable {
  /// The crops.
  package let pictures: [GrayPixels]
  /// Their files' names relative to the folder, or as many empty names.
  package let names: [String]

  /// Crops that are in memory already.
  package init(_ pictures: [GrayPixels], names: [String]? = nil) {
    precondition(names.map { $0.count == pictures.count } ?? true)
    self.pictures = pictures
    self.names = names ?? [String](repeating: "", count: pictures.count)
  }

  /// The number of crops.
  package var count: Int { pictures.count }

  /// The crops at `indices`, in that order.
  package func subset(_ indices: [Int]) -> ObjectCrops {
    ObjectCrops(indices.map { pictures[$0] }, names: indices.map { names[$0] })
  }
}
