import FrameStream

extension FacePoints {
  /// The points in the stream's order.
  var list: [Point] { [rightEye, leftEye, nose, rightMouth, leftMouth] }
}
