import DetectorTraining
import FilterTool
import PictureData
import SystemIO

/// Reads the crops and backgrounds of a detector.
struct DetectorPictures {
  private let options: DetectorPicturesOptions
  private let threads: Int
  private let tool: Tool

  init(_ options: DetectorPicturesOptions, threads: Int, _ tool: Tool) {
    self.options = options
    self.threads = threads
    self.tool = tool
  }

  /// - Throws: ``Failure`` naming the folder that cannot be read, or has no pictures that can be used.
  func load(heldOut: Int) throws(Failure) -> DetectorData {
    let list = try options.leaveOut.map { (path) throws(Failure) in try LeaveOutList(path: path) }
    let objects = try ObjectCrops.read(folder: options.objects, options: watched(.crops)).crops
    let backgrounds = try BackgroundPictures.read(
      folder: options.backgrounds, leaveOut: list ?? LeaveOutList(), options: watched(.backgrounds)
    ).backgrounds
    if tool.stop.signal != nil { throw .interrupted("while reading pictures") }
    return try DetectorData(objects: objects, backgrounds: backgrounds, heldOut: heldOut)
  }

  private func watched(_ options: CollectionOptions) -> CollectionOptions {
    let tool = tool
    var options = options
    options.loading.threads = threads
    options.loading.onWarning = { tool.diagnostics.warn($0) }
    options.loading.onNote = { tool.diagnostics.note($0) }
    let progress = LoadingProgress(tool)
    options.loading.onProgress = { progress.update($0, of: $1) }
    options.loading.shouldStop = { tool.stop.signal != nil }
    return options
  }
}
