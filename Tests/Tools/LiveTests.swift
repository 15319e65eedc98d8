import Foundation
import Testing

extension ToolTests {
  /// Networks, on this machine alone: inputs that break off and come back, outputs that somebody watches.
  struct LiveTests {
    let folder: ToolFolder

    init() throws { folder = try ToolFolder() }

    /// An HTTP server on a port of its own choice, which it writes to `port`. `/live` sends the file in.ts, then
    /// breaks off, and is gone for the second request; `/cut` promises more than it sends; `/flaky/FILE` breaks off
    /// after ever more bytes of any part of a file, `/stuck/FILE` at the same place every time; others are files.
    private static let server = """
      import http.server, os, time
      count = 0
      class Handler(http.server.SimpleHTTPRequestHandler):
          protocol_version = 'HTTP/1.0'
          def log_message(self, *arguments): pass
          def do_GET(self):
              global count
              if self.path.startswith(('/flaky/', '/stuck/')):
                  return self.part(open(self.path[7:], 'rb').read())
              if self.path not in ('/live', '/cut'):
                  return super().do_GET()
              count += 1
              if count == 2 and self.path == '/live':
                  return self.send_error(503)
              data = open('in.ts', 'rb').read()
              self.send_response(200)
              self.send_header('Content-Type', 'video/mp2t')
              if self.path == '/cut':
                  self.send_header('Content-Length', str(2 * len(data)))
              self.end_headers()
              self.wfile.write(data)
          def part(self, data):
              begin = int(self.headers.get('Range', 'bytes=0-')[6:].split('-')[0])
              self.send_response(206)
              self.send_header('Content-Range', f'bytes {begin}-{len(data) - 1}/{len(data)}')
              self.send_header('Content-Length', str(len(data) - begin))
              self.end_headers()
              global count
              count += 1
              end = begin + 130000 + 41000 * count if self.path.startswith('/flaky/') else 150000
              self.wfile.write(data[begin:end])
      server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
      with open('port.part', 'w') as file:
          file.write(str(server.server_address[1]))
      os.rename('port.part', 'port')
      server.serve_forever()
      """

    private func withServer(_ body: (_ address: String) throws -> Void) throws {
      try folder.succeed("ffmpeg -v error -i \(Fixtures.video) -c copy in.ts")
      try folder.withServer(Self.server, body)
    }

    @Test func readsOverHTTP() throws {
      try withServer { address in
        let local = try StreamRecords(try folder.succeed("fm-decode in.ts"), in: folder)
        let remote = try StreamRecords(try folder.succeed("fm-decode \(address)/in.ts"), in: folder)
        #expect(remote.frames as NSArray == local.frames as NSArray)
        let absent = try folder.run("fm-decode \(address)/absent.ts")
        #expect(absent.status == 74 && absent.messages.contains("404"), "\(absent.messages)")
        let refused = try folder.run("fm-decode http://127.0.0.1:9/")
        #expect(
          refused.status == 75 && refused.messages.contains("Connection refused"), "\(refused.messages)")
      }
    }

    @Test func aBrokenConnectionIsTold() throws {
      try withServer { address in
        let result = try folder.run("fm-decode \(address)/cut")
        #expect(result.status == 75, "\(result.messages)")
        let stream = try StreamRecords(result.output, in: folder)
        #expect(stream.end["status"] as? String == "error")
        #expect(stream.frames.count == 25, "those inside the decoder too")
      }
    }

    /// An answer without a length ends with its connection: whether something is missing, nobody can say.
    @Test func anAnswerWithoutALengthIsWhole() throws {
      try withServer { address in
        let stream = try StreamRecords(try folder.succeed("fm-decode \(address)/live"), in: folder)
        #expect(stream.frames.count == 25 && stream.end["status"] as? String == "ok")
      }
    }

    @Test func theDurationIsThatOfAllConnections() throws {
      try withServer { address in
        let short = try folder.run("fm-decode --reconnect 3 --duration 0.5 \(address)/live", within: 10)
        #expect(short.status == 0 && short.messages == "", "\(short.messages)")
        let times = try StreamRecords(short.output, in: folder).times
        #expect((12...13).contains(times.count))
        // The pauses between connections, some three seconds, belong to it.
        let long = try folder.run("fm-decode --reconnect 3 --duration 4.5 \(address)/live", within: 20)
        #expect(long.status == 0, "\(long.messages)")
        let all = try StreamRecords(long.output, in: folder).times
        let length = (all.last ?? 0) - (all.first ?? 0)
        #expect(all.count > 25 && length < 4.6, "\(all.count) frames, \(length) s")
      }
    }

    /// Two frames from each connection's end are missing or not, as MPEG-TS has it; times keep rising.
    @Test func aLostStreamIsTakenUpAgain() throws {
      try withServer { address in
        let result = try folder.run("fm-decode --reconnect 3 --frames 60 \(address)/live", within: 30)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.messages.contains("attempt 1 of 3") && result.messages.contains("attempt 2 of 3"))
        let stream = try StreamRecords(result.output, in: folder)
        #expect(stream.frames.count == 60 && stream.all("stream").count == 1)
        #expect(zip(stream.times, stream.times.dropFirst()).allSatisfy { $0 < $1 }, "\(stream.times)")
        // The pauses before the second and the third attempt count as time.
        let gap = zip(stream.times, stream.times.dropFirst()).map { $1 - $0 }.max() ?? 0
        #expect(gap > 2.5 && gap < 10, "\(gap)")
        let dts = stream.all("packet").compactMap { $0["dts"] as? Int }
        #expect(dts == dts.sorted() && dts.count > 80)
        #expect(try folder.run("fm-annotate -o out.mkv", data: result.output).isSuccess)
      }
    }

    /// A file from a server that drops every connection is the file: no picture and no sound twice, none missing.
    @Test(arguments: ["mp4", "mkv"]) func aFileIsTakenUpWhereItBrokeOff(_ container: String) throws {
      let name = "long.\(container)"
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=320x240:d=6 -f lavfi -i sine=d=6 -c:v libx264 -preset ultrafast -g 12 "
          + "-bf 2 -b:v 600k -pix_fmt yuv420p -c:a aac -movflags +faststart \(name)")
      func records(_ input: String) throws -> (pictures: [Int], sound: [Int]) {
        let result = try folder.run("fm-decode --reconnect 2 --pixel-format gray \(input)", within: 60)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.messages.contains("attempt 1 of 2") == input.contains("flaky"), "\(result.messages)")
        let stream = try StreamRecords(result.output, in: folder)
        return (
          stream.frames.compactMap { $0["pts"] as? Int },
          stream.all("packet").compactMap { $0["pts"] as? Int }
        )
      }
      try withServer { address in
        let whole = try records(name)
        let pieces = try records("\(address)/flaky/\(name)")
        #expect(whole.pictures.count == 150 && pieces.pictures == whole.pictures)
        #expect(whole.sound.count > 200 && pieces.sound == whole.sound)
        // Attempts that lead nowhere are counted, though each of them finds an input that opens.
        let stuck = try folder.run("fm-decode --reconnect 2 \(address)/stuck/\(name)", within: 30)
        #expect(stuck.status == 75 && stuck.messages.contains("attempt 2 of 2"), "\(stuck.messages)")
        #expect(!stuck.messages.contains("attempt 3"), "\(stuck.messages)")
      }
    }

    /// A playlist that ends says how long it is: missing parts are reported, and an early end counts as cut short.
    @Test func aPlaylistWithoutItsPartsIsNotWhole() throws {
      try folder.succeed(
        "ffmpeg -v error -f lavfi -i testsrc2=s=160x120:d=5 -c:v libx264 -g 25 -pix_fmt yuv420p -hls_time 1 "
          + "-hls_list_size 0 -hls_playlist_type vod list.m3u8")
      try withServer { address in
        let whole = try folder.run("fm-decode \(address)/list.m3u8", within: 20)
        #expect(whole.status == 0 && whole.messages == "", "\(whole.messages)")
        #expect(try StreamRecords(whole.output, in: folder).frames.count == 125)
        try folder.succeed("rm list2.ts")
        let hole = try folder.run("fm-decode \(address)/list.m3u8", within: 20)
        #expect(
          hole.status == 0 && hole.messages.contains("a part of the playlist could not"), "\(hole.messages)")
        #expect(try StreamRecords(hole.output, in: folder).frames.count == 100)
        try folder.succeed("rm list4.ts")
        let cut = try folder.run("fm-decode \(address)/list.m3u8", within: 20)
        #expect(cut.status == 74 && cut.messages.contains("last parts of the playlist"), "\(cut.messages)")
        let stream = try StreamRecords(cut.output, in: folder)
        #expect(stream.frames.count == 75 && stream.end["status"] as? String == "error")
      }
    }

    @Test func givingUpIsAnError() throws {
      let start = Date()
      let result = try folder.run("fm-decode --reconnect 2 http://127.0.0.1:9/", within: 20)
      #expect(result.status == 75 && result.messages.contains("attempt 2 of 2"), "\(result.messages)")
      #expect(Date().timeIntervalSince(start) > 2.9)
    }

    @Test func aSignalEndsTheWaiting() throws {
      let pipe = try folder.start("fm-decode --reconnect 1000 http://127.0.0.1:9/")
      usleep(500_000)
      pipe.signal(SIGTERM)
      let result = pipe.finish(within: 3)
      #expect(result.status != 0)
    }

    @Test func aPlaylistFromTheNetworkReachesNoFiles() throws {
      try withServer { address in
        try folder.write(
          "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://\(folder["in.ts"])\n#EXT-X-ENDLIST\n",
          to: "list.m3u8")
        let result = try folder.run("fm-decode \(address)/list.m3u8")
        #expect(result.status != 0 && result.output.isEmpty, "\(result.messages)")
        // And a local one not the network.
        try folder.write(
          "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(address)/in.ts\n#EXT-X-ENDLIST\n", to: "near.m3u8")
        #expect(try folder.run("fm-decode near.m3u8").status == 65)
        // Nor does a protocol that FFmpeg itself would let reach files.
        try folder.write(
          "import socket\ns=socket.create_server(('127.0.0.1',0))\nopen('raw','w').write(str(s.getsockname()[1]))\n"
            + "c=s.accept()[0]\nc.sendall(open('list.m3u8','rb').read())\nc.close()\n", to: "raw.py")
        let raw = try folder.start("python3 raw.py")
        #expect(raw.wait { !folder.data("raw").isEmpty })
        let port = String(decoding: folder.data("raw"), as: UTF8.self)
        let far = try folder.run("fm-decode tcp://127.0.0.1:\(port)", within: 20)
        #expect(far.status != 0 && far.output.isEmpty, "\(far.messages)")
        _ = raw.finish(within: 5)
        let open = try folder.run("fm-decode --allow-protocols http,tcp near.m3u8")
        #expect(try StreamRecords(open.output, in: folder).frames.count == 25, "\(open.messages)")
      }
    }

    /// A port that nobody listens on.
    private func freePort() throws -> Int {
      let port = try folder.succeed(
        "python3 -c import${IFS}socket;s=socket.socket();s.bind(('127.0.0.1',0));print(s.getsockname()[1])"
          .replacingOccurrences(of: "${IFS}", with: "\t"))
      return try #require(Int(String(decoding: port, as: UTF8.self).dropLast()))
    }

    /// ffmpeg as an RTSP camera that announces itself; fm-decode opens the session as the other side.
    @Test func readsRTSP() throws {
      let address = "rtsp://127.0.0.1:\(try freePort())/live"
      let decode = try folder.start(
        "fm-decode --realtime --input-option rtsp_flags=listen --frames 30 --no-audio \(address) | fm-detect --no-pixels"
      )
      usleep(600_000)
      let camera = try folder.start(
        "ffmpeg -v error -re -f lavfi -i testsrc2=s=160x120:r=25:d=8 -c:v libx264 -preset ultrafast -tune zerolatency -g 5 -pix_fmt yuv420p -f rtsp -rtsp_transport tcp \(address)"
      )
      let result = decode.finish(within: 30)
      camera.signal(SIGKILL)
      _ = camera.finish(within: 5)
      #expect(result.statuses == [0, 0], "\(result.messages)")
      let stream = try StreamRecords(result.output, in: folder)
      #expect(stream.frames.count == 30)
      #expect(zip(stream.times, stream.times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func writesToTheNetwork() throws {
      let port = try freePort()
      let viewer = try folder.start(
        "ffmpeg -v error -f mpegts -i tcp://127.0.0.1:\(port)?listen=1 -c copy seen.mkv")
      usleep(400_000)
      let result = try folder.run(
        "fm-decode \(Fixtures.video) | fm-annotate -f mpegts -o tcp://127.0.0.1:\(port)", within: 20)
      #expect(result.isSuccess, "\(result.messages)")
      #expect(viewer.finish(within: 10).isSuccess)
      #expect(try Media.times(folder["seen.mkv"], in: folder).count == 25)
    }

    /// What goes through a pipe to a viewer waits for nothing: a picture that has gone in comes out at once.
    @Test(arguments: ["matroska", "mpegts", "nut", "mp4"]) func aWatchedOutputIsNotDelayed(_ format: String)
      throws
    {
      try folder.write(
        """
        import subprocess, sys, threading, time
        decode = subprocess.Popen(['fm-decode', '--realtime', '--format', 'lavfi', 'testsrc2=s=160x120:r=10'], stdout=subprocess.PIPE)
        annotate = subprocess.Popen(['fm-annotate', '--format', sys.argv[1], '-o', '-'], stdin=decode.stdout, stdout=subprocess.PIPE)
        # Each picture of a tenth of a second comes by itself: in two seconds after the first, some twenty pieces.
        annotate.stdout.raw.read(65536) if hasattr(annotate.stdout, 'raw') else None
        pieces, begin = [], time.monotonic()
        while time.monotonic() < begin + 2:
            import os
            data = os.read(annotate.stdout.fileno(), 65536)
            if len(data) > 300: pieces.append(time.monotonic() - begin)
        decode.kill(); annotate.kill()
        groups = sum(1 for a, b in zip([-1] + pieces, pieces) if b - a > 0.05)
        print(groups)
        """, to: "watch.py")
      let result = try folder.run("python3 watch.py \(format)", within: 20)
      #expect(Int(result.text.dropLast()) ?? 0 >= 12, "\(result.text) \(result.messages)")
    }

    /// On standard output that is a file, which somebody may read while it grows; a named one appears whole.
    @Test func aLiveStreamIsNotDelayed() throws {
      let text = try #require(String(data: Fixtures.stream.prefix { $0 != 0x0A }, encoding: .utf8))
      let line = text.replacingOccurrences(of: #""type":"stream""#, with: #""type":"stream","live":true"#)
      try #require(line != text)
      try folder.write(Data(line.utf8) + Fixtures.stream.dropFirst(text.utf8.count), to: "live.fm")
      try folder.write(Fixtures.stream, to: "file.fm")
      for (name, options, isLive) in [
        ("live.fm", "-o -", true), ("live.fm", "--live off -o -", false), ("file.fm", "-o -", false),
        ("live.fm", "-o named.mkv", false),
      ] {
        let output = try folder.succeed("fm-annotate --format matroska \(options) \(name)")
        if !output.isEmpty { try folder.write(output, to: "named.mkv") }
        #expect(try Media.playableFrames(folder["named.mkv"], in: folder) > 3)
        let reordered = try Media.entry("has_b_frames", of: "v:0", folder["named.mkv"], in: folder)
        #expect((reordered == "0") == isLive, "\(name) \(options)")
      }
    }

    @Test func liveCanBeChosen() throws {
      try folder.write(Fixtures.stream, to: "in.fm")
      try folder.succeed("fm-annotate --live on -o live.mkv in.fm")
      try folder.succeed("fm-annotate --live off -o file.mkv in.fm")
      for name in ["live.mkv", "file.mkv"] { #expect(try Media.playableFrames(folder[name], in: folder) > 3) }
      #expect(try Media.entry("has_b_frames", of: "v:0", folder["live.mkv"], in: folder) == "0")
      #expect(try Media.entry("has_b_frames", of: "v:0", folder["file.mkv"], in: folder) != "0")
    }
  }
}
