import Glibc
import SystemIO

/// Where a training's checkpoint is, and when the next one is due.
struct CheckpointSchedule {
  /// The file; nil for none.
  let path: String?
  private let interval: Double
  private var lastSave = MonotonicClock.seconds()

  /// - Parameter interval: Seconds between two checkpoints within an epoch.
  init(path: String?, interval: Double) {
    self.path = path
    self.interval = interval
  }

  /// True if there is a file to resume from.
  var hasFile: Bool { path.map(FilePath.exists) ?? false }

  /// True if the last checkpoint is as old as the interval.
  func isDue(at seconds: Double) -> Bool { seconds - lastSave >= interval }

  /// Counts the interval from now.
  mutating func restart() { lastSave = MonotonicClock.seconds() }
}
