import Testing

@testable import StreamSource

struct InputNameTests {
  @Test func cameras() throws {
    #expect(InputName("0").numberedCamera == "/dev/video0")
    #expect(InputName("12").numberedCamera == "/dev/video12")
    #expect(InputName("256").numberedCamera == nil && InputName("00").numberedCamera == nil)
    #expect(InputName("-1").numberedCamera == nil && InputName("0", format: "lavfi").numberedCamera == nil)
    #expect(InputName("/dev/video0", format: "v4l2").isCamera && !InputName("0").isCamera)
  }

  @Test func whatMayBeLost() throws {
    let folder = try FileFolder(["file"])
    #expect(!InputName("-").isRemote && !InputName(folder["file"]).isRemote)
    #expect(!InputName("none.mp4").isRemote && !InputName("file:///none.mp4").isRemote)
    #expect(InputName("http://host/a.mp4").isRemote && InputName("0").isRemote)
    #expect(InputName("testsrc", format: "lavfi").isRemote)
    #expect(InputName(folder["file"], format: "v4l2").isRemote)
    #expect(!InputName(folder["file"], format: "rawvideo").isRemote)
  }

  @Test func whatIsSentLive() {
    #expect(InputName("rtsp://camera/1").isSentLive && InputName("udp://:1234").isSentLive)
    #expect(!InputName("http://host/a").isSentLive && !InputName("rtsp.mp4").isSentLive)
  }
}
