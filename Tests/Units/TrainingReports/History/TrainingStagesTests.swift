import PredictionFixtures
import Testing

@testable import TrainingReports

/// A training that continued from a model's best epoch, not from its last.
struct TrainingStagesTests {
  private func history(_ start: EpochRecord.StageStart?) -> TrainingHistory {
    var history = MadePredictions.history(12)
    history.epochs[8].stageStart = start
    return history
  }

  @Test func startsAreReadBack() throws {
    for accuracy in [0.625, nil] {
      let history = history(.init(epoch: 6, validationAccuracy: accuracy))
      let table = history.csv()
      #expect(try TrainingHistory(csv: table) == history)
      #expect(try TrainingHistory(ndjson: history.ndjson()) == history)
      let lines = String(decoding: table, as: UTF8.self).split(separator: "\n")
      #expect(lines[0].hasSuffix(",pictures_per_second,from_epoch,from_val_accuracy"))
      #expect(lines[9].hasSuffix(",6," + (accuracy.map { "\($0)" } ?? "")), "\(lines[9])")
      #expect(lines[10].hasSuffix(",,"))
    }
    let plain = history(nil)
    for text in [plain.csv(), plain.ndjson()] {
      #expect(!String(decoding: text, as: UTF8.self).contains("from_epoch"))
    }
  }

  @Test func stagesInWords() {
    #expect(history(nil).stages == nil)
    let one = history(.init(epoch: 6, validationAccuracy: 0.625))
    #expect(one.stages == "epochs 1 to 8; 9 to 12 from epoch 6, validation accuracy 62.5 %")
    var two = history(.init(epoch: 8))
    two.epochs[11].stageStart = .init(epoch: 9)
    #expect(two.stages == "epochs 1 to 8; 9 to 11 from epoch 8; 12 to 12 from epoch 9")
  }

  @Test func curvesAreBrokenWhereStagesDoNotFollow() {
    func breaks(_ history: TrainingHistory) -> [Double] {
      CurveQuantity.accuracy.points(history, \.validation).filter(\.y.isNaN).map(\.x)
    }
    #expect(breaks(history(nil)).isEmpty)
    #expect(breaks(history(.init(epoch: 6))) == [9])
    // The best epoch was the last one.
    #expect(breaks(history(.init(epoch: 8))).isEmpty)
    let points = CurveQuantity.loss.points(history(.init(epoch: 6)), \.training)
    #expect(points.count == 13 && points[8].y.isNaN && points[9].x == 9 && points[9].y.isFinite)
  }
}
