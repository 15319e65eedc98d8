import Foundation
import SystemIO
import Testing
import TrainingReports

@testable import DetectorTraining

struct BoxTableTests {
  private func table(_ text: String) throws -> BoxTable {
    let file = TemporaryPath()
    try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
    return try BoxTable(path: file.path)
  }

  @Test func tablesAndCOCO() throws {
    let box = ObjectBox(x: 1, y: 2.5, width: 30, height: 40)
    for text in [
      "file,frame,time,id,x,y,width,height,score\na/b.png,0,0,1,1,2.5,30,40,0.9\nempty.png,1,0.1,,,,,,\n",
      "filename,left,top,right,bottom\r\na/b.png,1,2.5,31,42.5\r\nempty.png,,,,\r\n",
      "Image , XMin, YMin, XMax, YMax\na/b.png,1,2.5,31,42.5\nempty.png,,,,\n",
      """
       {"images": [{"id": 4, "file_name": "a/b.png"}, {"id": 5, "file_name": "empty.png"}],
        "annotations": [{"image_id": 4, "bbox": [1, 2.5, 30, 40], "category_id": 1, "iscrowd": 0}]}
      """,
    ] {
      let table = try table(text)
      #expect(table.entries == ["a/b.png": .init(objects: [box]), "empty.png": .init()], "\(text)")
      #expect(table.objectCount == 1 && table.entry(of: "x/empty.png") == .init())
    }
  }

  @Test func crowdsAreIgnored() throws {
    let table = try table(
      #"{"images":[{"id":1,"file_name":"a"}],"annotations":[{"image_id":1,"bbox":[0,0,2,3],"iscrowd":1}]}"#)
    #expect(table.entries["a"]?.ignored == [ObjectBox(x: 0, y: 0, width: 2, height: 3)])
    #expect(table.objectCount == 0)
  }

  @Test func whatIsNoTableIsRefused() {
    for text in [
      "", "\n\n", "file\n", "x,y,width,height\n1,2,3,4\n", "file,x,y,width\na,1,2,3\n",
      "file,x,y,width,height\na,1,2,3\n", "file,x,y,width,height\na,1,2,3,b\n",
      "file,x,y,width,height\na,1,2,0,4\n", "file,x,y,width,height\na,1,2,nan,4\n",
      "file,x,y,width,height\na,1,2,1e300,4\n", "file,x,y,width,height\na,1,,3,4\n",
      "file,x,y,width,height\na,\"1,2,3,4\n", "file,left,top,right,bottom\na,10,2,3,4\n",
      "{", "{}", #"{"images":[],"annotations":[{"image_id":1,"bbox":[0,0,1,1]}]}"#,
      #"{"images":[{"id":1}],"annotations":[]}"#,
      #"{"images":[{"id":1,"file_name":"a"}],"annotations":[{"image_id":1,"bbox":[0,0,-1,1]}]}"#,
    ] {
      let failure = #expect(throws: Failure.self, "\(text)") { try table(text) }
      #expect(failure?.kind == .badInput, "\(text)")
    }
  }

  /// Of a rotated picture, the middle of a box shows what it showed before.
  @Test func picturesAndBoxesAreRotatedAlike() {
    var picture = PackedPicture(width: 60, height: 40, channels: 1, bytes: [UInt8](repeating: 0, count: 2400))
    for y in 8..<16 { for x in 40..<48 { picture.bytes[y * 60 + x] = 200 } }
    let box = ObjectBox(x: 40, y: 8, width: 8, height: 8)
    for degrees in [0.0, 20, 45, 90, -30, 180] {
      let turn = PictureTurn(degrees, width: 60, height: 40)
      let (turned, moved) = (turn.picture(picture), turn.box(box))
      let (x, y) = (Int(moved.x + moved.width / 2), Int(moved.y + moved.height / 2))
      #expect(turned.bytes[y * turned.width + x] == 200, "\(degrees)")
      let light = turned.bytes.reduce(0) { $0 + Int($1) }
      #expect(abs(light - 64 * 200) < 64 * 200 / 20, "\(degrees): \(light)")
      if degrees == 0 { #expect(turned.bytes == picture.bytes && moved == box) }
    }
  }
}
