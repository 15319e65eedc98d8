import CProcessor
import Testing

/// The levels of vector instructions, and what the environment's value asks for.
@Suite struct LevelsTests {
  static let levels = (0..<UInt32(CP_LEVEL_COUNT)).map { cp_level(rawValue: $0) }

  @Test func namesAndLevelsCorrespond() {
    #expect(Self.levels.map { String(cString: cp_level_name($0)) } == ["plain", "simd128", "avx2", "avx512"])
    for level in Self.levels {
      var found = CP_PLAIN
      #expect(cp_find_level(cp_level_name(level), &found) == 1)
      #expect(found == level)
    }
  }

  @Test(arguments: ["", "nonsense", "AVX2", "avx", "avx512 ", " plain"]) func othersAreNoLevels(name: String)
  {
    var found = CP_AVX2
    #expect(cp_find_level(name, &found) == 0)
    #expect(found == CP_AVX2)
    // They are ignored.
    #expect(cp_level_for(name) == cp_best_level())
  }

  @Test func aValueAsksForAtMostTheBestLevel() {
    let best = cp_best_level()
    #expect(cp_level_for(nil) == best)
    for level in Self.levels {
      #expect(cp_level_for(cp_level_name(level)).rawValue == min(level.rawValue, best.rawValue))
    }
  }

  @Test func theBestIsOneOfTheArchitecture() {
    #if arch(x86_64)
      #expect(cp_best_level().rawValue >= CP_SIMD128.rawValue)
    #else
      #expect(cp_best_level() == CP_SIMD128)
    #endif
    #expect(cp_best_level() == cp_best_level())
    #expect(cp_preferred_level() == cp_preferred_level())
    #expect(cp_preferred_level().rawValue <= cp_best_level().rawValue)
  }
}
