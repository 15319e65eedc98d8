import SystemIO

@testable import DetectorTraining
@testable import TextTables

extension FuzzTarget {
  /// The boxes of pictures, as CSV or COCO's JSON. What is accepted is of use, and is read again as it is written.
  static let boxes = FuzzTarget(
    name: "boxes", words: BoxSeeds.words, seeds: { BoxSeeds.all.map { Array($0.utf8) } },
    run: { bytes in
      guard let table = try? BoxTable(parsing: Array(bytes)) else { return }
      var text = "file,x,y,width,height\n"
      for (name, entry) in table.entries {
        precondition(table.entry(of: name) == entry)
        for box in entry.objects + entry.ignored {
          precondition(box.width > 0 && box.height > 0 && (box.x + box.width + box.y + box.height).isFinite)
        }
        let file = CommaSeparatedValues.quoted(name)
        if entry.objects.isEmpty { text += file + ",,,,\n" }
        for box in entry.objects { text += "\(file),\(box.x),\(box.y),\(box.width),\(box.height)\n" }
      }
      // Quotes may make a line too long, and the difference of two sides a number too large.
      guard let again = try? BoxTable(parsing: Array(text.utf8)) else { return }
      precondition(again.objectCount == table.objectCount, "what is written is not what was read")
    })
}

enum BoxSeeds {
  static let all = [
    "file,frame,time,id,x,y,width,height,score\na/b.png,0,0,1,1,2.5,30,40,0.9\nempty.png,1,0.1,,,,,,\n",
    "filename,left,top,right,bottom\r\na.png,1,2.5,31,42.5\r\n\"b, \"\"c\"\".png\",,,,\r\na.png,3,4,5,6\r\n",
    "Image , XMin, YMin, XMax, YMax\na/b.png,1,2.5,31,42.5\nempty.png,,,,\n",
    "source,x1,y1,x2,y2\n%61.png,-1e3,0x1p3,2e2,9\n",
    #"{"images":[{"id":4,"file_name":"a/b.png"},{"id":5,"file_name":"empty.png"}],"annotations":[{"image_id":4,"bbox":"#
      + #"[1,2.5,30,40],"category_id":1,"iscrowd":0},{"image_id":4,"bbox":[0,0,2,3],"iscrowd":1}]}"#,
    "\u{FEFF} {\"images\":[],\"annotations\":[]}",
  ]

  static let words =
    (#"file filename file_name image picture source name x y width height left top right bottom x1 y1 x2 y2 xmin ymin "#
    + #"xmax ymax "images":[ "annotations":[ "bbox":[ "image_id": "id": "file_name": "iscrowd":1 , 1e7 -1 nan inf 0x1p3"#)
    .split(separator: " ").map(String.init) + ["\r\n", "\n", "\"", "\"\""]
}
