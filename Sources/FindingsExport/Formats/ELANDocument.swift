import FrameStream
import SystemIO

/// `eaf`: an annotation document of ELAN 3.0: a tier for each person, an annotation for each run. Times are whole
/// milliseconds.
final class ELANDocument: FindingsWriter {
  private let output: TextOutput
  private let options: ExportOptions
  private var leftOut = 0

  init(_ output: TextOutput, _ options: ExportOptions) {
    self.output = output
    self.options = options
  }

  var remarks: [String] {
    leftOut > 0 ? ["\(leftOut) runs are shorter than a millisecond, and left out"] : []
  }

  func finish(_ findings: Findings) throws(Failure) {
    var runs = findings.intervals()
    leftOut = runs.count
    // Borders within a millisecond would make an empty annotation.
    runs.removeAll { ClockText.milliseconds($0.end) <= ClockText.milliseconds($0.start) }
    leftOut -= runs.count
    let source = findings.streams.first?.source ?? ""
    let address = MarkupText.escaped(source.hasPrefix("/") ? "file://" + source : source)
    let relative = MarkupText.escaped("./" + (findings.streams.first?.fileName ?? ""))
    // A date of today would make two exports of the same findings differ.
    try output.write(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ANNOTATION_DOCUMENT AUTHOR="\(MarkupText.escaped(options.generator))" DATE="1970-01-01T00:00:00+00:00" \
      FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
      xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
        <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
          <MEDIA_DESCRIPTOR MEDIA_URL="\(address)" MIME_TYPE="\(Self.mediaType(source))" RELATIVE_MEDIA_URL="\(relative)"/>
          <PROPERTY NAME="lastUsedAnnotationId">\(runs.count)</PROPERTY>
        </HEADER>
        <TIME_ORDER>

      """)
    // Time slots in the order of time: each run's start and end.
    var times: [(time: Int, slot: Int)] = []
    times.reserveCapacity(2 * runs.count)
    for (index, run) in runs.enumerated() {
      times.append((ClockText.milliseconds(run.start), 2 * index + 1))
      times.append((ClockText.milliseconds(run.end), 2 * index + 2))
    }
    times.sort { ($0.time, $0.slot) < ($1.time, $1.slot) }
    for time in times {
      try output.write("    <TIME_SLOT TIME_SLOT_ID=\"ts\(time.slot)\" TIME_VALUE=\"\(time.time)\"/>\n")
    }
    try output.write("  </TIME_ORDER>\n")
    times = []
    // The runs of each person in turn, which stay in the order of time.
    let order = runs.indices.sorted { (runs[$0].person, $0) < (runs[$1].person, $1) }
    var next = order.startIndex
    for (place, person) in findings.persons.enumerated() {
      try output.write(
        "  <TIER LINGUISTIC_TYPE_REF=\"expression\" PARTICIPANT=\"\(person.number)\" TIER_ID=\"person \(person.number)\">\n"
      )
      while next < order.endIndex, Int(runs[order[next]].person) == place {
        let index = order[next]
        let name = MarkupText.escaped(findings.className(runs[index]) ?? "")
        try output.write(
          """
              <ANNOTATION>
                <ALIGNABLE_ANNOTATION ANNOTATION_ID="a\(index + 1)" TIME_SLOT_REF1="ts\(2 * index + 1)" \
          TIME_SLOT_REF2="ts\(2 * index + 2)">
                  <ANNOTATION_VALUE>\(name)</ANNOTATION_VALUE>
                </ALIGNABLE_ANNOTATION>
              </ANNOTATION>

          """)
        next += 1
      }
      try output.write("  </TIER>\n")
    }
    try output.write(
      """
        <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="expression" TIME_ALIGNABLE="true"/>
        <CONSTRAINT DESCRIPTION="Time subdivision of parent annotation's time interval, no time gaps allowed within this \
      interval" STEREOTYPE="Time_Subdivision"/>
        <CONSTRAINT DESCRIPTION="Symbolic subdivision of a parent annotation. Annotations refering to the same parent are \
      ordered" STEREOTYPE="Symbolic_Subdivision"/>
        <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" STEREOTYPE="Symbolic_Association"/>
        <CONSTRAINT DESCRIPTION="Time alignable annotations within the parent annotation's time interval, gaps are allowed" \
      STEREOTYPE="Included_In"/>
      </ANNOTATION_DOCUMENT>

      """)
  }

  private static func mediaType(_ name: String) -> String {
    switch FilePath.fileExtension(name) {
    case "mp4", "m4v": "video/mp4"
    case "mov", "qt": "video/quicktime"
    case "mpg", "mpeg": "video/mpeg"
    default: "video/*"
    }
  }
}
