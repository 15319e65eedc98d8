import FaceCascade
import Foundation
import SystemIO
import Testing

@Suite struct CascadeLocationsTests {
  @Test func searchPathComesFirst() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fm-cascades-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data().write(to: folder.appending(path: "haarcascade_mine.xml"))
    let locations = CascadeLocations(searchPath: "/nowhere::\(folder.path)")
    #expect(locations.folders.prefix(2) == ["/nowhere", folder.path])
    let file = "\(folder.path)/haarcascade_mine.xml"
    for name in ["mine", "mine.xml", "haarcascade_mine", "haarcascade_mine.xml", file] {
      #expect(try locations.find(name) == file)
    }
    #expect(locations.all().first == file)
    let failure = try #require(throws: Failure.self) { try locations.find("other") }
    #expect(failure.description.contains(folder.path))
    #expect(failure.description.contains("opencv-data"))
  }

  @Test func pathsAreTakenAsTheyAre() throws {
    #expect(try CascadeLocations().find("./absent.xml") == "./absent.xml")
    #expect(throws: Failure.self) { try CascadeLocations().find("") }
  }
}
