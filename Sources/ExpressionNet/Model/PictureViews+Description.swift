import NetworkModel

extension PictureViews {
  /// Lines of a description: first what was measured for the default views of `fm-classify`, or for the nearest ones, under
  /// the name alone; then what was measured for others.
  package static func lines<Value>(
    _ name: String, _ values: [PictureViews: Value], _ text: (Value) -> String
  ) -> String {
    guard let first = standard.nearest(in: values)?.views else { return "" }
    let others = allCases.filter { $0 != first && values[$0] != nil }
    return ([first] + others).map { views in
      let mark = views == standard || others.isEmpty && views == .single ? "" : ", views \(views.rawValue)"
      return "\(name)\(mark): \(values[views].map(text) ?? "")\n"
    }.joined()
  }
}
