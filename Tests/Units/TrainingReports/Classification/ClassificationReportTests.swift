import FrameStream
import PredictionFixtures
import SystemIO
import Testing
import TrainingReports

/// Figures by scikit-learn 1.9.1, from the pictures of ``fourClasses``:
///
///     p = numpy.float32(probabilities).astype(float); said = p.argmax(1); p /= p.sum(1, keepdims=True)
///     classification_report(labels, said, labels=range(4), target_names=…, digits=3, zero_division=0)
///     confusion_matrix(labels, said, labels=range(4)); top_k_accuracy_score(labels, p, k=2)
///     log_loss(labels, p); brier_score_loss(labels, p, scale_by_half=False)
///
/// and the expected calibration error by five lines of NumPy over the same bins.
struct ClassificationReportTests {
  static let rows: [[Float]] = [
    [0.02, 0.44, 0.17, 0.37], [0.71, 0.14, 0.13, 0.02], [0.08, 0.18, 0.3, 0.44], [0.15, 0.02, 0.1, 0.73],
    [0.07, 0.17, 0.76, 0.0], [0.18, 0.6, 0.05, 0.17], [0.51, 0.03, 0.16, 0.3], [0.42, 0.24, 0.09, 0.25],
    [0.14, 0.19, 0.13, 0.54], [0.49, 0.13, 0.28, 0.1], [0.23, 0.17, 0.42, 0.18], [0.13, 0.27, 0.11, 0.49],
    [0.07, 0.51, 0.21, 0.21], [0.44, 0.32, 0.23, 0.01],
  ]

  /// The last class is never a label, and the second is never named rightly.
  static func fourClasses(
    _ names: [String] = ["angry", "happy face", "sad", "fear"]
  ) throws(Failure) -> Predictions {
    try Predictions(
      classes: names, names: (0..<14).map { "\($0).png" },
      labels: [0, 1, 2, 0, 1, 2, 0, 0, 1, 2, 2, 1, 0, 0],
      probabilities: rows.flatMap { $0 })
  }

  private func isNear(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-6) -> Bool {
    abs((value ?? .nan) - expected) <= tolerance
  }

  @Test func figuresAreScikitLearns() throws {
    let report = ClassificationReport(try Self.fourClasses())
    #expect(report.confusion == [[3, 2, 0, 1], [1, 0, 1, 2], [1, 1, 1, 1], [0, 0, 0, 0]])
    #expect(report.support == [6, 4, 4, 0])
    #expect(isNear(report.accuracy, 0.2857142857142857))
    #expect(isNear(report.top2Accuracy, 0.7857142857142857))
    #expect(isNear(report.brierScore, 0.9064142871169107))
    #expect(isNear(report.reliability.expectedCalibrationError, 0.3700000047683715))
    #expect(isNear(report.reliability.meanConfidence, 0.5357142857142857))
    let macro = report.macroAverage
    #expect(isNear(macro.precision, 0.275) && isNear(macro.recall, 0.1875))
    #expect(isNear(macro.f1, 0.21969696969696967))
    let weighted = report.weightedAverage
    #expect(isNear(weighted.precision, 0.4) && isNear(weighted.recall, 0.2857142857142857))
    #expect(isNear(weighted.f1, 0.32900432900432897))
    // scikit-learn's 1.705609589150392.
    #expect(isNear(report.crossEntropy, 1.705609589150392))
  }

  @Test func textIsScikitLearns() throws {
    let report = ClassificationReport(try Self.fourClasses())
    #expect(
      report.scoreTable == """
                      precision    recall  f1-score   support

               angry      0.600     0.500     0.545         6
          happy face      0.000     0.000     0.000         4
                 sad      0.500     0.250     0.333         4
                fear      0.000     0.000     0.000         0

            accuracy                          0.286        14
           macro avg      0.275     0.188     0.220        14
        weighted avg      0.400     0.286     0.329        14

        """)
    #expect(
      report.text.hasSuffix(
        """
        confusion matrix (rows: true class, columns: predicted class)

                    angry  happy face  sad  fear
             angry      3           2    0     1
        happy face      1           0    1     2
               sad      1           1    1     1
              fear      0           0    0     0

        """))
    #expect(report.text.contains("\nexpected calibration error  0.3700 (15 bins)\n"))
  }

  @Test func wideAndHostileNamesKeepColumns() throws {
    let names = ["恐惧的表情与愤怒的", "a\nb\u{1B}[2J", String(repeating: "long ", count: 60), "e\u{301}"]
    let table = ClassificationReport(try Self.fourClasses(names)).scoreTable
    let lines = table.split(separator: "\n")
    #expect(lines.count == 8)
    #expect(!table.unicodeScalars.contains("\u{1B}"))
    // Columns of a terminal: ASCII and marks of one, ideographs of two.
    let widths = lines.map { line in
      line.unicodeScalars.reduce(0) {
        $0 + ($1 == "\u{301}" ? 0 : (0x4E00...0x9FFF).contains($1.value) ? 2 : 1)
      }
    }
    #expect(Set(widths).count == 1, "\(widths)")
  }

  @Test func manyClassesAreNumbered() {
    let classes = (1...40).map { "expression \($0)" }
    let table = ClassificationReport(MadePredictions.some(200, classes: classes)).confusionTable
    #expect(table.contains("40 expression 40"))
    #expect(table.split(separator: "\n").allSatisfy { $0.count < 250 })
  }

  /// Cohen's own example (1960), and what has no kappa.
  @Test func agreementBeyondChance() {
    let report = ClassificationReport(
      classes: ["a", "b", "c"], confusion: [[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    #expect(abs((report.cohensKappa ?? 0) - 0.4915) < 1e-4)
    #expect(report.count == 200 && report.accuracy == 0.7 && report.crossEntropy == nil)
    #expect(ClassificationReport(classes: ["a"], confusion: [[9]]).cohensKappa == nil)
    #expect(ClassificationReport(classes: ["a", "b"], confusion: [[0, 0], [0, 0]]).cohensKappa == nil)
    #expect(ClassificationReport(classes: ["a", "b"], confusion: [[0, 5], [5, 0]]).cohensKappa == -1)
  }

  @Test func nothingToCountIsZeroOrNothing() throws {
    let none = try Predictions(classes: ["a", "b"], names: [], labels: [], probabilities: [])
    let report = ClassificationReport(none)
    #expect(report.count == 0 && report.accuracy == 0 && report.top2Accuracy == 0)
    #expect(report.crossEntropy == nil && report.brierScore == nil)
    #expect(report.reliability.expectedCalibrationError == nil)
    #expect(report.macroAverage.f1 == 0)
    #expect(report.text.contains("accuracy"))
  }

  @Test func oneClassIsAlwaysRight() throws {
    let one = try Predictions(
      classes: ["face"], names: ["1", "2"], labels: [0, 0], probabilities: [1, 0.5])
    let report = ClassificationReport(one)
    #expect(report.accuracy == 1 && report.top2Accuracy == 1 && report.macroAverage.f1 == 1)
    // Keras divides by the sum and cuts at 1 - 1e-7.
    #expect(isNear(report.crossEntropy, 1e-7, 1e-9))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func outputsThatAreNotFiniteCountAsWrong(_ value: Float) throws {
    let predictions = try Predictions(
      classes: ["a", "b"], names: ["1", "2", "3"], labels: [0, 0, 1], probabilities: [1, 0, value, 0, 0, 1])
    #expect(predictions.predicted(1) == nil && predictions.confidence(1) == nil)
    let report = ClassificationReport(predictions)
    #expect(report.withoutPrediction == 1)
    #expect(report.confusion == [[1, 0], [0, 1]])
    #expect(report.support == [2, 1])
    #expect(isNear(report.accuracy, 2.0 / 3) && report.classScores[0].recall == 0.5)
    #expect(report.crossEntropy?.isFinite == true && report.reliability.count == 2)
    #expect(report.text.contains("without prediction"))
    #expect(predictions.mistakes() == [])
    // An empty field each for what was not said.
    #expect(String(decoding: predictions.csv(), as: UTF8.self).contains("\n2,a,,,"))
  }

  @Test func numbersThatAreNoProbabilitiesDoNotTrap() throws {
    let predictions = try Predictions(
      classes: ["a", "b"], names: ["1", "2", "3"], labels: [0, 1, 0],
      probabilities: [3e38, 3e38, -3e38, -1, 0, 0])
    let report = ClassificationReport(predictions)
    #expect(report.crossEntropy?.isFinite == true)
    #expect(report.reliability.count == 3)
  }

  @Test func randomFiguresHoldTogether() throws {
    for seed in 0..<20 {
      let classes = (0...seed % 9).map { "class \($0)" }
      let predictions = MadePredictions.some(40 * seed, classes: classes, seed: UInt64(seed))
      let report = ClassificationReport(predictions)
      #expect(report.count == predictions.count)
      #expect(report.confusion.map { $0.reduce(0, +) } == report.support)
      #expect(report.accuracy <= report.top2Accuracy)
      // Weighted recall is accuracy.
      #expect(isNear(report.weightedAverage.recall, report.accuracy, 1e-12))
      #expect(report.reliability.count == report.count)
      let error = report.reliability.expectedCalibrationError
      #expect(seed == 0 ? error == nil : (0...1).contains(error ?? -1))
      #expect(
        predictions.mistakes().count == report.count
          - report.confusion.indices.reduce(0) {
            $0 + report.confusion[$1][$1]
          })
      let json = try JSONValue(JSONText(parsing: report.json(details: [("views", .string("flip"))])))
      #expect(json["details"]?["views"]?.string == "flip")
      let back = try ClassificationReport(json)
      #expect(back == report)
    }
  }

  @Test func calibrationBinsAreOpenBelow() throws {
    // 1/15 belongs to the first bin, anything more to the second; 1 to the last.
    let predictions = try Predictions(
      classes: ["a"], names: ["1", "2", "3", "4"], labels: [0, 0, 0, 0],
      probabilities: [0, 0.0666, 0.0667, 1])
    #expect(
      ClassificationReport(predictions).reliability.bins.map(\.count) == [2, 1]
        + .init(repeating: 0, count: 12) + [1])
  }

  @Test(arguments: [
    "{}", "[]", "{\"fm_report\":2}", "{\"fm_report\":1,\"classes\":[]}",
    "{\"fm_report\":1,\"classes\":[{\"name\":\"a\",\"support\":-1}]}",
    "{\"fm_report\":1,\"classes\":[{\"name\":\"a\",\"support\":2}],\"confusion\":[[3]],\"top2_accuracy\":1,\"calibration\":[]}",
    "{\"fm_report\":1,\"classes\":[{\"name\":\"a\",\"support\":2}],\"confusion\":[[9223372036854775807]]}",
    "{\"fm_report\":1,\"classes\":[{\"name\":\"a\",\"support\":2}],\"confusion\":[[1]],\"top2_accuracy\":7}",
    "{\"fm_report\":1,\"classes\":[{\"name\":\"a\",\"support\":2}],\"confusion\":[[1]],\"top2_accuracy\":1}",
  ])
  func badReportsAreRefused(_ text: String) {
    #expect(throws: Failure.self) {
      _ = try ClassificationReport(JSONValue(JSONText(parsing: Array(text.utf8))))
    }
  }

  @Test func shapesMustAgree() {
    #expect(throws: Failure.self) {
      try Predictions(classes: [], names: [], labels: [], probabilities: [])
    }
    #expect(throws: Failure.self) {
      try Predictions(classes: ["a"], names: ["1"], labels: [1], probabilities: [1])
    }
    #expect(throws: Failure.self) {
      try Predictions(classes: ["a"], names: ["1"], labels: [0], probabilities: [1, 2])
    }
    #expect(throws: Failure.self) {
      try Predictions(classes: ["a"], names: [], labels: [0], probabilities: [1])
    }
  }

  @Test func theFirstOfEqualsIsPredicted() throws {
    let predictions = try Predictions(
      classes: ["a", "b", "c"], names: ["1", "2"], labels: [1, 2],
      probabilities: [0.4, 0.4, 0.2, 0.3, 0.3, 0.3])
    #expect(predictions.predicted(0) == 0 && predictions.predicted(1) == 0)
    // Second of equals is among two, third is not.
    #expect(ClassificationReport(predictions).top2Accuracy == 0.5)
  }
}
