import Drawing
import TextTables

extension Figure {
  /// The reliability diagram, accuracy over confidence, above the histogram of confidences.
  /// - Parameter pictures: the pictures that it is about, named under the title.
  package static func reliability(
    _ reliability: Reliability, title: String, pictures: String? = nil
  ) -> Figure {
    Figure(width: 520, height: 700) { canvas in
      let error = reliability.expectedCalibrationError
      PlotStyle.head(
        canvas, title,
        "Reliability, \(DecimalText.grouped(reliability.count)) pictures · expected calibration error "
          + (error.map { DecimalText.fixed($0, 3) } ?? "–"), pictures: pictures)
      let left = PlotStyle.margin + PlotArea.left
      let width = canvas.width - left - PlotStyle.margin - 8
      let shares = Axis(covering: [0, 1], wanted: 5, format: .percent)
      let above = PlotArea(
        canvas: canvas, x: left, y: 138, width: width, height: 340, horizontal: shares, vertical: shares)
      above.drawAxes(
        title: "Accuracy of the pictures in a bin", horizontalTitle: nil, showsHorizontalLabels: false)
      Legend(entries: [
        Legend.Entry(name: "accuracy", color: PlotStyle.training, width: 9),
        Legend.Entry(name: "too sure", color: tooSure, width: 9),
        Legend.Entry(name: "not sure enough", color: notSureEnough, width: 9),
        Legend.Entry(name: "ideal", color: PlotStyle.muted, dashes: [3, 2], width: 1.5),
      ]).draw(canvas, right: left + width, y: 88)
      drawBins(reliability, above)
      let counts = reliability.bins.map { Double($0.count) / Double(max(reliability.count, 1)) }
      let below = PlotArea(
        canvas: canvas, x: left, y: 524, width: width, height: 110, horizontal: shares,
        vertical: Axis(covering: [0] + counts, wanted: 3, format: .percent))
      below.drawAxes(title: "Share of pictures", horizontalTitle: "confidence")
      for (index, share) in counts.enumerated() where share > 0 {
        let (start, end) = binEdges(index, reliability.bins.count, below)
        canvas.fill(
          x: start, y: below.y(share), width: end - start, height: below.y(0) - below.y(share),
          PlotStyle.axis)
      }
      if let mean = reliability.meanConfidence {
        let x = below.x(mean)
        canvas.line([(x, below.y), (x, below.y(0))], PlotStyle.ink, width: 1.5, dashes: [3, 2])
        // Beside the chart's title, where there are no bars.
        Legend(entries: [
          Legend.Entry(
            name: "mean confidence " + DecimalText.percent(mean), color: PlotStyle.ink, dashes: [3, 2],
            width: 1.5)
        ]).draw(canvas, right: left + width, y: below.y - 17)
      }
    }
  }

  private static let tooSure = Color(0xEDA96F)
  private static let notSureEnough = Color(0x8CC4EA)

  private static func binEdges(_ index: Int, _ count: Int, _ area: PlotArea) -> (Double, Double) {
    (area.x(Double(index) / Double(count)) + 1, area.x(Double(index + 1) / Double(count)) - 1)
  }

  private static func drawBins(_ reliability: Reliability, _ area: PlotArea) {
    let canvas = area.canvas
    for (index, bin) in reliability.bins.enumerated() where bin.count > 0 {
      let (start, end) = binEdges(index, reliability.bins.count, area)
      canvas.fill(
        x: start, y: area.y(bin.accuracy), width: end - start, height: area.y(0) - area.y(bin.accuracy),
        PlotStyle.training)
      // From the accuracy to the confidence.
      let top = area.y(max(bin.accuracy, bin.confidence))
      let bottom = area.y(min(bin.accuracy, bin.confidence))
      let color = bin.confidence > bin.accuracy ? tooSure : notSureEnough
      canvas.fill(x: start, y: top, width: end - start, height: bottom - top, color)
      canvas.line(
        [(start, area.y(bin.accuracy)), (end, area.y(bin.accuracy))], Color(0x00426B), width: 2)
    }
    canvas.line(
      [(area.x(0), area.y(0)), (area.x(1), area.y(1))], PlotStyle.muted, width: 1.5, dashes: [3, 2])
  }
}
