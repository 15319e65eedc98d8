import Glibc
import SystemIO

/// Where a training's checkpoint is, and when the next one is due.
package struct CheckpointSchedule {
  /// The file; nil for none.
  package let path: String?
  private let interval: Double
  private var lastSave = MonotonicClock.seconds()

  /// - Parameters:
  ///   - path: The file; nil for none.
  ///   - interval: Seconds between two checkpoints within an epoch.
  package init(path: String?, interval: Double) {
    self.path = path
    self.interval = interval
  }

  /// True if there is a file to resume from.
  package var hasFile: Bool { path.map(FilePath.exists) ?? false }

  /// True if the last checkpoint is as old as the interval.
  package func isDue(at seconds: Double) -> Bool { seconds - lastSave >= interval }

  /// Counts the interval from now.
  package mutating func restart() { lastSave = MonotonicClock.seconds() }
}
