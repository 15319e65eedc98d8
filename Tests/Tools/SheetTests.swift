import Foundation
import Testing

extension ToolTests {
  /// What fm-annotate makes besides films: sheets, crops and a window.
  @Suite(.enabled(if: Fixtures.hasPortrait))
  struct SheetTests {
    let folder: ToolFolder

    init() throws {
      folder = try ToolFolder()
      try folder.succeed(
        "fm-decode --label happy \(Fixtures.face) | fm-detect | fm-classify | fm-track -o found.fm")
    }

    @Test func sheetsOfFacesAndFrames() throws {
      for options in [
        "", " --sheet-order confidence", " --sheet-order person", " --sheet-of frames", " --sheet-every 0.2",
        " --sheet-of frames --no-boxes --no-labels",
      ] {
        let result = try folder.run("fm-annotate --sheet 3x2\(options) -o sheet.png found.fm")
        #expect(result.isSuccess, "\(options): \(result.messages)")
        let size = try Media.entry("width,height", of: "v:0", "sheet.png", in: folder)
        #expect(size.hasPrefix("6"), "\(options): \(size)")
        unlink(folder["sheet.png"])
      }
      for (options, words) in [
        ("--sheet 2x2 --sheet-order person -o s-%d.png", "one without %d"),
        ("--sheet-of frames -o s.png", "need --sheet"), ("--sheet 2x2 --crops -o s-%d.png", "exclude"),
        ("--sheet 2x2 --sheet-every 0 -o s.png", "more than 0"), ("--sheet 2x2 --view", "--view"),
      ] {
        let result = try folder.run("fm-annotate \(options) found.fm")
        #expect(result.status == 64 && result.messages.contains(words), "\(options): \(result.messages)")
      }
    }

    /// fm-train reads the table; a face beside the picture is left out of it.
    @Test func cropsWithATable() throws {
      try FileManager.default.createDirectory(atPath: folder["faces"], withIntermediateDirectories: true)
      let result = try folder.run("fm-annotate --crops --size 48 --margin 0.1 -o faces/%03d.png found.fm")
      #expect(result.isSuccess, "\(result.messages)")
      let lines = String(decoding: folder.data("faces/manifest.csv"), as: UTF8.self).split(separator: "\n")
      #expect(
        lines[0] == "filename,label,source,frame,time,id,x,y,width,height,expression,confidence")
      let fields = lines[1].split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields[0] == "001.png" && fields[1] == "happy" && fields[2] == "face.mkv" && fields[5] == "1")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder["faces"]).filter {
        $0.hasSuffix(".png")
      }
      #expect(names.count == lines.count - 1 && names.count >= 15)
      #expect(try Media.entry("width,height", of: "v:0", "faces/001.png", in: folder) == "48,48")
      // Of another class, so that there are two.
      let mixed = lines.enumerated().map {
        $0.offset % 2 == 1
          ? $0.element.replacingOccurrences(of: ",happy,face", with: ",sad,face") : String($0.element)
      }
      try folder.write(mixed.joined(separator: "\n") + "\n", to: "faces/manifest.csv")
      let training = try folder.run(
        "fm-train own.keras faces --manifest faces/manifest.csv --architecture compact --epochs 1"
      )
      #expect(training.isSuccess, "\(training.messages)")
      for (options, status, words) in [
        ("--crops -o one.png found.fm", 64, "numbered pictures"),
        ("--size 48 -o x.mkv found.fm", 64, "need --crops"),
        ("--crops --size 4 -o faces/%d.png found.fm", 64, "--size"),
        ("--crops --hide blur -o faces/%d.png found.fm", 64, "exclude"),
      ] {
        let result = try folder.run("fm-annotate \(options)")
        #expect(result.status == status && result.messages.contains(words), "\(options): \(result.messages)")
      }
    }

    /// A stand-in for the player keeps what it is shown.
    @Test func theResultIsShown() throws {
      let script =
        "#!/bin/sh\necho \"$@\" > '\(folder["arguments"])'\ncat > '\(folder["shown.mkv"])'\nexit ${VIEWER_STATUS:-0}\n"
      try FileManager.default.createDirectory(atPath: folder["bin"], withIntermediateDirectories: true)
      try folder.write(script, to: "bin/ffplay")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder["bin/ffplay"])
      let path = folder["bin"] + ":/usr/bin:/bin"
      let shown = try folder.run("fm-annotate --view found.fm", environment: ["PATH": path])
      #expect(shown.isSuccess, "\(shown.messages)")
      #expect(try Media.playableFrames("shown.mkv", in: folder) == 20)
      #expect(String(decoding: folder.data("arguments"), as: UTF8.self).contains("-fflags nobuffer"))
      let failed = try folder.run(
        "fm-annotate --view found.fm", environment: ["PATH": path, "VIEWER_STATUS": "3"])
      #expect(failed.status == 1 && failed.messages.contains("it ended with status 3"), "\(failed.messages)")
      let none = try folder.run("fm-annotate --view found.fm", environment: ["PATH": folder.path])
      #expect(none.status == 1 && none.messages.contains("neither ffplay nor mpv"), "\(none.messages)")
    }

    /// A muxer that speaks to a server by itself is not tried with each track; nobody answers here.
    @Test func aServerThatIsNotThere() throws {
      let result = try folder.run("fm-annotate -f rtsp -o rtsp://127.0.0.1:1/live found.fm")
      #expect(result.status == 75, "\(result.messages)")
      #expect(result.messages.contains("rtsp://127.0.0.1:1/live"), "\(result.messages)")
    }
  }
}
