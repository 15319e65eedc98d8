import CHDF5
import Testing

@testable import KerasWriting
@testable import NetworkModel

/// What files of others have and ours do not: attributes, and data sets in chunks.
extension HDF5Writer {
  /// Gives the object at `path` an attribute: one text, or a list of them.
  func setAttribute(_ name: String, of path: String, _ texts: [String], isList: Bool) {
    let width = (texts.map(\.utf8.count).max() ?? 0) + 1
    let object = H5Oopen(file, path, 0)
    let type = H5Tcreate(H5T_STRING, width)
    let space = isList ? H5Screate_simple(1, [hsize_t(texts.count)], nil) : H5Screate(H5S_SCALAR)
    let attribute = H5Acreate2(object, name, type, space, 0, 0)
    let bytes = texts.flatMap { $0.utf8 + [UInt8](repeating: 0, count: width - $0.utf8.count) }
    #expect(H5Awrite(attribute, type, bytes) >= 0)
    H5Aclose(attribute)
    H5Sclose(space)
    H5Tclose(type)
    H5Oclose(object)
  }

  /// What libhdf5 does to a chunk before it stores it.
  enum ChunkFilter {
    case gzip, shuffle, checksum
  }

  /// Writes a data set of floats in chunks of the shape `chunk`.
  func write(_ path: String, _ shape: [Int], _ values: [Float], chunk: [Int], _ filters: [ChunkFilter]) {
    let properties = H5Pcreate(chdf5_dataset_creation())
    H5Pset_chunk(properties, Int32(chunk.count), chunk.map { hsize_t($0) })
    for filter in filters {
      switch filter {
      case .gzip: H5Pset_deflate(properties, 6)
      case .shuffle: H5Pset_shuffle(properties)
      case .checksum: H5Pset_fletcher32(properties)
      }
    }
    let space = H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil)
    let dataset = H5Dcreate2(file, path, chdf5_ieee_float(), space, 0, properties, 0)
    #expect(H5Dwrite(dataset, chdf5_native_float(), 0, 0, 0, values) >= 0)
    H5Dclose(dataset)
    H5Sclose(space)
    H5Pclose(properties)
  }
}
