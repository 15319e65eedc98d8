import ArgumentParser
import FaceDrawing
import FilterTool

/// What a contact sheet shows.
struct SheetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a contact sheet of the faces with this many columns and rows, such as 5x4; %d in the output's name makes as many sheets as all faces need.",
      valueName: "CxR"))
  var sheet: SheetGrid?

  @Option(
    help: ArgumentHelp(
      "Order of the sheet: faces spread evenly over the film, the most confident ones, or each person's in turn.",
      valueName: "time|confidence|person"))
  var sheetOrder = SheetOrder.time

  @Option(
    help: ArgumentHelp("Take frames for the sheet at least this many seconds apart.", valueName: "seconds"))
  var sheetEvery: Double?

  @Option(
    help: ArgumentHelp(
      "Show each face, or whole frames with the predicted class and beside it the true one (see --label of fm-decode).",
      valueName: "faces|frames"))
  var sheetOf = SheetContent.faces

  func validate() throws {
    if let sheetEvery, !(sheetEvery > 0) || !sheetEvery.isFinite {
      throw ValidationError("--sheet-every is more than 0.")
    }
    if sheet == nil, sheetOrder != .time || sheetEvery != nil || sheetOf != .faces {
      throw ValidationError("--sheet-order, --sheet-every and --sheet-of need --sheet.")
    }
  }
}

/// What is in the cells of a contact sheet.
enum SheetContent: String, ExpressibleByArgument, CaseIterable { case faces, frames }

extension SheetOrder: ExpressibleByArgument {}

/// A contact sheet's grid on the command line: `5x4`.
struct SheetGrid: ExpressibleByArgument {
  let columns: Int
  let rows: Int

  init?(argument: String) {
    guard let (columns, rows) = PictureSize.pair(argument, within: 1...100) else { return nil }
    self.columns = columns
    self.rows = rows
  }
}
