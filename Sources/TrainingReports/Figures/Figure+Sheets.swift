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
    let grid = SheetGrid(
      count: shown.count, columns: columns, side: 124, gap: (18, 66), pictures: pictures)
    var faces: [FacePicture?] = []
    for place in shown { faces.append(try picture(place)) }
    let summary = summary(mistakes: wrong.count, shown: shown.count, of: predictions.count)
    return Figure(
      width: max(grid.width, PlotStyle.headWidth(summary, pictures: pictures)), height: grid.height
    ) { canvas in
      PlotStyle.head(canvas, title, summary, pictures: pictures)
      for (index, place) in shown.enumerated() {
        let cell = grid.cell(index, on: canvas)
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
