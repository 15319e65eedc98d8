import FaceCascade
import FaceNetwork
import FilterTool
import FrameStream
import Glibc
import SystemIO

extension Detect: FactSource {
  static func facts() -> [(key: String, value: JSONValue)] {
    func variable(_ name: String) -> String? { getenv(name).map { FileName.text($0) } }
    let cascades = CascadeLocations(searchPath: variable("FM_CASCADE_PATH")).all()
    var places: [(folder: String, count: Int)] = []
    for folder in cascades.compactMap({ FilePath.folder(of: $0) }) {
      if places.last?.folder == folder {
        places[places.count - 1].count += 1
      } else {
        places.append((folder, 1))
      }
    }
    let networks = DetectorLocations(searchPath: variable("FM_DETECTOR_PATH")).names()
    return [
      ("cascades", .array(places.map { .string("\($0.count) in \($0.folder)") })),
      ("detectors", .array(networks.map { .string($0) })),
    ]
  }
}
