import Testing

/// The tools as their users have them: programs, joined by pipes.
///
/// One after the other, because each is several processes; skipped where ffmpeg or Python is not installed.
@Suite(.serialized, .enabled(if: Programs.areInstalled), .timeLimit(.minutes(3)))
struct ToolTests {}

/// The same for fm-train, beside the others: its runs compute on one processor while those wait for each other.
@Suite(.serialized, .enabled(if: Programs.areInstalled), .timeLimit(.minutes(3)))
struct TrainingToolTests {}
