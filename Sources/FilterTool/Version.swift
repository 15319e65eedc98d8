import CVersion

/// The version that all tools of the project report and write into a stream's history.
package let toolVersion = "0.2.0"

/// What `--version` prints: the tool, the version, and the commit if the build knows it.
package func versionLine(_ tool: String) -> String {
  let commit = String(cString: fm_build_commit())
  return "\(tool) \(toolVersion)" + (commit.isEmpty ? "" : " (\(commit))")
}
