extension Array {
  /// The index of the first element for which `isSecond` holds, by halving: it must hold for all after that one too. The
  /// number of elements if it holds for none.
  package func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
