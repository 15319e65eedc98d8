import FaceNetwork
import FrameStream
import NetworkModel
import SystemIO

/// A detector as a model file: the network, and in `fm.json` what its map means, how it was trained, and with what.
struct DetectorModelFile {
  var description: DetectorDescription
  var history: [DetectorRecord] = []
  /// The program's name and version; nil for a network in training.
  var version: String?
  var settings: DetectorSettings?
  /// How many crops it was trained with.
  var crops = 0
  /// How many backgrounds.
  var backgrounds = 0
  var data = ""

  /// Nothing in it depends on when or how fast it was made: the same training gives the same bytes.
  /// - Throws: ``Failure`` if a number is not finite.
  func file(_ graph: ModelGraph) throws(Failure) -> ModelFile {
    var information = ModelInformation()
    information.preprocessing = DetectorArchitecture.preprocessing
    var parts: [(key: String, write: (inout JSONWriter) -> Void)] = [
      (DetectorDescription.key, { description.write(to: &$0) })
    ]
    if let version, let settings {
      parts.append(
        (
          "history",
          { json in
            json.array { list in
              for record in history { list.object { record.writeFields(to: &$0, withTimes: false) } }
            }
          }
        ))
      parts.append(
        (
          "provenance",
          { json in
            json.object { object in
              object.field("version", version)
              object.field("epochs", history.count)
              object.key("pictures")
              object.object {
                $0.field("crops", crops)
                $0.field("backgrounds", backgrounds)
              }
              object.field("data", data)
              object.key("settings")
              settings.write(to: &object)
            }
          }
        ))
    }
    for (key, write) in parts {
      var writer = JSONWriter()
      write(&writer)
      information.others.append((key, try JSONValue(JSONText(parsing: writer.bytes))))
    }
    return ModelFile(graph: graph, information: information)
  }
}
