import NetworkModel
import TextTables

extension ClassOrder {
  /// What an option says: an order by its name, or the names themselves, separated by commas as ``NameList`` reads
  /// them. Nil if a name is empty or appears twice.
  package static func names(in text: String) -> [String]? {
    if let order = ClassOrder(rawValue: text) { return order.names }
    guard let names = NameList.names(in: text), !names.contains(""), Set(names).count == names.count else {
      return nil
    }
    return names
  }
}
