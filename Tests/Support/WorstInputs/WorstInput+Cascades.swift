import FaceCascade

extension WorstInput {
  static let cascades: [WorstInput] = [
    cascade("attributes of one tag") { bytes("<opencv_storage ", $0, "/>") { "a\($0)=\"1\" " } },
    cascade("attribute types") {
      bytes("<!DOCTYPE a [<!ATTLIST a", $0, ">]><opencv_storage/>") { " a\($0) CDATA \"\"" }
    },
    cascade("entities") {
      bytes("<!DOCTYPE a [<!ENTITY a0 \"ha\">", $0, "]><a>&a1;</a>") {
        "<!ENTITY a\($0 + 1) \"&a\($0);&a\($0);\">"
      }
    },
    cascade("namespaces") {
      bytes("<opencv_storage>", $0, "</opencv_storage>") { "<a xmlns:b\($0)=\"c\"/>" }
    },
    cascade("names of attributes") {
      bytes("<opencv_storage>", $0, "</opencv_storage>") { "<a b\($0)=\"\" c\($0)=\"\"/>" }
    },
    cascade("names of instructions") { bytes("<opencv_storage>", $0, "</opencv_storage>") { "<?a\($0) ?>" } },
    cascade("names") { bytes("<opencv_storage>", $0, "</opencv_storage>") { "<a\($0 % 150)/>" } },
    cascade("characters by number") {
      bytes("<opencv_storage><a>", $0, "</a></opencv_storage>") { _ in "&#65;" }
    },
    cascade("comments") { bytes("<opencv_storage><a>", $0, "</a></opencv_storage>") { _ in "x<!---->" } },
    cascade("one comment") { bytes("<opencv_storage><!--", $0, "--></opencv_storage>") { _ in "- " } },
    cascade("one text") {
      bytes(head + "<stages><_><stageThreshold>", $0, "</stageThreshold></_></stages>" + foot) { _ in " 1" }
    },
    cascade("digits") {
      bytes(head + "<stages><_><stageThreshold>", $0, "</stageThreshold></_></stages>" + foot) { _ in "1" }
    },
    cascade("stumps") { count in
      let features = "</weakClassifiers></_></stages><features>" + feature + "</features>" + foot
      let start = head + "<stages><_><stageThreshold>1</stageThreshold><weakClassifiers>"
      return bytes(start, count, features) { _ in
        "<_><internalNodes>0 -1 0 .1</internalNodes><leafValues>1 2</leafValues></_>"
      }
    },
    cascade("features") { count in
      let start =
        head + "<stages><_><stageThreshold>1</stageThreshold><weakClassifiers><_><internalNodes>0 -1 0 .1"
        + "</internalNodes><leafValues>1 2</leafValues></_></weakClassifiers></_></stages><features>"
      return bytes(start, count, "</features>" + foot) { _ in feature }
    },
  ]

  private static let head =
    "<opencv_storage><cascade type_id=\"opencv-cascade-classifier\"><stageType>BOOST</stageType><featureType>HAAR"
    + "</featureType><height>20</height><width>20</width><featureParams><maxCatCount>0</maxCatCount></featureParams>"
  private static let feature = "<_><rects><_>3 7 14 4 -1.</_><_>3 9 14 2 2.</_></rects></_>"
  private static let foot = "</cascade></opencv_storage>"

  private static func cascade(_ name: String, _ make: @escaping @Sendable (Int) -> [UInt8]) -> WorstInput {
    WorstInput(name: "cascade: " + name, make: make) { _ = try? Cascade(xml: $0, file: "worst.xml") }
  }
}
