import FaceCascade
import FaceNetwork
import FilterTool
import FrameStream
import SystemIO

extension Detect: FactSource {
  static func facts() -> [(key: String, value: JSONValue)] {
    let cascades = CascadeLocations.environment.all()
    var places: [(folder: String, count: Int)] = []
    for folder in cascades.compactMap({ FilePath.folder(of: $0) }) {
      if places.last?.folder == folder {
        places[places.count - 1].count += 1
      } else {
        places.append((folder, 1))
      }
    }
    let networks = DetectorLocations.environment.names()
    return [
      ("cascades", .array(places.map { .string("\($0.count) in \($0.folder)") })),
      ("detectors", .array(networks.map { .string($0) })),
    ]
  }
}
