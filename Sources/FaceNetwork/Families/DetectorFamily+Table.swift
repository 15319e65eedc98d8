import FaceInput

/// The families that are known, one entry each.
///
/// The crops of YuNet, CenterFace and the pyramid are those with which both shipped models named the expressions of 42
/// photographs best; SCRFD's and Ultra-Light's are taken to be like CenterFace's.
extension DetectorFamily {
  /// In the order in which outputs are compared with them.
  package static let all = [yuNet, scrfd, centerFace, ultraLight, pyramid]

  private static let yuNet = DetectorFamily(
    name: "YuNet", encoding: PictureEncoding(.bgr), step: 32, suppression: .best, candidateScore: nil,
    smallestLevel: nil, crop: .tightBox, head: { YuNetHead($0, $1) })

  private static let scrfd = DetectorFamily(
    name: "SCRFD", encoding: PictureEncoding(.rgb, scale: 1 / 128, offset: -127.5 / 128), step: 32,
    suppression: .best, candidateScore: nil, smallestLevel: nil, crop: CropRule(side: 1.1, drop: 0.05),
    head: { DistanceHead($0, $1) })

  private static let centerFace = DetectorFamily(
    name: "CenterFace", encoding: PictureEncoding(.rgb), step: 32, suppression: .best, candidateScore: nil,
    smallestLevel: nil, crop: CropRule(side: 1.1, drop: 0.05), head: { CenterFaceHead($0, $1) })

  private static let ultraLight = DetectorFamily(
    name: "Ultra-Light", encoding: PictureEncoding(.rgb, scale: 1 / 128, offset: -127 / 128), step: 32,
    suppression: .best, candidateScore: nil, smallestLevel: nil, crop: CropRule(side: 1.1, drop: 0.05),
    head: { PriorBoxHead($0, $1) })

  private static let pyramid = DetectorFamily(
    DetectorDescription(), encoding: PictureEncoding(.gray, scale: 1 / 64, offset: -2, border: 128))

  /// The family of a detector that says what it is.
  package init(_ description: DetectorDescription, encoding: PictureEncoding) {
    self.init(
      name: "pyramid", encoding: encoding, step: 32, suppression: .votes,
      candidateScore: description.candidateScore, smallestLevel: description.smallestLevel,
      crop: description.crop, calibration: description.calibration,
      head: { SquareHead($0, $1, description) })
  }
}
