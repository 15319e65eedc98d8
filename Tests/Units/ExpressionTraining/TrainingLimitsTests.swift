import ExpressionTraining
import Testing

@Test func everyLimitIsPositive() {
  #expect(TrainingLimits.classes > 0 && TrainingLimits.pictures > 0)
}
