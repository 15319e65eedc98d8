import Drawing
import SystemIO
import TextTables

extension Figure {
  /// The misclassified pictures of the highest confidence, each with its true class, the prediction, and its file name.
  /// - Parameters:
  ///   - pictures: the pictures' description, shown under the title.
  ///   - picture: a picture by its index; nil leaves its cell empty.
  package static func mistakes(
    _ predictions: Predictions, title: String, pictures: String? = nil, columns: Int = 6, rows: Int = 4,
    picture: (_ place: Int) throws(Failure) -> FacePicture?
  ) throws(Failure) -> Figure {
    let wrong = predictions.mistakes()
    let shown = Array(wrong.prefix(min(max(columns, 1), 20) * min(max(rows, 1), 20)))
    let columns = max(1, min(columns, 20, shown.count))
    var faces: [FacePicture?] = []
    for place in shown { faces.append(try picture(place)) }
    let lines = max(1, (shown.count + columns - 1) / columns)
    let side = 124.0
    let (pitchX, pitchY) = (side + 18, side + 66)
    let top = PlotStyle.margin + PlotStyle.headHeight(pictures: pictures)
    let summary = summary(mistakes: wrong.count, shown: shown.count, of: predictions.count)
    return Figure(
      width: max(
        2 * PlotStyle.margin + Double(columns) * pitchX - 18,
        PlotStyle.headWidth(summary, pictures: pictures)),
      height: top + (shown.isEmpty ? 30 : Double(lines) * pitchY) + PlotStyle.margin - 8
    ) { canvas in
      PlotStyle.head(canvas, title, summary, pictures: pictures)
      for (index, place) in shown.enumerated() {
        let x = PlotStyle.margin + Double(index % columns) * pitchX
        let y = top + Double(index / columns) * pitchY
        let cell = SheetCell(canvas: canvas, x: x, y: y, side: side)
        cell.draw(faces[index])
        let said = predictions.predicted(place) ?? 0
        let confidence = DecimalText.percent(Double(predictions.confidence(place) ?? 0), 0)
        cell.caption("said", predictions.classes[said], confidence, line: 0, PlotStyle.highlight)
        cell.caption("true", predictions.classes[predictions.labels[place]], "", line: 1, PlotStyle.ink)
        cell.note(predictions.names[place])
      }
    }
  }

  private static func summary(mistakes count: Int, shown: Int, of pictures: Int) -> String {
    if count == 0 { return "No picture was named wrongly" }
    let mistakes = count == 1 ? "1 mistake" : "\(DecimalText.grouped(count)) mistakes"
    let among = " among \(DecimalText.grouped(pictures)) pictures"
    if shown < count { return "The \(shown) most confident of \(mistakes)\(among)" }
    return (count == 1 ? "The \(mistakes)" : "All \(mistakes)") + among
  }

  /// A few pictures of each class, a class a row, each with its prediction; wrong predictions are framed.
  /// - Parameters:
  ///   - pictures: the pictures' description, shown under the title.
  ///   - picture: a picture by its index; nil leaves its cell empty.
  package static func examples(
    _ predictions: Predictions, title: String, pictures: String? = nil, columns: Int = 8,
    picture: (_ place: Int) throws(Failure) -> FacePicture?
  ) throws(Failure) -> Figure {
    let classes = predictions.classes.prefix(24)
    var places = [[Int]](repeating: [], count: predictions.classes.count)
    for (place, label) in predictions.labels.enumerated() { places[label].append(place) }
    let columns = max(1, min(columns, 20, places.prefix(classes.count).map(\.count).max() ?? 1))
    var chosen: [[(place: Int, picture: FacePicture?)]] = []
    for own in places.prefix(classes.count) {
      // Spread over the class's pictures, so that neighbors from one source do not fill the row.
      let count = min(columns, own.count)
      var row: [(place: Int, picture: FacePicture?)] = []
      for index in 0..<count {
        let place = own[(2 * index + 1) * own.count / (2 * count)]
        row.append((place, try picture(place)))
      }
      chosen.append(row)
    }
    func text(ofCount count: Int) -> String {
      count == 1 ? "1 picture" : "\(DecimalText.grouped(count)) pictures"
    }
    let countWidth = PlotStyle.measuredWidth(text(ofCount: places.map(\.count).max() ?? 0), size: 10) + 4
    let widest = classes.reduce(max(40, countWidth)) {
      max($0, PlotStyle.estimatedWidth($1, size: 13) * 1.12)
    }
    let nameWidth = min(widest, 150)
    let side = 104.0
    let (pitchX, pitchY) = (side + 12, side + 32)
    let top = PlotStyle.margin + PlotStyle.headHeight(pictures: pictures)
    let summary =
      "Examples of each class with the network's answer; wrong answers are framed"
      + (classes.count < predictions.classes.count
        ? " · the first \(classes.count) of \(predictions.classes.count) classes" : "")
    return Figure(
      width: max(
        2 * PlotStyle.margin + nameWidth + 14 + Double(columns) * pitchX - 12,
        PlotStyle.headWidth(summary, pictures: pictures)),
      height: top + Double(classes.count) * pitchY + PlotStyle.margin - 8
    ) { canvas in
      PlotStyle.head(canvas, title, summary, pictures: pictures)
      for (row, name) in classes.enumerated() {
        let y = top + Double(row) * pitchY
        canvas.text(
          name, x: PlotStyle.margin, y: y + side / 2 - 8, size: 13, PlotStyle.ink, isBold: true,
          maximumWidth: nameWidth)
        canvas.text(
          text(ofCount: places[row].count), x: PlotStyle.margin, y: y + side / 2 + 10, size: 10,
          PlotStyle.muted, maximumWidth: nameWidth)
        for (column, example) in chosen[row].enumerated() {
          let cell = SheetCell(
            canvas: canvas, x: PlotStyle.margin + nameWidth + 14 + Double(column) * pitchX, y: y, side: side)
          let said = predictions.predicted(example.place)
          let isRight = said == row
          cell.draw(example.picture, frame: isRight ? nil : PlotStyle.highlight)
          let confidence = DecimalText.percent(Double(predictions.confidence(example.place) ?? 0), 0)
          cell.caption(
            "", said.map { predictions.classes[$0] } ?? "no answer", said == nil ? "" : confidence, line: 0,
            isRight ? PlotStyle.muted : PlotStyle.highlight, isBold: !isRight)
        }
      }
    }
  }
}

/// One picture of a sheet with its caption.
private struct SheetCell {
  let canvas: FigureCanvas
  let x: Double
  let y: Double
  /// Of the square that the picture is shown in.
  let side: Double

  /// The picture in the middle of its square, its shape kept.
  func draw(_ picture: FacePicture?, frame: Color? = nil) {
    canvas.fill(x: x, y: y, width: side, height: side, PlotStyle.placeholder)
    if let picture {
      let scale = side / Double(max(picture.width, picture.height))
      let (width, height) = (Double(picture.width) * scale, Double(picture.height) * scale)
      canvas.picture(
        picture.pixels, columns: picture.width, rows: picture.height, channels: picture.channels,
        x: x + (side - width) / 2, y: y + (side - height) / 2, width: width, height: height)
    }
    if let frame {
      canvas.outline(x: x - 1, y: y - 1, width: side + 2, height: side + 2, frame, lineWidth: 3)
    }
  }

  /// A line under the picture: a word, a class name that is cut if it is too long, a number.
  func caption(
    _ word: String, _ name: String, _ number: String, line: Int, _ color: Color, isBold: Bool = true
  ) {
    let size = 11.5
    let y = y + side + 12 + Double(line) * 16
    let wordWidth = word.isEmpty ? 0 : canvas.textWidth(word, size: size) + 5
    let numberWidth = number.isEmpty ? 0 : canvas.textWidth(number, size: size) + 5
    canvas.text(word, x: x, y: y, size: size, PlotStyle.muted)
    let room = side - wordWidth - numberWidth
    let nameWidth = min(canvas.textWidth(name, size: size, isBold: isBold), room)
    canvas.text(name, x: x + wordWidth, y: y, size: size, color, isBold: isBold, maximumWidth: room)
    canvas.text(
      number, x: x + wordWidth + nameWidth + 5, y: y, size: size, PlotStyle.muted)
  }

  /// A small line under the others.
  func note(_ text: String) {
    // A path reads from left to right, whatever its folders are called in.
    canvas.text(
      TextDirection.leftToRight(text), x: x, y: y + side + 43, size: 9, PlotStyle.muted, maximumWidth: side)
  }
}
