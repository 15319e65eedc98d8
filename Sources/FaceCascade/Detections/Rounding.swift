/// The nearest integer, ties to even, as OpenCV's cvRound rounds.
///
/// Values are sizes of pictures times factors, far from overflow; larger ones become 10^15.
func rounded(_ value: Double) -> Int {
  value < 1e15 ? Int(value.rounded(.toNearestOrEven)) : Int(1e15)
}

/// The nearest integer, ties to even.
func rounded(_ value: Float) -> Int {
  value < 1e15 ? Int(value.rounded(.toNearestOrEven)) : Int(1e15)
}
