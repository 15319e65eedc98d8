import FaceCascade
import FrameStream
import SystemIO

extension FuzzTarget {
  /// A cascade file; one that is accepted also searches a small picture, with every level the processor has, which must
  /// find the same.
  static let cascade = FuzzTarget(
    name: "cascade", words: CascadeSeeds.words, seeds: { CascadeSeeds.all.map { Array($0.utf8) } },
    run: { bytes in
      guard let cascade = try? Cascade(xml: Array(bytes), file: "fuzz.xml") else { return }
      // More would make single inputs slow, and nothing else happens in a larger window.
      guard cascade.windowWidth <= 40, cascade.windowHeight <= 40, cascade.nodeCount <= 200 else { return }
      var expected: [Detection]?
      for level in SIMDLevel.allCases where level <= .best {
        guard let detector = try? CascadeDetector(cascade, options: options, level: level) else { return }
        let found = picture.withUnsafeBufferPointer {
          try? detector.detect(PlaneView($0.baseAddress!, width: side, height: side, stride: side))
        }
        guard let found else { return }
        precondition(expected == nil || expected! == found, "\(level) does not find the same")
        expected = found
      }
    })

  private static let side = 44
  private static let options = DetectionOptions(scaleFactor: 1.5, minNeighbors: 0)

  /// Blobs and edges, repeatable.
  private static let picture: [UInt8] = (0..<side * side).map { index in
    let (x, y) = (index % side, index / side)
    let wave = (x * x + 3 * y * y) / 16 + (x > 20 ? 90 : 0) + (y % 9 < 3 ? 60 : 0)
    return UInt8(truncatingIfNeeded: wave)
  }
}

/// Small valid cascades of every kind.
enum CascadeSeeds {
  static let all = [
    current(kind: "HAAR", nodes: "0 -1 0 0.01", leaves: "0.25 0.75", features: upright),
    current(
      kind: "HAAR", nodes: "1 0 0 0.01 -1 -2 1 -.02", leaves: "0.25 0.75 0.1", features: upright + three),
    current(
      kind: "HAAR", nodes: "1 2 0 0.01 -1 -2 1 -2e-2 0 -3 1 0", leaves: "0.25 0.75 0.1 1.",
      features: upright + three),
    current(kind: "HAAR", nodes: "0 -1 0 0.01", leaves: "0.25 0.75", features: tilted),
    current(kind: "HAAR", nodes: "0 -1 0 0.01", leaves: "0.25 0.75", features: fractions),
    current(kind: "LBP", nodes: "0 -1 0 " + words(1), leaves: "0.25 0.75", features: pattern),
    current(
      kind: "LBP", nodes: "1 0 0 " + words(1) + " -1 -2 0 " + words(7), leaves: "0.25 0.75 0.6",
      features: pattern),
    old(node: "<left_val>0.25</left_val><right_val>0.75</right_val>"),
    old(
      node: "<left_node>1</left_node><right_val>0.75</right_val>",
      then: "<left_val>0.5</left_val><right_val>-1.</right_val>"),
  ]

  static let words =
    """
    opencv_storage cascade type_id="opencv-cascade-classifier" type_id="opencv-haar-classifier" stageType BOOST
    featureType HAAR LBP height width stageParams maxWeakCount featureParams maxCatCount stageNum stages
    stageThreshold weakClassifiers internalNodes leafValues features rects rect tilted size trees feature threshold
    left_val right_val left_node right_node stage_threshold parent next <_> </_> < > </ /> <!-- --> <?xml
    <!DOCTYPE <!ENTITY <![CDATA[ ]]> &lt; &#48; nan inf 1e38 1e309 -1 0 2147483647 -2147483648 1001 65536 0x1p9
    encoding="UTF-16" encoding="ISO-8859-1" version="1.0" xmlns: xml:space
    """
    .split { $0 == " " || $0 == "\n" }.map(String.init)

  private static func words(_ seed: Int) -> String {
    (0..<8).map { "\(Int32(truncatingIfNeeded: (seed + $0) &* 0x9E37_79B9))" }.joined(separator: " ")
  }

  private static let upright = "<_><rects><_>1 1 6 4 -1.</_><_>1 3 6 2 2.</_></rects><tilted>0</tilted></_>"
  private static let three =
    "<_><rects><_>0 0 8 8 -1.</_><_>0 0 4 4 2.</_><_>4 4 4 4 2.</_></rects><tilted>0</tilted></_>"
  private static let fractions = "<_><rects><_>1 1 6 4 -.3</_><_>2 3 5 2 1.7</_></rects></_>"
  private static let tilted = "<_><rects><_>4 1 3 3 -1.</_><_>4 2 2 2 2.</_></rects><tilted>1</tilted></_>"
  private static let pattern = "<_><rect>1 1 2 2</rect></_>"

  private static func current(kind: String, nodes: String, leaves: String, features: String) -> String {
    """
    <?xml version="1.0"?>
    <opencv_storage><cascade type_id="opencv-cascade-classifier"><stageType>BOOST</stageType>
    <featureType>\(kind)</featureType><height>9</height><width>8</width>
    <featureParams><maxCatCount>\(kind == "LBP" ? 256 : 0)</maxCatCount></featureParams><stageNum>2</stageNum>
    <stages><_><maxWeakCount>1</maxWeakCount><stageThreshold>0.5</stageThreshold><weakClassifiers>
    <_><internalNodes>\(nodes)</internalNodes><leafValues>\(leaves)</leafValues></_></weakClassifiers></_>
    <_><stageThreshold>0.1</stageThreshold><weakClassifiers>
    <_><internalNodes>\(nodes)</internalNodes><leafValues>\(leaves)</leafValues></_></weakClassifiers></_></stages>
    <features>\(features)</features></cascade></opencv_storage>

    """
  }

  private static func old(node: String, then second: String? = nil) -> String {
    let feature = "<feature>" + upright.dropFirst(3).dropLast(4) + "</feature><threshold>0.01</threshold>"
    let nodes = [node, second].compactMap { $0 }.map { "<_>\(feature)\($0)</_>" }.joined()
    return """
      <?xml version="1.0"?>
      <opencv_storage><old type_id="opencv-haar-classifier"><size>8 9</size>
      <stages><_><trees><_>\(nodes)</_></trees><stage_threshold>0.1</stage_threshold><parent>-1</parent>
      <next>-1</next></_></stages></old></opencv_storage>

      """
  }
}
