import FilterTool
import Foundation
import SystemIO
import Testing

/// No output destroys another one or what is read, whatever names they have.
struct FilePlacesTests {
  private func isRefused(_ claim: () throws(Failure) -> Void) -> Bool {
    do throws(Failure) { try claim() } catch { return error.kind == .usage }
    return false
  }

  @Test func spellingsOfOneName() throws {
    let folder = NSTemporaryDirectory() + "fm-places-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/a.csv"))
    try FileManager.default.createSymbolicLink(atPath: folder + "/link.csv", withDestinationPath: "a.csv")
    try FileManager.default.createSymbolicLink(atPath: folder + "/other", withDestinationPath: "in")
    for (first, second, isSame) in [
      ("a.csv", "a.csv", true), ("a.csv", "./a.csv", true), ("a.csv", "in/../a.csv", true),
      ("a.csv", "link.csv", true), ("link.csv", ".//a.csv", true), ("a.csv", "b.csv", false),
      // Those that are not there yet.
      ("new.csv", "./new.csv", true), ("in/new.csv", "other/new.csv", true), ("in/a.csv", "a.csv", false),
      ("none/a.csv", "none/./a.csv", false),
    ] {
      let (first, second) = (folder + "/" + first, folder + "/" + second)
      let outputs = FilePlaces()
      try outputs.claim(output: first)
      #expect(isRefused { () throws(Failure) in try outputs.claim(output: second) } == isSame, "\(second)")
      let input = FilePlaces()
      try input.claim(input: first)
      try input.claim(input: first)
      #expect(isRefused { () throws(Failure) in try input.claim(output: second) } == isSame, "\(second)")
      // An input that is opened after the output.
      let late = FilePlaces()
      try late.claim(output: first)
      #expect(isRefused { () throws(Failure) in try late.claim(input: second) } == isSame, "\(second)")
    }
  }

  @Test func devicesAndStandardOutput() throws {
    let places = FilePlaces()
    for _ in 0..<2 { try places.claim(output: "/dev/null") }
    try places.claim(input: "/dev/null")
    try places.claim(output: "-")
    #expect(isRefused { () throws(Failure) in try places.claim(output: "/dev/stdout") })
  }
}
