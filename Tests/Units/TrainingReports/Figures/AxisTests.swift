import SeededNoise
import Testing
import TextTables

@testable import TrainingReports

struct AxisTests {
  @Test func ticksAreRound() {
    let accuracy = Axis(covering: [0.233, 0.689], format: .percent)
    #expect(accuracy.lower == 0.2 && abs(accuracy.upper - 0.7) < 1e-12)
    #expect(
      accuracy.ticks.map(accuracy.label) == ["20", "30", "40", "50", "60", "70"].map { $0 + "\u{A0}%" })
    let loss = Axis(covering: [0.55, 1.99], wanted: 6)
    #expect(loss.ticks.map(loss.label) == ["0.50", "0.75", "1.00", "1.25", "1.50", "1.75", "2.00"])
    let epochs = Axis(covering: [1, 60], wanted: 8, isWhole: true, isTight: true)
    #expect(epochs.lower == 1 && epochs.upper == 60 && epochs.ticks == [10, 20, 30, 40, 50, 60])
    let few = Axis(covering: [1, 3], wanted: 8, isWhole: true, isTight: true)
    #expect(few.ticks.map(few.label) == ["1", "2", "3"])
  }

  @Test func labelsDifferAndAreNotTooMany() {
    var generator = Noise(3)
    for _ in 0..<2000 {
      let size = Double.random(in: -12...12, using: &generator)
      let start = Double.random(in: -3...3, using: &generator)
      let span = Double.random(in: 0.001...1, using: &generator)
      var scale = 1.0
      for _ in 0..<Int(abs(size)) { scale *= size < 0 ? 0.1 : 10 }
      let axis = Axis(covering: [start * scale, (start + span) * scale], wanted: 6)
      #expect(axis.lower < axis.upper)
      #expect((1...14).contains(axis.ticks.count), "\(axis)")
      #expect(axis.ticks.allSatisfy { (-0.001...1.001).contains(axis.place($0)) })
      if scale >= 1e-5 { #expect(Set(axis.ticks.map(axis.label)).count == axis.ticks.count, "\(axis)") }
    }
  }

  static let oddValues: [[Double]] = [
    [], [.nan], [.infinity, -.infinity], [0], [5, 5], [-1, -1], [1e308, -1e308], [1e-300, 2e-300],
    [7, 7 + 1e-15],
  ]

  @Test(arguments: oddValues)
  func oddValuesMakeAnAxisToo(_ values: [Double]) {
    for isWhole in [false, true] {
      for isTight in [false, true] {
        let axis = Axis(covering: values, isWhole: isWhole, isTight: isTight)
        #expect(axis.lower.isFinite && axis.upper.isFinite && axis.lower < axis.upper)
        #expect(axis.ticks.count <= 100)
      }
    }
  }

  @Test func rungsLieEvenly() {
    let axis = Axis(rungs: [2, 6, 18, 54])
    #expect(zip(axis.ticks.map(axis.place), [0, 1.0 / 3, 2.0 / 3, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(axis.place(0).isFinite && axis.place(-5).isFinite)
  }

  @Test func cellTextIsRead() {
    for step in 0...100 {
      let color = SequentialColors.color(Double(step) / 100)
      #expect(color.contrast(with: color.contrasting) >= 4.5)
    }
    // Lightness alone must order the colors.
    let shades = (0...60).map { SequentialColors.color(Double($0) / 60).contrast(with: .black) }
    #expect(zip(shades, shades.dropFirst()).allSatisfy { $0 > $1 })
  }
}
