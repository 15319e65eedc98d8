/// How much red and blue weigh in luma (ITU-R BT.601, BT.709, BT.2020 and older); green has the rest.
package struct LumaWeights: Hashable, Sendable {
  /// The weight of red.
  package let red: Double
  /// The weight of blue.
  package let blue: Double
  /// The weight of green.
  package var green: Double { 1 - red - blue }

  /// - Parameter colorSpace: FFmpeg's name; when it is unknown, full range means JPEG's BT.601, and otherwise
  ///   pictures larger than standard definition are BT.709, as players take them.
  package init(of layout: PictureLayout, range: ColorRange, colorSpace: String?) {
    switch colorSpace {
    case "bt709": (red, blue) = (0.2126, 0.0722)
    case "smpte170m", "bt470bg", "bt601": (red, blue) = (0.299, 0.114)
    case "fcc": (red, blue) = (0.30, 0.11)
    case "smpte240m": (red, blue) = (0.212, 0.087)
    case "bt2020nc", "bt2020c": (red, blue) = (0.2627, 0.0593)
    default:
      let isLarge = layout.width > 1024 || layout.height > 576
      (red, blue) = isLarge && range == .tv ? (0.2126, 0.0722) : (0.299, 0.114)
    }
  }
}
