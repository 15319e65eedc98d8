import Testing

@testable import ExpressionTraining

struct ClassWeightsTests {
  @Test func namesMayHoldCommas() {
    #expect(Recipe.ClassWeights(#""x,y=2",b=0.5"#) == .factors(["x,y": 2, "b": 0.5]))
    #expect(Recipe.ClassWeights("c=d=2") == .factors(["c=d": 2]))
    for wrong in ["x,y=2", #""x,y=2"#, #""x,y"=2"#] { #expect(Recipe.ClassWeights(wrong) == nil, "\(wrong)") }
  }
}
