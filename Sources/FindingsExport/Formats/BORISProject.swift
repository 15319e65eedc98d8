import ExpressionPalette
import FrameStream
import SystemIO

/// `boris`: a project of BORIS with one observation: people are its subjects, expressions its behaviors, each with a start
/// and an end.
final class BORISProject: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  func finish(_ findings: Findings) throws(Failure) {
    let source = findings.streams.first?.source ?? ""
    var json = JSONWriter()
    json.object { json in
      json.field("time_format", "hh:mm:ss")
      json.field("project_date", "1970-01-01T00:00:00")
      json.field("project_name", findings.streams.first?.fileName ?? "")
      json.field("project_description", "Written by " + options.generator)
      json.field("project_format_version", "7.0")
      json.key("subjects_conf")
      json.object { json in
        for (index, person) in findings.persons.enumerated() {
          json.key("\(index)")
          json.object { json in
            json.field("key", "")
            json.field("name", BORISEvents.subject(person))
            json.field("description", "")
          }
        }
      }
      json.key("behaviors_conf")
      json.object { json in
        for (index, name) in BORISEvents.behaviors(findings).enumerated() {
          json.key("\(index)")
          json.object { json in
            json.field("type", "State event")
            json.field("key", "")
            json.field("code", name)
            json.field("description", "")
            json.field("color", Self.color(name, index))
            json.field("category", "")
            json.field("modifiers", "")
            json.field("excluded", "")
            json.field("coding map", "")
          }
        }
      }
      json.key("observations")
      json.object { json in
        json.key("findings")
        Self.observation(findings, source, to: &json)
      }
      for key in ["behavioral_categories", "behaviors_coding_map"] {
        json.key(key)
        json.array { _ in }
      }
      for key in ["independent_variables", "coding_map", "converters"] {
        json.key(key)
        json.object { _ in }
      }
    }
    try output.write(json.bytes)
    try output.write("\n")
  }

  private static func observation(_ findings: Findings, _ source: String, to json: inout JSONWriter) {
    json.object { json in
      json.key("file")
      json.object { json in
        for player in 1...8 {
          json.key("\(player)")
          json.array { json in if player == 1 { json.value(source) } }
        }
      }
      json.field("type", "MEDIA")
      json.field("date", "1970-01-01T00:00:00")
      json.field("description", "")
      json.field("time offset", 0.0)
      json.key("observation time interval")
      json.array { json in
        json.value(0)
        json.value(0)
      }
      json.key("independent_variables")
      json.object { _ in }
      for key in ["visualize_spectrogram", "visualize_waveform", "close_behaviors_between_videos"] {
        json.field(key, false)
      }
      json.key("media_info")
      json.object { json in
        func perFile(_ key: String, _ value: (inout JSONWriter) -> Void) {
          json.key(key)
          json.object { json in
            json.key(source)
            value(&json)
          }
        }
        perFile("length") { $0.value(findings.end) }
        perFile("fps") { $0.value(findings.frameRate.value) }
        perFile("hasVideo") { $0.value(true) }
        perFile("hasAudio") { $0.value(false) }
        json.key("offset")
        json.object { $0.field("1", 0.0) }
      }
      json.key("events")
      json.array { json in
        for event in BORISEvents.events(findings) {
          json.array { json in
            json.value(event.time)
            json.value(BORISEvents.subject(findings.persons[event.person]))
            json.value(event.behavior)
            json.value("")
            json.value("")
            json.value(event.frame)
          }
        }
      }
    }
  }

  private static func color(_ name: String, _ index: Int) -> String {
    let digits = String(ExpressionPalette.color(of: name, classIndex: index), radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }
}
