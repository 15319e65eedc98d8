import FrameStream
import SystemIO
import Testing

@Suite struct FaceRecordTests {
  private func frame(_ faces: String) throws -> Record {
    try Record(#"{"type":"frame","seq":0,"pts":0,"x":1.50,"faces":\#(faces),"y":[1, 2]}"#)
  }

  @Test func facesAreRead() throws {
    let frame = try frame(
      #"[{"box":[1,-2,3,4],"neighbors":5,"cascade":"c","held":true,"expression":"sad","confidence":0.5,"#
        + #""scores":{"happy":0.25,"sad":0.5,"odd":null}},{"box":[1,2,3,4],"expression":null}]"#)
    let faces = try #require(try frame.faces())
    #expect(
      faces.map(\.box) == [
        PixelRectangle(x: 1, y: -2, width: 3, height: 4), PixelRectangle(x: 1, y: 2, width: 3, height: 4),
      ])
    #expect(faces[0].neighbors == 5 && faces[0].cascade == "c" && faces[0].isHeld)
    #expect(faces[0].expression == "sad" && faces[0].confidence == 0.5 && faces[0].classIndex == 1)
    #expect(faces[0].scores.map(\.name) == ["happy", "sad", "odd"])
    #expect(faces[0].scores.map(\.probability) == [0.25, 0.5, nil])
    #expect(faces[1].neighbors == nil && faces[1].cascade == nil && !faces[1].isHeld)
    #expect(faces[1].expression == nil && faces[1].confidence == nil && faces[1].classIndex == nil)
    #expect(faces[1].scores.isEmpty)
    #expect(try Record(#"{"type":"frame","seq":0,"pts":0}"#).faces() == nil)
  }

  @Test(arguments: [
    "{}", "[1]", "[{}]", #"[{"box":1}]"#, #"[{"box":[1,2,3]}]"#, #"[{"box":[1,2,3,4,5]}]"#,
    #"[{"box":[1,2,0,4]}]"#, #"[{"box":[1,2,3.5,4]}]"#, #"[{"box":[16777217,2,3,4]}]"#,
  ]) func badFacesAreRefused(faces: String) throws {
    let frame = try frame(faces)
    let failure = #expect(throws: Failure.self) { try frame.faces() }
    #expect(failure?.kind == .badInput)
  }

  @Test func aNewFaceIsWritten() throws {
    var fields = FaceFields()
    fields.neighbors = 3
    var faces = FaceList()
    faces.append(PixelRectangle(x: 1, y: 2, width: 3, height: 4), fields)
    fields.cascade = "front"
    fields.parts = [
      FaceFields.Part(box: PixelRectangle(x: 5, y: 6, width: 7, height: 8), neighbors: 9, cascade: "eye")
    ]
    fields.isHeld = true
    faces.append(PixelRectangle(x: -1, y: 2, width: 3, height: 4), fields)
    let frame = try frame("null")
    frame.line.setFaces(faces)
    #expect(
      frame.line.text
        == #"{"type":"frame","seq":0,"pts":0,"x":1.50,"faces":[{"box":[1,2,3,4],"neighbors":3},"#
        + #"{"box":[-1,2,3,4],"neighbors":3,"cascade":"front","parts":[{"box":[5,6,7,8],"neighbors":9,"#
        + #""cascade":"eye"}],"held":true}],"y":[1, 2]}"#)
    faces.removeAll()
    frame.line.setFaces(faces)
    #expect(frame.line["faces"]?.isArray == true && frame.line.text.contains(#""faces":[],"#))
  }

  /// Unknown keys, spaces and the digits of numbers stay; what is set goes to the end.
  @Test func aFaceKeepsWhatIsNotSet() throws {
    let frame = try frame(
      #"[{"lab-gaze": 1.50e+02, "expression" :"old","box":[1, 2,3,4], "scores":{},"neighbors":1.40e1 }]"#)
    let face = try #require(try frame.faces()?.first)
    var fields = FaceFields()
    fields.classification = FaceFields.Classification(
      expression: nil, confidence: 0.5, classes: ["a", "b \"c\"", "d"],
      probabilities: [9, 0.25, .nan, 0.5][1...])
    var faces = FaceList()
    faces.append(face, fields)
    fields.classification?.expression = "d"
    fields.classification?.confidence = nil
    fields.classification?.order = [2, 0]
    faces.append(face, fields)
    frame.line.setFaces(faces)
    let kept = #"{"lab-gaze":1.50e+02,"box":[1, 2,3,4],"neighbors":1.40e1,"#
    #expect(
      frame.line.text == #"{"type":"frame","seq":0,"pts":0,"x":1.50,"faces":["# + kept
        + #""expression":null,"confidence":0.5,"scores":{"a":0.25,"b \"c\"":null,"d":0.5}},"# + kept
        + #""expression":"d","confidence":null,"scores":{"d":0.5,"a":0.25}}],"y":[1, 2]}"#)
  }

  @Test func facesOfNetworks() throws {
    let box = PixelRectangle(x: 1, y: 2, width: 3, height: 4)
    var fields = FaceFields()
    fields.score = 0.75
    fields.points = FacePoints(
      .init(x: 1.04, y: -2), .init(x: 3.26, y: 4), .init(x: 5, y: 6), .init(x: 7, y: 8), .init(x: 9, y: 1e3))
    fields.crop = PixelRectangle(x: 0, y: 1, width: 5, height: 5)
    var list = FaceList()
    list.append(box, fields)
    let frame = try frame("null")
    frame.line.setFaces(list)
    let text =
      #"{"box":[1,2,3,4],"score":0.75,"points":[[1.0,-2.0],[3.3,4.0],[5.0,6.0],[7.0,8.0],[9.0,1000.0]],"crop":[0,1,5,5]}"#
    #expect(frame.line.text.contains(#""faces":[\#(text)],"#), "\(frame.line.text)")
    let face = try #require(try frame.faces()?.first)
    #expect(face.score == 0.75 && face.crop == fields.crop && face.classified == fields.crop)
    #expect(face.points?.leftEye == .init(x: 3.3, y: 4) && face.points?.leftMouth.y == 1000)
    // Later filters leave them, in their order and as they were written.
    var named = FaceFields()
    named.neighbors = 4
    list.removeAll()
    list.append(face, named)
    frame.line.setFaces(list)
    #expect(frame.line.text.contains(text.dropLast() + #","neighbors":4}"#))
    // What lay in a box that a tracker moved does not lie there any more.
    var moved = FaceFields()
    moved.tracking = FaceFields.Tracking()
    moved.tracking?.correctedBox = PixelRectangle(x: 9, y: 9, width: 3, height: 4)
    list.removeAll()
    list.append(face, moved)
    frame.line.setFaces(list)
    #expect(frame.line.text.contains(#""faces":[{"box":[9,9,3,4],"score":0.75}]"#), "\(frame.line.text)")
  }

  @Test(arguments: [
    "1", "[]", "[[1,2],[3,4],[5,6],[7,8]]", "[[1,2],[3,4],[5,6],[7,8],[9]]",
    "[[1,2],[3,4],[5,6],[7,8],[9,8,7]]",
    "[[1,2],[3,4],[5,6],[7,8],[9,null]]", "[[1,2],[3,4],[5,6],[7,8],[9,1],[2,3]]", "[1,2,3,4,5]",
    "[[1,2],[3,4],[5,6],[7,8],[9,1e300]]",
  ]) func pointsThatAreNone(points: String) throws {
    let face = try #require(
      try frame(#"[{"box":[1,2,3,4],"points":\#(points),"crop":[1,2,3],"score":"a"}]"#).faces()?.first)
    #expect(face.points == nil && face.crop == nil && face.score == nil)
    #expect(face.classified == face.box)
  }
}
