import FrameStream
import SystemIO

/// A report read back from its folder, to be compared with others.
package struct ReportFolder: Sendable {
  /// The largest file that is read.
  static let largestFile = 64 << 20

  /// The folder.
  package let path: String
  /// What the report is about.
  package let name: String
  /// The report in report.json.
  package let report: ClassificationReport
  /// The run's epochs; nil if the folder has no history.csv, as after `evaluate`.
  package let history: TrainingHistory?
  /// What the command that wrote the report added.
  package let details: JSONValue

  /// Reads `report.json` and, if `files` in it names it, `history.csv`.
  /// - Throws: ``Failure`` with the file as its subject: (`inputOutput`) if it cannot be read, (`badInput`) if it is
  ///   not what fm-train writes.
  package init(reading path: String) throws(Failure) {
    self.path = path
    let reportPath = path + "/report.json"
    let bytes = try WholeFile.read(reportPath, limit: Self.largestFile, only: .regular)
    let json: JSONValue
    do throws(Failure) {
      json = try JSONValue(JSONText(parsing: bytes))
      report = try ClassificationReport(json)
    } catch {
      throw error.within(reportPath)
    }
    name = json["name"]?.string ?? FilePath.lastComponent(path)
    details = json["details"] ?? .null
    guard json["files"]?.array?.contains(where: { $0.string == "history.csv" }) ?? false else {
      history = nil
      return
    }
    let historyPath = path + "/history.csv"
    let table = try WholeFile.read(historyPath, limit: Self.largestFile, only: .regular)
    do throws(Failure) { history = try TrainingHistory(csv: table) } catch {
      throw error.within(historyPath)
    }
  }
}
