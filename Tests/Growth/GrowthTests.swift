import Testing
import WorstInputs

/// A limit on size is a limit on work: eight times the input takes about eight times as long, whatever is in it. What
/// grows with the square takes 64 times as long.
@Suite(.serialized) struct GrowthTests {
  @Test(arguments: WorstInput.all.indices) func timeGrowsWithSize(_ index: Int) {
    let input = WorstInput.all[index]
    let small = 1 << 15
    // What is done in a moment tells nothing; the rest is measured again if it looks bad, as other processes disturb.
    for attempt in 0..<4 {
      let (first, second) = (input.seconds(byteCount: small), input.seconds(byteCount: small * 8))
      if second < 0.02 || second < first * 24 { return }
      if attempt == 3 { Issue.record("\(input.name): \(first) s, eight times the bytes \(second) s") }
    }
  }
}
