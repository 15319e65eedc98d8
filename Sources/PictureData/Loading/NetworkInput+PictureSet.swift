import FaceInput
import SystemIO

extension NetworkInput {
  /// - Throws: ``Failure`` (`badInput`) if the set's pictures are smaller than the network's input.
  func check(_ set: PictureSet) throws(Failure) {
    guard set.width >= width, set.height >= height else {
      throw Failure(
        .badInput, step: "the network's input",
        cause: "pictures of \(set.width)x\(set.height) are smaller than its \(width)x\(height)")
    }
  }
}
