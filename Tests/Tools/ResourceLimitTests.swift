import Foundation
import Testing

extension ToolTests {
  /// Small limits on stack and memory end a tool with a message, or let it work; never by a fault, never in silence.
  struct ResourceLimitTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try folder.write(Fixtures.stream, to: "in.fm")
    }

    /// Runs a command under a limit; every word is one of `exec`'s.
    private func run(_ limit: String, _ command: String) throws -> RunningPipe.Result {
      try folder.write("ulimit $1 $2\nshift 2\nexec \"$@\"\n", to: "limit.sh")
      return try folder.run("bash limit.sh \(limit) \(command)")
    }

    @Test(arguments: ["fm-decode", "fm-detect", "fm-classify", "fm-annotate", "fm-train"])
    func aSmallStack(_ tool: String) throws {
      let result = try run("-s 192", "\(tool) --version")
      #expect(result.status == 1)
      #expect(
        result.messages
          == "\(tool): the stack is too small: its limit is 192 KB, and 256 are needed (ulimit -s)\n")
      #expect(try run("-s 256", "\(tool) --version").isSuccess)
    }

    /// In the main thread, and in one that works on a frame.
    @Test(arguments: ["fm-classify --describe -m ferplus", "fm-detect -q --no-pixels -c small.xml in.fm"])
    func littleMemory(_ command: String) throws {
      try folder.write(Self.cascade, to: "small.xml")
      var failures = 0
      for megabytes in stride(from: 40, through: 160, by: 15) {
        let result = try run("-v \(megabytes << 10)", command)
        if result.isSuccess { continue }
        failures += 1
        // 127 is the loader's, for libraries that find no room.
        #expect([1, 127].contains(result.status), "\(megabytes) MB: \(result.status)")
        #expect(!result.messages.isEmpty, "\(megabytes) MB")
      }
      #expect(failures > 0)
    }

    private static let cascade =
      "<opencv_storage><cascade type_id=\"opencv-cascade-classifier\"><stageType>BOOST</stageType><featureType>HAAR"
      + "</featureType><height>9</height><width>8</width><featureParams><maxCatCount>0</maxCatCount></featureParams>"
      + "<stages><_><stageThreshold>9</stageThreshold><weakClassifiers><_><internalNodes>0 -1 0 .1</internalNodes>"
      + "<leafValues>1 2</leafValues></_></weakClassifiers></_></stages><features><_><rects><_>1 1 6 4 -1.</_>"
      + "<_>1 3 6 2 2.</_></rects></_></features></cascade></opencv_storage>"
  }
}
