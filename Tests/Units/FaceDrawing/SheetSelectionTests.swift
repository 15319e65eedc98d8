import Testing

@testable import FaceDrawing

/// Which of many faces a sheet shows.
struct SheetSelectionTests {
  private func choose(
    _ order: SheetOrder, _ capacity: Int, _ count: Int, person: (Int) -> Int? = { _ in nil },
    confidence: (Int) -> Double? = { _ in nil }
  ) -> [Int] {
    var selection = SheetSelection<Int>(order, capacity: capacity)
    for number in 0..<count {
      selection.offer(person: person(number), confidence: confidence(number)) { number }
    }
    #expect(selection.offered == count)
    return selection.chosen
  }

  @Test(arguments: [0, 1, 4, 5, 11, 100, 1000, 12_345]) func facesAreSpreadOverTheFilm(_ count: Int) {
    let chosen = choose(.time, 5, count)
    #expect(chosen.count == min(5, count))
    #expect(chosen == chosen.sorted() && Set(chosen).count == chosen.count)
    guard count > 5 else { return }
    // From the beginning to nearly the end, and nowhere close together.
    #expect(chosen[0] == 0 && chosen[4] >= count * 7 / 10)
    for (a, b) in zip(chosen, chosen.dropFirst()) { #expect(b - a <= count * 2 / 5 + 1) }
  }

  @Test func theMostConfidentComeFirst() {
    let values = [0.3, 0.9, .nan, 0.5, 0.9, nil, 0.7]
    #expect(
      choose(.confidence, 4, 7) { _ in
        nil
      } confidence: {
        values[$0]
      } == [1, 4, 6, 3])
  }

  @Test func everyPersonHasATurn() {
    // Person 2 is in most frames, person 1 in a tenth, person 3 in one.
    let chosen = choose(.person, 6, 1000) { $0 == 500 ? 3 : $0 % 10 == 0 ? 1 : 2 }
    let people = chosen.map { $0 == 500 ? 3 : $0 % 10 == 0 ? 1 : 2 }
    #expect(chosen.count == 6)
    #expect(people == people.sorted() && Set(people) == [1, 2, 3])
    // Faces without a number come after all people.
    let some = choose(.person, 4, 100) { $0 % 2 == 0 ? nil : 7 }
    #expect(some.map { $0 % 2 } == [1, 1, 0, 0], "\(some)")
    // More people than cells: those in most frames.
    let many = choose(.person, 3, 1000) { $0 < 900 ? $0 % 3 : $0 }
    #expect(many.map { $0 % 3 } == [0, 1, 2] && many.allSatisfy { $0 < 900 })
  }

  /// Elements are made only when they may be chosen.
  @Test func fewAreMade() {
    var selection = SheetSelection<Int>(.time, capacity: 10)
    var made = 0
    for number in 0..<100_000 {
      selection.offer(person: nil, confidence: nil) {
        made += 1
        return number
      }
    }
    #expect(made < 300)
    #expect(selection.chosen.count == 10)
  }
}
