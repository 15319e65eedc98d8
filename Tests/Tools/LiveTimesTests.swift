import Foundation
import Testing

extension ToolTests {
  /// Live input whose pictures have no times: each gets the time at which it arrived.
  struct LiveTimesTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// 13 pictures, ten a second; the last may come with the one before it, for the source ends then. `-re` would begin
    /// with a burst in newer versions of FFmpeg only.
    private static let source = "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=10:d=1.3,realtime"
    private static let words = "each gets the time at which it arrived"

    private func check(_ result: RunningPipe.Result, _ note: String) throws {
      let stream = try StreamRecords(result.output, in: folder)
      #expect(stream.frames.count == 13, "\(note): \(stream.frames.count)")
      #expect(result.messages.contains(Self.words), "\(note): \(result.messages)")
      let times = stream.times
      #expect(times.first == 0)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(note): \(times)")
      // A machine that is busy may be late, never early.
      #expect((1.0..<2.5).contains(times.last ?? 0), "\(note): \(times)")
      #expect(stream.header["live"] as? Bool == true, "\(note)")
      #expect((stream.end["dropped"] as? Int ?? 0) == 0, "\(note)")
    }

    @Test(arguments: [
      "-c:v mjpeg -f mjpeg -", "-c:v mjpeg -f image2pipe -", "-c:v libx264 -tune zerolatency -f h264 -",
    ]) func aPipe(_ output: String) throws {
      try check(try folder.run("\(Self.source) \(output) | fm-decode -"), output)
      try check(try folder.run("\(Self.source) \(output) | fm-decode --realtime -"), output + " in real time")
    }

    @Test func aNamedPipe() throws {
      #expect(mkfifo(folder["camera"], 0o600) == 0)
      let camera = try folder.start("\(Self.source) -c:v mjpeg -f mjpeg -y camera")
      try check(try folder.run("fm-decode --realtime camera"), "a named pipe")
      _ = camera.finish(within: 10)
    }

    /// Half a second at once, then ten a second, as `ffmpeg -re` writes since version 6.1: the first pictures are a
    /// tenth of a second apart too.
    @Test func aBurst() throws {
      try folder.write(
        """
        import subprocess, sys, time
        film = subprocess.run('ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=10:d=1.3 -c:v mjpeg -f mjpeg -'.split(),
                              capture_output=True).stdout
        pictures = [b'\\xff\\xd8\\xff' + part for part in film.split(b'\\xff\\xd8\\xff')[1:]]
        start = time.monotonic()
        for number, picture in enumerate(pictures):
            time.sleep(max(0, start + max(0, number - 6) / 10 - time.monotonic()))
            sys.stdout.buffer.write(picture)
            sys.stdout.buffer.flush()
        """, to: "burst.py")
      let result = try folder.run("python3 burst.py | fm-decode --realtime -")
      try check(result, "a burst")
      let times = try StreamRecords(result.output, in: folder).times
      // Nothing follows the last picture, so that it is whole only at the end, right after the one before it.
      #expect(zip(times, times.dropFirst()).dropLast().allSatisfy { $1 - $0 > 0.02 }, "\(times)")
    }

    private static let server = """
      import http.server, os, subprocess, time
      film = subprocess.run('ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=10:d=1.3 -c:v mjpeg -f mjpeg -'.split(),
                            capture_output=True).stdout
      pictures = [b'\\xff\\xd8\\xff' + part for part in film.split(b'\\xff\\xd8\\xff')[1:]]
      class Handler(http.server.BaseHTTPRequestHandler):
          def log_message(self, *arguments): pass
          def do_GET(self):
              self.send_response(200)
              self.send_header('Content-Type', 'multipart/x-mixed-replace; boundary=frame')
              self.end_headers()
              for picture in pictures:
                  self.wfile.write(b'--frame\\r\\nContent-Type: image/jpeg\\r\\nContent-Length: %d\\r\\n\\r\\n'
                                   % len(picture) + picture + b'\\r\\n')
                  time.sleep(0.1)
      server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
      with open('port.part', 'w') as file:
          file.write(str(server.server_address[1]))
      os.rename('port.part', 'port')
      server.serve_forever()
      """

    @Test func motionJPEGOverHTTP() throws {
      try folder.withServer(Self.server) { address in
        try check(try folder.run("fm-decode \(address)/"), "HTTP")
        try check(try folder.run("fm-decode --realtime \(address)/"), "HTTP in real time")
      }
    }

    /// A film from a pipe that is there at once is counted, and so is one whose rate somebody gives.
    @Test func whatDoesNotWaitIsCounted() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=10:d=1.2 -c:v mjpeg -f mjpeg film.mjpeg")
      let film = try folder.run("cat film.mjpeg | fm-decode -")
      #expect(film.messages.contains("they are counted, 25 a second"), "\(film.messages)")
      let counted = (0..<12).map { Double($0) / 25 }
      let times = try StreamRecords(film.output, in: folder).times
      #expect(zip(times, counted).allSatisfy { abs($0 - $1) < 1e-6 } && times.count == 12, "\(times)")
      let given = try folder.run(
        "\(Self.source) -c:v mjpeg -f mjpeg - | fm-decode --format mjpeg --input-option framerate=10 -")
      #expect(given.messages == "")
      let tenths = try StreamRecords(given.output, in: folder).times
      #expect(
        zip(tenths, 0..<13).allSatisfy { abs($0 - Double($1) / 10) < 1e-6 } && tenths.count == 13, "\(tenths)"
      )
    }
  }
}
