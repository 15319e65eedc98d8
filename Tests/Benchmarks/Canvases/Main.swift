import Glibc
import PictureData
import SystemIO

/// Prints how fast one thread makes training canvases, and what is on them; writes some of them, and the boxes of their
/// objects, as a picture to look at.
///
///     canvases-benchmark OBJECTS BACKGROUNDS [COUNT [SHEET.ppm]]
@main struct Canvases {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 2 else {
      print("canvases-benchmark OBJECTS BACKGROUNDS [COUNT [SHEET.ppm]]")
      exit(64)
    }
    do throws(Failure) {
      try run(
        arguments[1], arguments[2], count: arguments.count > 3 ? max(Int(arguments[3]) ?? 1000, 1) : 1000,
        sheet: arguments.count > 4 ? arguments[4] : nil)
    } catch {
      print("canvases-benchmark: \(error)")
      exit(1)
    }
  }

  private static func run(_ objects: String, _ backgrounds: String, count: Int, sheet: String?)
    throws(Failure)
  {
    var (crops, places) = (CollectionOptions.crops, CollectionOptions.backgrounds)
    crops.loading.onWarning = { print($0) }
    places.loading.onWarning = { print($0) }
    places.loading.onNote = { if $0.contains("megapixels") { print($0) } }
    let start = MonotonicClock.seconds()
    let synthesis = try CanvasSynthesis(
      objects: ObjectCrops.read(folder: objects, options: crops).crops,
      backgrounds: BackgroundPictures.read(folder: backgrounds, options: places).backgrounds)
    print(
      "\(synthesis.objects.count) crops and \(synthesis.backgrounds.count) backgrounds read in "
        + "\(Int(MonotonicClock.seconds() - start)) s")
    let painter = try CanvasPainter(synthesis)
    let side = synthesis.settings.side
    var pixels = [UInt8](repeating: 0, count: side * side)
    var placed: [PlacedObject] = []
    var roles = [0, 0, 0]
    let begin = (MonotonicClock.seconds(), processorSeconds())
    try pixels.withUnsafeMutableBufferPointer { (pixels) throws(Failure) in
      for number in 0..<count {
        try painter.paint(UInt64(number), seed: 1, into: pixels.baseAddress!, &placed)
        for object in placed {
          roles[object.role == .object ? 0 : object.role == .ignored ? 1 : 2] += 1
        }
      }
    }
    let milliseconds = (MonotonicClock.seconds() - begin.0) * 1000 / Double(count)
    let processor = (processorSeconds() - begin.1) * 1000 / Double(count)
    print(
      "\(milliseconds) ms a canvas, \(processor) ms of the processor: "
        + "\(Int(1000 / processor)) canvases a second on a free one; "
        + "a canvas has \(Double(roles[0]) / Double(count)) objects, \(Double(roles[1]) / Double(count)) ignored, "
        + "\(Double(roles[2]) / Double(count)) large")
    if let sheet { try write(sheet, painter, side) }
  }

  /// What this process has used of the processors.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Ten by six canvases in color: green boxes are objects, yellow ones ignored, blue ones large.
  private static func write(_ path: String, _ painter: CanvasPainter, _ side: Int) throws(Failure) {
    let (columns, rows) = (10, 6)
    let width = columns * (side + 2)
    var sheet = [UInt8](repeating: 255, count: width * rows * (side + 2) * 3)
    for number in 0..<(columns * rows) {
      let canvas = try painter.canvas(UInt64(number), seed: 1)
      let (left, top) = (number % columns * (side + 2), number / columns * (side + 2))
      func set(_ x: Int, _ y: Int, _ color: (UInt8, UInt8, UInt8)) {
        guard (0..<side).contains(x), (0..<side).contains(y) else { return }
        let place = ((top + y) * width + left + x) * 3
        (sheet[place], sheet[place + 1], sheet[place + 2]) = color
      }
      for (place, value) in canvas.pixels.enumerated() {
        set(place % side, place / side, (value, value, value))
      }
      for object in canvas.objects {
        let color: (UInt8, UInt8, UInt8) =
          object.role == .object ? (0, 255, 0) : object.role == .ignored ? (255, 255, 0) : (60, 60, 255)
        let (x0, x1) = (Int(object.x), Int(object.x + object.width))
        let (y0, y1) = (Int(object.y), Int(object.y + object.height))
        for x in x0...x1 {
          set(x, y0, color)
          set(x, y1, color)
        }
        for y in y0...y1 {
          set(x0, y, color)
          set(x1, y, color)
        }
      }
    }
    try WholeFile.write(Array("P6 \(width) \(rows * (side + 2)) 255\n".utf8) + sheet, to: path)
  }
}
