import ArgumentParser
import FaceCascade
import FilterTool
import FrameStream
import SystemIO

/// What is searched for in a picture: OpenCV's parameters, by its names, and which part of the video.
struct SearchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Scale step between successive search sizes; must be greater than 1.", valueName: "f"))
  var scaleFactor = 1.1

  @Option(
    help: ArgumentHelp(
      "Keep a face only if more than n overlapping raw detections were merged into it (OpenCV's minNeighbors); 0 merges none.",
      valueName: "n"))
  var minNeighbors = 3

  @Option(
    help: ArgumentHelp(
      "Ignore faces smaller than this: pixels, or a percentage of the picture's height, such as 80 or 10%.",
      valueName: "n"))
  var minSize = ObjectExtent.pixels(0)

  @Option(
    help: ArgumentHelp(
      "Ignore faces larger than this: pixels, or a percentage of the picture's height; 0 means no limit.",
      valueName: "n")
  )
  var maxSize = ObjectExtent.pixels(0)

  @Option(
    help: ArgumentHelp(
      "Search only this part of the picture; boxes are still positions in the whole picture.",
      valueName: "x,y,w,h"))
  var region: SearchRegion?

  @Option(
    help: ArgumentHelp(
      "Search only every nth frame; the frames in between get the same faces again, marked \"held\".",
      valueName: "n"))
  var every = 1

  /// True if an option that only cascades have was changed.
  var isForCascades: Bool { scaleFactor != 1.1 || minNeighbors != 3 }

  func validate() throws {
    guard scaleFactor > 1, scaleFactor.isFinite else {
      throw ValidationError("--scale-factor must be more than 1.")
    }
    guard minNeighbors >= 0 else { throw ValidationError("--min-neighbors must not be negative.") }
    guard every >= 1 else { throw ValidationError("--every must be at least 1.") }
  }

  /// The detector's options for pictures of a height.
  func options(height: Int) -> DetectionOptions {
    DetectionOptions(
      scaleFactor: scaleFactor, minNeighbors: minNeighbors,
      minSize: ObjectSize(minSize.side(pictureHeight: height)),
      maxSize: ObjectSize(maxSize.side(pictureHeight: height)))
  }

  /// Prints the search sizes for a picture size, or for its searched part, and the number of windows of each.
  func explain(_ size: PictureSize, _ cascades: [CascadeOptions.Loaded], _ tool: Tool) throws(Failure) {
    for loaded in cascades {
      let detector = try CascadeDetector(loaded.cascade, options: options(height: size.height))
      var lines = [["CASCADE", "SCALE", "LEVEL", "FACE", "STEP", "WINDOWS"]]
      var total = 0
      let whole = PixelRectangle(x: 0, y: 0, width: size.width, height: size.height)
      let part = (region?.region ?? whole).intersection(whole)
      for level in try detector.levels(width: part?.width ?? 0, height: part?.height ?? 0) {
        total += level.windowCount
        lines.append([
          loaded.name, "\(level.factor)", "\(level.width)x\(level.height)",
          "\(level.objectWidth)x\(level.objectHeight)", "\(level.step)", "\(level.windowCount)",
        ])
      }
      lines.append([loaded.name, "total", "", "", "", "\(total)"])
      try tool.print(table: lines)
    }
  }
}

extension ObjectExtent: ExpressibleByArgument {
  /// Reads the argument; nil if it makes no sense.
  package init?(argument: String) {
    guard let extent = try? ObjectExtent(parsing: argument) else { return nil }
    self = extent
  }

  /// The default as `--help` shows it.
  package var defaultValueDescription: String {
    switch self {
    case .pixels(let value): "\(value)"
    case .percent(let value): "\(value)%"
    }
  }
}

/// `x,y,w,h` on the command line.
struct SearchRegion: ExpressibleByArgument {
  let region: PixelRectangle

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3],
      [x, y].allSatisfy({ (0...1 << 24).contains($0) }),
      [width, height].allSatisfy({ (1...1 << 24).contains($0) })
    else { return nil }
    region = PixelRectangle(x: x, y: y, width: width, height: height)
  }
}
