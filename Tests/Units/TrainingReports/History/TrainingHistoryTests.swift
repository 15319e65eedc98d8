import PredictionFixtures
import SystemIO
import Testing
import TrainingReports

struct TrainingHistoryTests {
  static let odd = TrainingHistory([
    EpochRecord(
      epoch: 1, loss: 1.7, accuracy: 0.1 + 0.2, learningRate: 1e-3, seconds: 12.5, picturesPerSecond: 1e3),
    EpochRecord(
      epoch: 2, loss: .nan, accuracy: 0, validationLoss: .infinity, validationAccuracy: 0.5, learningRate: 0,
      seconds: 0, picturesPerSecond: 0),
  ])

  @Test func tablesAreReadBack() throws {
    let history = MadePredictions.history(30)
    #expect(try TrainingHistory(csv: history.csv()) == history)
    #expect(try TrainingHistory(ndjson: history.ndjson()) == history)
    #expect(try TrainingHistory(csv: TrainingHistory().csv()) == TrainingHistory())
    let back = try TrainingHistory(csv: Self.odd.csv())
    #expect(back.epochs[0] == Self.odd.epochs[0])
    #expect(back.epochs[1].loss.isNaN && back.epochs[1].validationLoss == .infinity)
    // JSON has neither.
    let read = try TrainingHistory(ndjson: Self.odd.ndjson())
    #expect(read.epochs[0] == Self.odd.epochs[0])
    #expect(read.epochs[1].loss.isNaN && read.epochs[1].validationLoss == nil)
  }

  @Test func columnsHaveKerassNames() {
    let text = String(decoding: Self.odd.csv(), as: UTF8.self)
    #expect(
      text == """
        epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds,pictures_per_second
        1,1.7,0.30000000000000004,,,0.001,12.5,1000.0
        2,nan,0.0,inf,0.5,0.0,0.0,0.0

        """)
  }

  @Test func columnsMayMoveAndMore() throws {
    let text = "\u{FEFF}note,loss,epoch\r\n\"a,\n\"\"b\"\"\",0.5,3\r\n\r\nx,0.25,4"
    let history = try TrainingHistory(csv: Array(text.utf8))
    #expect(history.epochs.map(\.epoch) == [3, 4] && history.epochs.map(\.loss) == [0.5, 0.25])
    #expect(history.epochs[0].accuracy.isNaN && history.epochs[0].validationLoss == nil)
  }

  @Test(arguments: [
    ("", "no headings"), ("loss\n1\n", "no column"), ("epoch,loss\n1\n", "line 2"), ("epoch\n0\n", "line 2"),
    ("epoch\n1.5\n", "whole number"), ("epoch\n99999999999999999999\n", "whole number"),
    ("epoch,loss\n1,x\n", "loss is not a number"), ("epoch\n\"1\n", "not closed"),
    ("epoch\n\"1\"2\n", "after a closing quote"), ("epoch\n1\"\n", "not a number"),
    ("\"a\nb\",epoch\n\n\n1,nan\n", "line 5"),
  ])
  func badTablesAreRefused(_ text: String, _ words: String) {
    let failure = #expect(throws: Failure.self) { try TrainingHistory(csv: Array(text.utf8)) }
    #expect(failure?.kind == .badInput)
    #expect(failure.map { "\($0)".contains(words) } == true, "\(failure as Any)")
  }

  @Test func aProgressStreamIsReadPastOtherRecords() throws {
    let text = """
      {"type":"start","classes":["a"]}

      {"type":"epoch","epoch":1,"loss":2,"accuracy":null,"extra":[1]}
      [1,2]
      {"epoch":2,"loss":1}
      {"epoch":3,"lo
      """
    let history = try TrainingHistory(ndjson: Array(text.utf8))
    #expect(history.epochs.map(\.epoch) == [1, 2])
    #expect(throws: Failure.self) { try TrainingHistory(ndjson: Array("{\"epoch\":-1}\n".utf8)) }
    #expect(throws: Failure.self) { try TrainingHistory(ndjson: Array("{\"epoch\":1\n{}\n".utf8)) }
  }

  @Test func timesThatAreNotKnownAreTakenFromAnEarlierTable() throws {
    let timed = MadePredictions.history(3)
    var kept = timed
    for place in kept.epochs.indices {
      (kept.epochs[place].seconds, kept.epochs[place].picturesPerSecond) = (nil, nil)
    }
    let text = String(decoding: kept.csv(), as: UTF8.self)
    #expect(kept.seconds == nil && !text.contains("nan") && text.contains(",,\n"), "\(text)")
    #expect(try TrainingHistory(csv: kept.csv()) == kept)
    #expect(kept.withTimes(of: timed) == timed)
    #expect(timed.withTimes(of: kept) == timed)
    // Another training's times are not taken.
    var other = timed
    other.epochs[1].loss += 1
    let mixed = kept.withTimes(of: other)
    #expect(mixed.epochs.map { $0.seconds == nil } == [false, true, false])
    #expect(mixed.epochs[1] == kept.epochs[1])
  }

  @Test func bestIsByValidationFirst() {
    func record(_ epoch: Int, _ accuracy: Double, _ validation: Double?, _ loss: Double? = nil) -> EpochRecord
    {
      EpochRecord(
        epoch: epoch, loss: 1, accuracy: accuracy, validationLoss: loss, validationAccuracy: validation,
        learningRate: 1, seconds: 1, picturesPerSecond: 1)
    }
    #expect(TrainingHistory().best == nil)
    #expect(TrainingHistory([record(1, .nan, nil)]).best == nil)
    #expect(
      TrainingHistory([record(1, 0.5, nil), record(2, 0.9, nil), record(3, 0.9, nil)]).best?.epoch == 2)
    #expect(TrainingHistory([record(1, 0.5, nil, 1), record(2, 0.9, nil, 2)]).best?.epoch == 1)
    #expect(
      TrainingHistory([record(1, 0.9, .nan, 1), record(2, 0.5, 0.6, 2), record(3, 1, 0.4)]).best?.epoch == 2)
  }
}
