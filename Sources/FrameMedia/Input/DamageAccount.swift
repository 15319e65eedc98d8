import SystemIO

/// Counts an input's damaged places and reports them: the first of each kind by name, the others as a number.
final class DamageAccount {
  /// Which of libav's log lines are counted together.
  enum LogKind: String {
    case log, end
  }

  /// Damaged places so far.
  private(set) var count = 0
  /// libav's words for the last damage.
  private(set) var lastCause: String?
  /// Video packets so far.
  private(set) var packetCount = 0

  private let name: String
  private let log: MediaLog
  private let isStrict: Bool
  private let onWarning: (@Sendable (String) -> Void)?
  private let onDetail: (@Sendable (String) -> Void)?
  /// The last picture's time in seconds.
  private var lastTime: Double?
  private var warningCount = 0
  /// How many places are damaged in each way.
  private var countsByKind: [String: Int] = [:]

  private static let largestWarningCount = 200
  /// How many places of one kind are named.
  private static let namedPlaces = 3

  init(name: String, options: MediaInputOptions, log: MediaLog) {
    self.name = name
    self.log = log
    isStrict = options.strict
    onWarning = options.onWarning
    onDetail = options.onDetail
  }

  /// A video packet has been read.
  func countPacket() { packetCount += 1 }

  /// A picture of this time, in seconds, has been decoded.
  func notePicture(at seconds: Double) { lastTime = seconds }

  /// Whether a picture has been decoded.
  var hasPicture: Bool { lastTime != nil }

  /// Where reading is, for messages.
  var place: String {
    guard let lastTime, abs(lastTime) < 1e12 else { return "packet \(packetCount)" }
    let thousandths = Int((lastTime * 1000).rounded(.toNearestOrAwayFromZero))
    let fraction = String(abs(thousandths) % 1000)
    let sign = thousandths < 0 ? "-" : ""
    return "packet \(packetCount), near \(sign)\(abs(thousandths) / 1000)."
      + String(repeating: "0", count: 3 - fraction.count) + fraction + " s"
  }

  /// What has been counted belongs to another part of the input, which reports it.
  func forget() {
    count = 0
    countsByKind = [:]
  }

  /// Reports something, unless too much has been reported already.
  func warn(_ text: String) {
    warningCount += 1
    if warningCount <= DamageAccount.largestWarningCount {
      onWarning?(text)
    } else if warningCount == DamageAccount.largestWarningCount + 1 {
      onWarning?("more such messages are not shown")
    }
  }

  /// Keeps libav's words as the last cause, without counting or reporting a damaged place.
  func setAside() {
    if let line = log.takeErrors() { lastCause = line }
  }

  /// Counts a damaged place, with libav's words if there are any.
  /// - Throws: ``Failure`` (`badInput`) if damage ends reading.
  func report(_ cause: String) throws(Failure) {
    count += 1
    let kind = cause
    var cause = cause
    if let line = log.takeErrors() {
      lastCause = line
      cause += " (" + line + ")"
    } else {
      lastCause = cause
    }
    if isStrict { throw Failure(.badInput, step: place, subject: name, cause: cause) }
    warn("\(place): damaged: \(cause)", ofKind: kind)
  }

  /// Passes libav's remarks on to those who asked for them.
  func reportDetails() {
    guard let onDetail else { return }
    for line in log.takeDetails() { onDetail(line) }
  }

  /// Reports what libav says in its log only: what a decoder conceals, and an end that comes early.
  /// - Throws: ``Failure`` (`badInput`) if damage ends reading.
  func reportLog(_ kind: LogKind) throws(Failure) {
    guard let line = log.takeErrors() else { return }
    lastCause = line
    if isStrict { throw Failure(.badInput, step: place, subject: name, cause: line) }
    warn("\(place): \(line)", ofKind: kind.rawValue)
  }

  /// Damage repeats itself: the first places of each kind are named, the others counted.
  private func warn(_ text: String, ofKind kind: String) {
    countsByKind[kind, default: 0] += 1
    if countsByKind[kind, default: 0] <= DamageAccount.namedPlaces { warn(text) } else { onDetail?(text) }
  }

  /// Reports how many damaged places were not named. Lines of libav's log that came with no damaged picture are
  /// counted apart: how many there are depends on how its threads took turns.
  func reportRest() {
    let counts = countsByKind
    countsByKind = [:]
    func rest(_ isChosen: (String) -> Bool) -> Int {
      counts.filter { isChosen($0.key) }.values.reduce(0) { $0 + max($1 - DamageAccount.namedPlaces, 0) }
    }
    let packets = rest { LogKind(rawValue: $0) == nil }
    let lines = rest { LogKind(rawValue: $0) != nil }
    if lines > 0 { warn("\(lines) more line\(lines == 1 ? "" : "s") in the decoder's log") }
    if packets > 0 { warn("\(packets) more damaged packet\(packets == 1 ? "" : "s")") }
  }
}
