import Foundation
import Testing

@testable import FilterTool

/// The files that a completion offers.
struct FilesToCompleteTests {
  @Test func filesOfAKindAndFoldersAreOffered() throws {
    let folder = NSTemporaryDirectory() + "completion-\(UUID().uuidString)/"
    let files = FileManager.default
    try files.createDirectory(atPath: folder + "models/.cache", withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    for name in ["model.keras", "model.txt", "other.h5", ".hidden.keras", "models/a.keras"] {
      _ = files.createFile(atPath: folder + name, contents: nil)
    }
    func offered(_ prefix: String, marksFolders: Bool = true) -> [String] {
      filesToComplete(folder + prefix, ["keras", "h5"], marksFolders: marksFolders).map {
        String($0.dropFirst(folder.count))
      }
    }
    #expect(offered("") == ["model.keras", "models/", "other.h5"])
    #expect(offered("mo", marksFolders: false) == ["model.keras", "models"])
    #expect(offered("models/") == ["models/a.keras"])
    #expect(offered("models/.") == ["models/.cache/"])
    #expect(offered(".") == [".hidden.keras"])
    #expect(offered("none/") == [])
  }
}
