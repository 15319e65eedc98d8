/// The usual orders of the classes in a network's outputs, by the names that `--classes` takes.
package enum ClassOrder: String, Sendable, CaseIterable {
  /// FER-2013's own numbers from 0 to 6, which most networks trained from its table use.
  case fer2013
  /// FER-2013's classes as class folders are read: in alphabetical order.
  case alphabetical = "fer2013-alphabetical"
  /// The columns of FER+ (Barsoum et al., 2016).
  case ferplus

  /// The class names in the order of the outputs.
  package var names: [String] {
    switch self {
    case .fer2013: ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    case .alphabetical: ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
    case .ferplus:
      ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
    }
  }

  /// One name for a class that FER-2013, FER+ and others spell differently: `anger` and `Angry` are `angry`.
  package static func commonName(of name: String) -> String {
    let name = name.lowercased()
    return synonyms[name] ?? name
  }

  private static let synonyms = [
    "anger": "angry", "disgusted": "disgust", "fearful": "fear", "afraid": "fear", "scared": "fear",
    "happiness": "happy", "joy": "happy", "sadness": "sad", "surprised": "surprise", "calm": "neutral",
  ]
}
