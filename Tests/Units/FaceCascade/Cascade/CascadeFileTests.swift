import CascadePictures
import SeededNoise
import SystemIO
import Testing

@testable import FaceCascade

@Suite struct CascadeFileTests {
  private func load(_ text: CascadeText) throws -> Cascade {
    try Cascade(xml: text.bytes, file: "made.xml")
  }

  @Test func smallestHaar() throws {
    let cascade = try load(CascadeText())
    #expect(cascade.featureKind == .haar)
    #expect(cascade.windowWidth == 20 && cascade.windowHeight == 20)
    #expect(cascade.stages == [.init(firstTree: 0, treeCount: 1, threshold: Float(0.5) - 1e-5)])
    #expect(cascade.nodes == [.init(left: 0, right: -1, feature: 0, threshold: 0.01)])
    #expect(cascade.leaves == [0.25, 0.75])
    #expect(cascade.haarFeatures[0].rectangles[1] == .init(x: 3, y: 9, width: 14, height: 2, weight: 2))
    #expect(!cascade.hasTilted)
  }

  /// OpenCV goes by what is in a file, where that has no type.
  @Test func anyNameWithoutType() throws {
    let cascade = try load(
      .with {
        $0.open = "<opencv_storage><mine>"
        $0.close = "</mine></opencv_storage>"
      })
    #expect(cascade.stages.count == 1)
  }

  @Test func smallestLBP() throws {
    let cascade = try load(.lbp())
    #expect(cascade.featureKind == .lbp)
    #expect(cascade.subsets == [0xFFFF_FFFF, 0x7FFF_FFFF, 0, 0x8000_0000, 5, 6, 7, 8])
    #expect(cascade.lbpFeatures == [.init(x: 1, y: 2, width: 3, height: 4)])
  }

  @Test func treesAndTilted() throws {
    let cascade = try load(
      .with {
        $0.internalNodes = "<internalNodes>2 1 0 0.1 0 -1 0 0.2\n -2 -3 0 -0.3</internalNodes>"
        $0.leafValues = "<leafValues>1 2 3 4</leafValues>"
        $0.features =
          "<features><_><rects><_>8 0 2 3 -1</_></rects><tilted>1</tilted></_></features>"
      })
    #expect(cascade.largestTree == 3)
    #expect(cascade.hasTilted)
  }

  @Test func numbersAsElementsAndExponents() throws {
    let cascade = try load(
      .with {
        $0.internalNodes = "<internalNodes><_>0</_><_>-1</_><_>0</_><_>1.5e-002</_></internalNodes>"
        $0.leafValues = "<leafValues>\n .5\t1.</leafValues>"
      })
    #expect(cascade.nodes[0].threshold == 0.015)
    #expect(cascade.leaves == [0.5, 1])
  }

  @Test func oldLayout() throws {
    let text = """
      <opencv_storage><mine type_id="opencv-haar-classifier"><size>\n 22 18</size><stages><_><trees>
      <_><!-- tree 0 --><_><feature><rects><_>2 3 4 6 -1.</_><_>2 5 4 2 3.</_></rects><tilted>0</tilted></feature>
      <threshold>1.5e-002</threshold><left_node>1</left_node><right_val>2.</right_val></_>
      <_><feature><rects><_>8 0 2 3 -1.</_></rects><tilted>1</tilted></feature>
      <threshold>-1</threshold><left_val>3</left_val><right_val>4</right_val></_></_></trees>
      <stage_threshold>-5.</stage_threshold><parent>-1</parent><next>-1</next></_></stages></mine></opencv_storage>
      """
    let cascade = try Cascade(xml: Array(text.utf8), file: "old.xml")
    #expect(cascade.windowWidth == 22 && cascade.windowHeight == 18)
    #expect(
      cascade.nodes == [
        .init(left: 1, right: 0, feature: 0, threshold: 0.015),
        .init(left: -1, right: -2, feature: 1, threshold: -1),
      ])
    #expect(cascade.leaves == [2, 3, 4])
    #expect(cascade.haarFeatures.map(\.tilted) == [false, true])
    #expect(cascade.stages[0].threshold == Float(-5) - 1e-5)
  }

  /// What is wrong, the line that the message must name, and a word of it.
  static let refused: [(String, CascadeText, Int, String)] = [
    (
      "not OpenCV's",
      .with {
        $0.open = "<svg>"
        $0.close = "</svg>"
      }, 2, "opencv_storage"
    ),
    (
      "other content",
      .with {
        $0.open = "<opencv_storage><m type_id=\"opencv-matrix\">"
        $0.close = "</m></opencv_storage>"
      }, 2, "<m>"
    ),
    ("stage type", .with { $0.stageType = "<stageType>NONE</stageType>" }, 3, "NONE"),
    ("HOG", .with { $0.featureType = "<featureType>HOG</featureType>" }, 4, "HOG"),
    ("no feature type", .with { $0.featureType = "" }, 2, "featureType"),
    ("no height", .with { $0.height = "" }, 2, "height"),
    ("zero height", .with { $0.height = "<height>0</height>" }, 5, "height"),
    ("huge width", .with { $0.width = "<width>99999999999999999999</width>" }, 6, "width"),
    ("broken width", .with { $0.width = "<width>20.5</width>" }, 6, "width"),
    ("two widths", .with { $0.width = "<width>20 20</width>" }, 6, "width"),
    ("word for width", .with { $0.width = "<width>wide</width>" }, 6, "\"wide\""),
    ("no parameters", .with { $0.featureParams = "" }, 2, "featureParams"),
    (
      "categories",
      .with { $0.featureParams = "<featureParams><maxCatCount>256</maxCatCount></featureParams>" }, 7,
      "maxCatCount"
    ),
    ("stage count", .with { $0.stageNum = "<stageNum>2</stageNum>" }, 8, "stageNum"),
    ("no stages", .with { $0.stages = "<stages></stages>" }, 9, "stages"),
    ("stages missing", .with { $0.stages = "" }, 2, "stages"),
    ("NaN stage threshold", .with { $0.stageThreshold = "<stageThreshold>nan</stageThreshold>" }, 10, "nan"),
    (
      "inf stage threshold", .with { $0.stageThreshold = "<stageThreshold>1e999</stageThreshold>" }, 10,
      "1e999"
    ),
    (
      "big stage threshold", .with { $0.stageThreshold = "<stageThreshold>1e99</stageThreshold>" }, 9, "large"
    ),
    ("NaN", .with { $0.internalNodes = "<internalNodes>0 -1 0 NaN</internalNodes>" }, 11, "NaN"),
    ("no nodes", .with { $0.internalNodes = "<internalNodes/>" }, 11, "multiple"),
    ("odd node", .with { $0.internalNodes = "<internalNodes>0 -1 0</internalNodes>" }, 11, "multiple"),
    ("feature", .with { $0.internalNodes = "<internalNodes>0 -1 1 0</internalNodes>" }, 11, "feature 1"),
    (
      "minus feature", .with { $0.internalNodes = "<internalNodes>0 -1 -1 0</internalNodes>" }, 11,
      "feature -1"
    ),
    ("leaf", .with { $0.internalNodes = "<internalNodes>0 -2 0 0</internalNodes>" }, 11, "leaf 2"),
    (
      "child", .with { $0.internalNodes = "<internalNodes>0 1 0 0</internalNodes>" }, 11, "child 1"
    ),
    (
      "circle",
      .with {
        $0.internalNodes = "<internalNodes>1 0 0 0 1 -1 0 0</internalNodes>"
        $0.leafValues = "<leafValues>1 2 3</leafValues>"
      }, 11, "child 1"
    ),
    (
      "lost node",
      .with {
        $0.internalNodes = "<internalNodes>0 -1 0 0 -1 -2 0 0</internalNodes>"
        $0.leafValues = "<leafValues>1 2 3</leafValues>"
      }, 11, "leads to node 1"
    ),
    ("leaves", .with { $0.leafValues = "<leafValues>0.25</leafValues>" }, 11, "leaves"),
    ("big leaf", .with { $0.leafValues = "<leafValues>1 1e39</leafValues>" }, 12, "leaf"),
    ("no features", .with { $0.features = "<features/>" }, 11, "feature 0 of 0"),
    ("features missing", .with { $0.features = "" }, 2, "features"),
    ("outside", .with { $0.features = rectangles("3 7 18 4 -1") }, 13, "inside"),
    ("below", .with { $0.features = rectangles("3 7 1 14 -1") }, 13, "inside"),
    ("negative", .with { $0.features = rectangles("-3 7 1 1 -1") }, 13, "inside"),
    ("overflow", .with { $0.features = rectangles("9e18 7 9e18 1 -1") }, 13, "inside"),
    ("tilted outside", .with { $0.features = rectangles("3 0 2 4 -1", "<tilted>1</tilted>") }, 13, "inside"),
    ("short rectangle", .with { $0.features = rectangles("3 7 1 1") }, 13, "found 4"),
    ("no rectangles", .with { $0.features = "<features><_><rects/></_></features>" }, 13, "1 to 3"),
    ("LBP outside", .lbp { $0.features = "<features><_><rect>1 2 7 4</rect></_></features>" }, 13, "inside"),
    (
      "LBP word",
      .lbp { $0.internalNodes = "<internalNodes>0 -1 0 1 2 3 4 5 6 7 4294967296</internalNodes>" }, 11,
      "word 7"
    ),
    ("truncated", .with { $0.close = "" }, 15, ""),
    ("wrong end", .with { $0.close = "</opencv_storage>" }, 14, "mismatch"),
    ("rubbish", .with { $0.prologue = "GIF89a" }, 1, ""),
    (
      "old layout without size",
      .with {
        $0.open = "<opencv_storage><a type_id=\"opencv-haar-classifier\">"
        $0.close = "</a></opencv_storage>"
      }, 2, "size"
    ),
  ]

  private static func rectangles(_ text: String, _ more: String = "") -> String {
    "<features><_><rects><_>\(text)</_></rects>\(more)</_></features>"
  }

  @Test(arguments: refused.indices) func refusedWithLine(index: Int) throws {
    let (name, text, line, word) = Self.refused[index]
    let failure = try #require(throws: Failure.self, "\(name)") { try load(text) }
    #expect(failure.kind == .badInput, "\(name): \(failure)")
    #expect(failure.subject == "made.xml:\(line)", "\(name): \(failure)")
    #expect(word.isEmpty || failure.cause.contains(word), "\(name): \(failure)")
  }

  @Test func entitiesAreRefused() throws {
    var laughs = "<!DOCTYPE l [<!ENTITY a \"ha\">"
    for (name, other) in zip("bcdefghij", "abcdefghi") {
      laughs += "<!ENTITY \(name) \"" + String(repeating: "&\(other);", count: 10) + "\">"
    }
    laughs += "]>"
    for width in ["<width>&j;</width>", "<width a=\"&j;\">20</width>", "<width>20</width>"] {
      var text = CascadeText()
      text.prologue = laughs
      text.width = width
      let failure = try #require(throws: Failure.self) { try load(text) }
      #expect(failure.kind == .badInput)
    }
    let external = "<!DOCTYPE l SYSTEM \"http://localhost/l.dtd\" [<!ENTITY x SYSTEM \"/etc/passwd\">]>"
    let failure = try #require(throws: Failure.self) {
      try load(
        .with {
          $0.prologue = external
          $0.width = "<width>&x;</width>"
        })
    }
    #expect(failure.kind == .badInput && !failure.cause.contains("root"))
  }

  @Test func nestedToDeath() throws {
    let deep = String(repeating: "<_>\n", count: 100_000)
    let failure = try #require(throws: Failure.self) { try load(.with { $0.features = deep }) }
    #expect(failure.kind == .badInput)
    #expect(failure.cause.contains("deep"))
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = CascadeText().bytes
    let whole = String(decoding: bytes, as: UTF8.self).utf8.count - 2
    for count in 0..<whole {
      let failure = try #require(throws: Failure.self) {
        try Cascade(xml: Array(bytes[0..<count]), file: "made.xml")
      }
      #expect(failure.kind == .badInput)
    }
  }

  /// Files with some bytes or numbers changed: an error or a cascade that runs, on every level.
  @Test func damagedFiles() throws {
    let trees = CascadeText.with {
      $0.internalNodes = "<internalNodes>2 1 0 0.1 0 -1 0 0.2\n -2 -3 1 -0.3</internalNodes>"
      $0.leafValues = "<leafValues>1 2 3 4</leafValues>"
      $0.features = """
        <features><_><rects><_>8 0 2 3 -1</_><_>9 3 1 3 2.5</_></rects><tilted>1</tilted></_>
        <_><rects><_>0 0 20 20 -1.</_><_>5 5 4 4 9.</_></rects></_></features>
        """
    }
    let numbers = [
      "0", "-1", "1", "7", "20", "1e30", "-1e38", "1e-40", "255", "1000", "999999", "-0", "2147483647",
    ]
    var random = Noise(48)
    let pixels = (0..<64 * 48).map { _ in UInt8.random(in: 0...255, using: &random) }
    let picture = Picture(width: 64, height: 48, bytes: pixels)
    let sources = [CascadeText().bytes, trees.bytes, CascadeText.lbp().bytes]
    var (loaded, refused) = (0, 0)
    for round in 0..<6000 {
      var bytes = sources[round % sources.count]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        if round % 2 == 0 {
          bytes[bytes.indices.randomElement(using: &random)!] = UInt8.random(in: 0...255, using: &random)
        } else {
          let digits = bytes.indices.filter { bytes[$0] >= 0x30 && bytes[$0] <= 0x39 }
          guard let start = digits.randomElement(using: &random) else { continue }
          bytes.replaceSubrange(start...start, with: Array(numbers.randomElement(using: &random)!.utf8))
        }
      }
      do {
        let cascade = try Cascade(xml: bytes, file: "damaged.xml")
        loaded += 1
        let options = DetectionOptions(scaleFactor: 1.5, minNeighbors: 0)
        let found = try SIMDLevel.allCases.filter { $0 <= .best }.map { level in
          let detector = try CascadeDetector(cascade, options: options, level: level)
          return try picture.withPlane { try detector.detect($0) }
        }
        #expect(found.allSatisfy { $0 == found[0] }, "\(String(decoding: bytes, as: UTF8.self))")
      } catch let failure as Failure {
        #expect(failure.kind == .badInput)
        refused += 1
      }
    }
    #expect(loaded > 0 && refused > 0)
  }

  @Test func absentFileAndFolder() throws {
    let absent = try #require(throws: Failure.self) { try Cascade(contentsOf: "/nowhere/a.xml") }
    #expect(absent.kind == .inputOutput && absent.subject == "/nowhere/a.xml")
    let folder = try #require(throws: Failure.self) { try Cascade(contentsOf: "/") }
    #expect(folder.kind == .inputOutput)
  }
}
