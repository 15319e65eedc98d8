/// Cascade files made by code: a small valid one, whose parts a test replaces.
struct CascadeText {
  var prologue = "<?xml version=\"1.0\"?>"
  var open = "<opencv_storage><cascade type_id=\"opencv-cascade-classifier\">"
  var stageType = "<stageType>BOOST</stageType>"
  var featureType = "<featureType>HAAR</featureType>"
  var height = "<height>20</height>"
  var width = "<width>20</width>"
  var featureParams = "<featureParams><maxCatCount>0</maxCatCount></featureParams>"
  var stageNum = "<stageNum>1</stageNum>"
  var stageThreshold = "<stageThreshold>0.5</stageThreshold>"
  var internalNodes = "<internalNodes>0 -1 0 0.01</internalNodes>"
  var leafValues = "<leafValues>0.25 0.75</leafValues>"
  var stages: String?
  var features = "<features><_><rects><_>3 7 14 4 -1.</_><_>3 9 14 2 2.</_></rects></_></features>"
  var close = "</cascade></opencv_storage>"

  /// One part a line, so that a test knows the line of each: `internalNodes` is on line 11.
  var text: String {
    let stages =
      stages
        ?? """
        <stages><_><maxWeakCount>1</maxWeakCount>
        \(stageThreshold)<weakClassifiers><_>
        \(internalNodes)
        \(leafValues)</_></weakClassifiers></_></stages>
        """
    return """
      \(prologue)
      \(open)
      \(stageType)
      \(featureType)
      \(height)
      \(width)
      \(featureParams)
      \(stageNum)
      \(stages)
      \(features)
      \(close)

      """
  }

  var bytes: [UInt8] { Array(text.utf8) }

  static func with(_ change: (inout CascadeText) -> Void) -> CascadeText {
    var text = CascadeText()
    change(&text)
    return text
  }

  static func lbp(_ change: (inout CascadeText) -> Void = { _ in }) -> CascadeText {
    var text = CascadeText()
    text.featureType = "<featureType>LBP</featureType>"
    text.featureParams = "<featureParams><maxCatCount>256</maxCatCount></featureParams>"
    text.internalNodes = "<internalNodes>0 -1 0 -1 2147483647 0 -2147483648 5 6 7 8</internalNodes>"
    text.features = "<features><_><rect>1 2 3 4</rect></_></features>"
    change(&text)
    return text
  }
}
