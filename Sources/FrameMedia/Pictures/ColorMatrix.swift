import CFFmpeg
import FrameStream

/// How the numbers of YUV and RGB belong together (H.273, MatrixCoefficients).
struct ColorMatrix: Equatable {
  /// libav's number.
  let space: AVColorSpace

  init(_ space: AVColorSpace) { self.space = space }

  /// The matrix that a stream names; unspecified for no name and for one that libav does not know.
  init(named name: String?) {
    let value = name.map { av_color_space_from_name($0) } ?? -1
    space = value >= 0 ? AVColorSpace(rawValue: UInt32(value)) : AVCOL_SPC_UNSPECIFIED
  }

  /// What readers of JPEG, WebP and the like take for granted (JFIF 1.02: BT.601).
  static let pictureFile = ColorMatrix(AVCOL_SPC_BT470BG)

  /// What players assume of video without a name for its matrix, by its size, as mpv does: high definition is BT.709,
  /// anything smaller BT.601.
  static func conventional(width: Int, height: Int) -> ColorMatrix {
    ColorMatrix(width >= 1280 || height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M)
  }

  /// What belongs to the matrix where players assume it: the name of its primaries and of its transfer.
  var conventionalName: String { space == AVCOL_SPC_BT709 ? "bt709" : "smpte170m" }

  /// FFmpeg's name; nil where nothing is known.
  var name: String? {
    guard space != AVCOL_SPC_UNSPECIFIED, space != AVCOL_SPC_RGB else { return nil }
    return av_color_space_name(space).map { String(cString: $0) }
  }

  /// swscale's four numbers; those of BT.601 for what is unspecified or unknown to it, as FFmpeg reads it.
  var coefficients: UnsafePointer<Int32> { sws_getCoefficients(Int32(bitPattern: space.rawValue)) }

  /// Whether swscale computes with these numbers.
  var isSupported: Bool {
    ![
      AVCOL_SPC_YCGCO, AVCOL_SPC_BT2020_CL, AVCOL_SPC_ICTCP, AVCOL_SPC_SMPTE2085,
      AVCOL_SPC_CHROMA_DERIVED_CL,
    ].contains(space)
  }

  /// True if both give the same colors.
  static func == (a: ColorMatrix, b: ColorMatrix) -> Bool {
    a.space == b.space || (0..<4).allSatisfy { a.coefficients[$0] == b.coefficients[$0] }
  }
}
