import SystemIO

/// Coded intervals from an annotation document of ELAN: the annotations with times of their own, by tier.
enum ELANReader {
  static func read(_ bytes: [UInt8]) throws(Failure) -> CodedIntervals {
    var reader = MarkupReader(bytes)
    var slots: [String: Double] = [:]
    var annotations: [(subject: String, tier: String, label: String, slots: (String, String))] = []
    var (tier, subject) = ("", "")
    var open: (String, String)?
    var label = ""
    var isInValue = false
    var isDocument = false
    var leftOut = 0
    while let part = try reader.next() {
      switch part {
      case .start("ANNOTATION_DOCUMENT", _): isDocument = true
      case .start("TIME_SLOT", let attributes):
        guard let name = attributes["TIME_SLOT_ID"] else { continue }
        slots[name] = attributes["TIME_VALUE"].flatMap(Double.init).map { $0 / 1000 }
      case .start("TIER", let attributes):
        tier = attributes["TIER_ID"] ?? ""
        // The participant is who the tier is about; many leave it empty.
        subject = attributes["PARTICIPANT"].flatMap { $0.isEmpty ? nil : $0 } ?? tier
      case .start("ALIGNABLE_ANNOTATION", let attributes):
        open = (attributes["TIME_SLOT_REF1"] ?? "", attributes["TIME_SLOT_REF2"] ?? "")
        label = ""
      case .start("REF_ANNOTATION", _): leftOut += 1
      case .start("ANNOTATION_VALUE", _): isInValue = open != nil
      case .text(let text) where isInValue: label += text
      case .end("ANNOTATION_VALUE"): isInValue = false
      case .end("ALIGNABLE_ANNOTATION"):
        if let open { annotations.append((subject, tier, label, open)) }
        open = nil
      default: break
      }
    }
    guard isDocument else {
      throw Failure(.badInput, step: "no document of ELAN", cause: "it has no ANNOTATION_DOCUMENT")
    }
    var intervals: [CodedIntervals.Interval] = []
    for annotation in annotations {
      guard let start = slots[annotation.slots.0], let end = slots[annotation.slots.1] else {
        leftOut += 1
        continue
      }
      intervals.append(
        CodedIntervals.Interval(
          subject: annotation.subject, tier: annotation.tier, label: annotation.label, start: start, end: end)
      )
    }
    return CodedIntervals(intervals, leftOut: leftOut)
  }
}
