import FrameMedia
import FrameStream
import PictureData
import SystemIO
import TrainingReports

/// Pictures of a folder whose objects are known.
package struct LabeledPictures: Sendable {
  /// Their names relative to the folder, sorted.
  package let names: [String]
  /// The folder, without a slash at its end.
  package let folder: String
  private let boxes: BoxTable

  /// Lists the folder and those inside it. Pictures that the table does not name have no objects.
  /// - Throws: ``Failure``: (`inputOutput`) if it cannot be read; (`badInput`) if it has no pictures, or lacks one that the
  ///   table names.
  package init(folder: String, boxes: BoxTable) throws(Failure) {
    var path = folder[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    self.folder = String(path)
    self.boxes = boxes
    names = try FolderPictures.names(in: self.folder).sorted()
    let known = Set(names.flatMap { [$0, FilePath.lastComponent($0)] })
    let missing = boxes.entries.filter { !known.contains($0.key) && !$0.value.objects.isEmpty }.keys.sorted()
    guard !names.isEmpty else {
      throw Failure(
        .badInput, step: "reading pictures", subject: self.folder, cause: "there are no pictures in it")
    }
    guard missing.isEmpty else {
      throw Failure(
        .badInput, step: "reading pictures", subject: self.folder,
        cause: "\(missing.count) pictures with boxes are not there, such as \(missing[0])")
    }
  }

  /// The objects of a picture.
  package func entry(_ name: String) -> BoxTable.Entry { boxes.entry(of: name) ?? BoxTable.Entry() }

  /// A picture, decoded.
  /// - Throws: ``Failure`` naming the file.
  package func picture(_ name: String, channels: Int) throws(Failure) -> PackedPicture {
    let path = "\(folder)/\(name)"
    var options = MediaInputOptions()
    options.pixelFormat = channels == 1 ? .gray : .rgb24
    options.withTracks = false
    options.threads = 1
    options.kind = .regular
    let input = try MediaInput(path: path, options: options)
    while let event = try input.next() {
      guard case .frame(let frame) = event, let plane = frame.planes.first else { continue }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(plane.width * plane.height)
      for y in 0..<plane.height { bytes += plane.row(y) }
      if frame.colorRange == .tv, channels == 1 {
        bytes = bytes.map { UInt8(min(max((Float(Int($0) - 16) * 255 / 219).rounded(), 0), 255)) }
      }
      return PackedPicture(
        width: frame.layout.width, height: frame.layout.height, channels: channels, bytes: bytes)
    }
    throw Failure(.badInput, step: "decoding", subject: path, cause: "there is no picture in it")
  }
}

extension LabeledPictures {
  /// Searches all pictures.
  /// - Parameters:
  ///   - degrees: What they are rotated by first.
  ///   - isStopped: Asked after each picture.
  /// - Returns: nil if it was stopped.
  /// - Throws: ``Failure`` naming a picture that cannot be read or searched.
  package func scores(
    of finder: some ObjectFinder, turnedBy degrees: Double = 0, leastOverlap: Double = 0.3,
    isStopped: () -> Bool
  ) throws(Failure) -> DetectionScores? {
    var scores = DetectionScores(leastOverlap: leastOverlap)
    for name in names {
      if isStopped() { return nil }
      var picture = try picture(name, channels: finder.channels)
      var entry = entry(name)
      if degrees != 0 {
        let turn = PictureTurn(degrees, width: picture.width, height: picture.height)
        picture = turn.picture(picture)
        entry.objects = entry.objects.map(turn.box)
        entry.ignored = entry.ignored.map(turn.box)
      }
      do throws(Failure) {
        scores.add(
          found: try finder.find(in: picture), objects: entry.objects, ignored: entry.ignored,
          pixels: picture.width * picture.height)
      } catch {
        throw error.within("\(folder)/\(name)")
      }
    }
    return scores
  }
}
