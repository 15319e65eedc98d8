import SystemIO
import Testing

@Suite struct SIMDLevelTests {
  @Test func levelsAreInOrder() {
    #expect(SIMDLevel.allCases.map(\.rank) == [0, 1, 2, 3])
    #expect(SIMDLevel.allCases.sorted() == SIMDLevel.allCases)
    #expect(SIMDLevel.preferred <= .best)
    #expect(SIMDLevel.best > .plain)
  }

  @Test func namesOfLevelsPass() throws {
    for level in SIMDLevel.allCases where level <= .best { try SIMDLevel.check(level.rawValue) }
  }

  @Test(arguments: ["nonsense", "", "AVX2"]) func othersAreUsageErrors(name: String) {
    let failure = #expect(throws: Failure.self) { try SIMDLevel.check(name) }
    #expect(failure?.kind == .usage)
    #expect(failure?.step == "FM_SIMD")
  }

  @Test func levelsThatTheProcessorLacksAreUsageErrors() {
    for level in SIMDLevel.allCases where level > .best {
      #expect(throws: Failure.self) { try SIMDLevel.check(level.rawValue) }
    }
  }
}
