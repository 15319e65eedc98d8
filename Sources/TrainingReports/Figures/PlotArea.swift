import Drawing

/// The rectangle of a chart between its axes.
struct PlotArea {
  let canvas: FigureCanvas
  let x: Double
  let y: Double
  let width: Double
  let height: Double
  let horizontal: Axis
  let vertical: Axis

  /// Room left of the area for tick labels, and below it for them and the axis's title.
  static let left = 52.0
  static let below = 44.0

  func x(_ value: Double) -> Double { x + horizontal.place(value) * width }
  func y(_ value: Double) -> Double { y + height - vertical.place(value) * height }

  /// Grid lines, tick labels and titles; `title` is above the area, the axis's own underneath.
  func drawAxes(title: String?, horizontalTitle: String?, showsHorizontalLabels: Bool = true) {
    for tick in vertical.ticks {
      let y = y(tick)
      canvas.line([(x, y), (x + width, y)], PlotStyle.grid)
      canvas.text(
        vertical.label(tick), x: x - 8, y: y, size: PlotStyle.smallSize, PlotStyle.muted, horizontal: .end)
    }
    canvas.line([(x, y + height), (x + width, y + height)], PlotStyle.axis, width: 1.2)
    var free = -Double.infinity
    for tick in horizontal.ticks {
      let place = x(tick)
      canvas.line([(place, y + height), (place, y + height + 4)], PlotStyle.axis, width: 1.2)
      guard showsHorizontalLabels else { continue }
      let label = horizontal.label(tick)
      let half = canvas.textWidth(label, size: PlotStyle.smallSize) / 2
      guard place - half >= free else { continue }
      free = place + half + 6
      canvas.text(
        label, x: place, y: y + height + 7, size: PlotStyle.smallSize, PlotStyle.muted, horizontal: .middle,
        vertical: .start)
    }
    if let horizontalTitle {
      canvas.text(
        horizontalTitle, x: x + width / 2, y: y + height + 24, size: PlotStyle.textSize, PlotStyle.muted,
        horizontal: .middle, vertical: .start)
    }
    if let title {
      canvas.text(
        title, x: x - Self.left + 6, y: y - 10, size: 13, PlotStyle.ink, isBold: true, vertical: .end,
        maximumWidth: width + Self.left)
    }
  }

  /// A line through points in the axes' units; a value that is not finite interrupts it, and a point between two
  /// such is shown as a dot. What lies outside the area is cut off.
  func drawLine(
    _ points: [(x: Double, y: Double)], _ color: Color, width: Double = 2, dashes: [Double] = [],
    alpha: Double = 1
  ) {
    canvas.clipped(x: x - 4, y: y - 3, width: self.width + 8, height: height + 6) {
      var run: [(x: Double, y: Double)] = []
      func flush() {
        if run.count == 1 {
          canvas.dot(x: run[0].x, y: run[0].y, radius: width * 1.1, color, alpha: alpha)
        } else {
          canvas.line(run, color, width: width, dashes: dashes, alpha: alpha)
        }
        run.removeAll()
      }
      for point in points {
        if point.x.isFinite, point.y.isFinite {
          // Cairo's fixed-point coordinates hold 23 bits.
          run.append((bounded(x(point.x)), bounded(y(point.y))))
        } else {
          flush()
        }
      }
      flush()
    }
  }

  private func bounded(_ place: Double) -> Double { min(max(place, -1e5), 1e5) }

  /// True if both coordinates lie within the axes.
  func contains(_ x: Double, _ y: Double) -> Bool {
    horizontal.lower...horizontal.upper ~= x && vertical.lower...vertical.upper ~= y
  }
}

/// A legend in one row: line samples with their names.
struct Legend {
  struct Entry {
    var name: String
    var color: Color
    var dashes: [Double] = []
    var width = 2.5
  }

  var entries: [Entry]

  /// Draws it so that it ends at `right`.
  func draw(_ canvas: FigureCanvas, right: Double, y: Double) {
    var end = right
    for entry in entries.reversed() {
      let width = canvas.textWidth(entry.name, size: PlotStyle.textSize)
      canvas.text(entry.name, x: end - width, y: y, size: PlotStyle.textSize, PlotStyle.ink)
      canvas.line(
        [(end - width - 32, y), (end - width - 7, y)], entry.color, width: entry.width, dashes: entry.dashes)
      end -= width + 52
    }
  }
}
