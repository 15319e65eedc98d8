import SystemIO

/// How a node says that a window moves over a picture.
struct ONNXWindow {
  let call: ONNXCall

  init(_ call: ONNXCall) { self.call = call }

  /// The padding that the attribute `pads` names: rows and columns before, then after. Nil if there is none.
  var padding: Padding? {
    get throws(Failure) {
      guard let pads = call.list("pads") else { return nil }
      guard pads.count == 4, pads.allSatisfy((0...4096).contains) else {
        throw call.refusal("pads \(pads) are not four numbers from 0 to 4096")
      }
      return Padding(top: pads[0], bottom: pads[2], left: pads[1], right: pads[3])
    }
  }

  /// The window, with its padding pixel by pixel.
  /// - Parameters:
  ///   - picture: The sides of what it moves over.
  ///   - roundsUp: Whether a last window that does not fit counts (`ceil_mode`).
  func window(_ kernel: Window.Pair, over picture: [Int], roundsUp: Bool = false) throws(Failure) -> Window {
    guard (1...4096).contains(kernel.height), (1...4096).contains(kernel.width) else {
      throw call.refusal("a window of \(kernel.height)x\(kernel.width)")
    }
    var window = Window(
      kernel: kernel, strides: try call.pair("strides", 1...4096, else: 1),
      dilation: try call.pair("dilations", 1...4096, else: 1))
    let mode = call.text("auto_pad", else: "NOTSET")
    var padding = try self.padding ?? Padding()
    switch mode {
    case "NOTSET", "": break
    case "VALID": padding = Padding()
    case "SAME_UPPER", "SAME_LOWER":
      window.same = true
      padding = window.padding(height: picture[0], width: picture[1])
      window.same = false
      if mode == "SAME_LOWER" {
        (padding.top, padding.bottom) = (padding.bottom, padding.top)
        (padding.left, padding.right) = (padding.right, padding.left)
      }
    default: throw call.refusal("auto_pad \(mode) is not known")
    }
    if roundsUp {
      padding.bottom += Self.missing(
        picture[0] + padding.top + padding.bottom, kernel.height, window.strides.height,
        picture[0] + padding.top)
      padding.right += Self.missing(
        picture[1] + padding.left + padding.right, kernel.width, window.strides.width,
        picture[1] + padding.left)
    }
    window.explicit = padding
    return window
  }

  /// How many more pixels the last window needs, which has to begin before the padding after the picture.
  private static func missing(_ length: Int, _ kernel: Int, _ stride: Int, _ end: Int) -> Int {
    guard length >= kernel else { return 0 }
    let rest = (length - kernel) % stride
    guard rest > 0 else { return 0 }
    let start = length - kernel - rest + stride
    return start < end ? stride - rest : 0
  }
}
