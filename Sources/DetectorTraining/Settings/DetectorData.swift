import PictureData
import SystemIO

/// The pictures of a detector's training, those that are held out apart.
package struct DetectorData: Sendable {
  /// Crops and backgrounds to train with.
  package let objects: ObjectCrops
  package let backgrounds: BackgroundPictures
  /// Those to measure on; nil if there are too few to hold some out.
  package let heldOutObjects: ObjectCrops?
  package let heldOutBackgrounds: BackgroundPictures?
  /// A number for all pictures.
  let fingerprint: String

  /// Holds out every `heldOut`th crop and background, if there are at least twice as many.
  /// - Throws: ``Failure`` (`badInput`) without crops or backgrounds.
  package init(objects: ObjectCrops, backgrounds: BackgroundPictures, heldOut: Int) throws(Failure) {
    guard objects.count > 0 else {
      throw Failure(.badInput, step: "training a detector", cause: "there are no crops of the object")
    }
    guard backgrounds.count > 0 else {
      throw Failure(.badInput, step: "training a detector", cause: "there are no backgrounds")
    }
    func parts(_ count: Int) -> (kept: [Int], out: [Int]) {
      guard heldOut > 1, count >= 2 * heldOut else { return (Array(0..<count), []) }
      return (
        (0..<count).filter { $0 % heldOut != heldOut - 1 }, (0..<count).filter { $0 % heldOut == heldOut - 1 }
      )
    }
    let (crops, pictures) = (parts(objects.count), parts(backgrounds.count))
    self.objects = objects.subset(crops.kept)
    self.backgrounds = backgrounds.subset(pictures.kept)
    heldOutObjects = crops.out.isEmpty ? nil : objects.subset(crops.out)
    heldOutBackgrounds = pictures.out.isEmpty ? nil : backgrounds.subset(pictures.out)
    var checksum = Checksum()
    for picture in objects.pictures + backgrounds.backgrounds.map(\.picture) {
      checksum.add(picture.width)
      checksum.add(picture.height)
      picture.values.withUnsafeBytes { checksum.add($0) }
    }
    for background in backgrounds.backgrounds {
      for place in background.leftOut { checksum.add([place.x, place.y, place.width, place.height]) }
    }
    fingerprint = checksum.text
  }

  /// Width of a crop divided by its height: the median of all.
  package var aspect: Float {
    let aspects = objects.pictures.map { Float($0.width) / Float($0.height) }.sorted()
    return aspects.isEmpty ? 1 : aspects[aspects.count / 2]
  }
}
