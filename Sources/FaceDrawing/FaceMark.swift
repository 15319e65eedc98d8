import FrameStream

/// One face to be drawn: where it is and what was found there, as a `faces` entry of a frame record says it.
///
/// Nothing in it is trusted: any number and any text can be drawn.
package struct FaceMark: Sendable, Equatable {
  /// The box in pixels; it may lie partly or wholly outside the picture.
  package var box: PixelRectangle
  /// The class name; without one the box is drawn alone, in gray.
  package var expression: String?
  /// How sure the network is, 0 to 1; drawn as a whole percentage after the name.
  package var confidence: Double?
  /// The class's index in the model's output order: colors names that have no color of their own.
  package var classIndex: Int?
  /// The person's number, drawn before the name; a person keeps one color. Nil colors the face by its class.
  package var person: Int?
  /// True if the detector did not find the face in this frame; its outline is dashed.
  package var isFilled: Bool
  /// True if the box was carried over from an earlier frame; its outline is drawn fainter.
  package var isHeld: Bool
  /// Eyes, nose and mouth; drawn as dots where the style wants them.
  package var points: FacePoints?
  /// True if the find is small beside others and the detector is hardly sure: drawn faintest, with a short label.
  package var isDoubtful = false

  /// How loud the outline is.
  enum Strength: Hashable {
    case full, faint, faintest

    var opacity: Double {
      switch self {
      case .full: 1
      case .faint: 0.6
      case .faintest: 0.35
      }
    }
  }

  /// Below this confidence a label looks unsure.
  private static let unsure = 0.5

  /// Whether the label's class is less probable than the others together. A face without a label is not unsure.
  var isUnsure: Bool { expression != nil && (confidence.map { $0 < Self.unsure } ?? false) }

  /// How loud the outline is.
  var strength: Strength { isDoubtful ? .faintest : isHeld || isUnsure ? .faint : .full }

  /// A face to draw: its box, and what is known about it.
  package init(
    box: PixelRectangle, expression: String? = nil, confidence: Double? = nil,
    classIndex: Int? = nil, person: Int? = nil, isFilled: Bool = false, isHeld: Bool = false
  ) {
    self.box = box
    self.expression = expression
    self.confidence = confidence
    self.classIndex = classIndex
    self.person = person
    self.isFilled = isFilled
    self.isHeld = isHeld
  }

  /// How the face looks: by its person, or else by its class.
  var appearance: MarkAppearance {
    var appearance =
      person.map { MarkAppearance.of(person: $0) } ?? .of(expression: expression, classIndex: classIndex)
    if isFilled { appearance.dashes = MarkAppearance.dashPatterns[2] }
    return appearance
  }

  /// What its label says.
  var text: String {
    LabelText.of(
      person: person, expression: expression ?? "", percentage: expression == nil ? nil : percentage)
  }

  /// The confidence as a whole percentage, 0 to 100; nil if there is none or it is not a number.
  var percentage: Int? {
    guard let confidence, !confidence.isNaN else { return nil }
    return Int((min(max(confidence, 0), 1) * 100).rounded())
  }

  /// The box with its corners cut to numbers that can be added without overflow; nil if it holds no pixel.
  var rectangle: PixelRectangle? {
    let limit = 1 << 28
    return box.intersection(
      PixelRectangle(x: -limit, y: -limit, width: 2 * limit, height: 2 * limit))
  }
}

/// What is drawn, and in which typeface.
package struct DrawingStyle: Sendable, Equatable {
  /// A Pango font description, "Sans Bold" if nil. A size in it, "Sans 20", overrides the one chosen by
  /// picture size; see `pango_font_description_from_string`.
  package var font: String?
  /// Whether boxes are drawn.
  package var drawsBoxes: Bool
  /// Whether labels are drawn.
  package var drawsLabels: Bool
  /// Whether the points of faces are drawn.
  package var drawsPoints: Bool
  /// When the classes are explained in a corner.
  package var legend = LegendUse.never

  /// When the classes are explained in a corner of the picture.
  package enum LegendUse: String, Sendable, CaseIterable {
    /// In pictures where a label is reduced to first letters.
    case auto
    case always, never
  }

  /// Boxes and labels in the default typeface, unless set otherwise.
  package init(
    font: String? = nil, drawsBoxes: Bool = true, drawsLabels: Bool = true, drawsPoints: Bool = false
  ) {
    self.font = font
    self.drawsPoints = drawsPoints
    self.drawsBoxes = drawsBoxes
    self.drawsLabels = drawsLabels
  }
}
