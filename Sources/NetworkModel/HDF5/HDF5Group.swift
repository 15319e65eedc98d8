import SystemIO

/// A name in a group.
struct HDF5Link {
  var name: String
  /// The object's header; nil for a soft or external link.
  var address: Int?
}

/// Reads the links of a group (HDF5 File Format Specification, III.A, III.B, III.D, IV.A.2.g).
enum HDF5Group {
  private static let mostLinks = 1 << 16

  static func links(_ file: HDF5Bytes, _ object: HDF5Object) throws(Failure) -> [HDF5Link] {
    var links: [HDF5Link] = []
    if let table = object.first(HDF5Object.symbolTable) {
      guard let tree = try file.address(table.offset, "group"),
        let heap = try file.address(table.offset + 8, "group")
      else { throw HDF5Bytes.damaged("group") }
      try file.expect("HEAP", at: heap, "group")
      let size = try file.size(heap + 8, 8, "group")
      guard let names = try file.address(heap + 24, "group") else { return [] }
      try file.check(names, size, "group")
      var nodes = 0
      try walk(file, tree, names, size, depth: 0, &nodes, &links)
    }
    for message in object.messages where message.type == HDF5Object.link {
      links.append(try link(file, message))
      guard links.count <= mostLinks else { throw HDF5Bytes.damaged("group") }
    }
    if let information = object.first(HDF5Object.linkInfo) {
      let flags = try file.byte(information.offset + 1, "group")
      guard try file.address(information.offset + 2 + (flags & 1 != 0 ? 8 : 0), "group") == nil else {
        throw Failure(
          .badInput, step: "reading HDF5", cause: "groups in dense storage are not supported")
      }
    }
    return links
  }

  /// A node of the tree over a group's names, or one of its leaves.
  private static func walk(
    _ file: HDF5Bytes, _ node: Int, _ names: Int, _ size: Int, depth: Int, _ nodes: inout Int,
    _ links: inout [HDF5Link]
  ) throws(Failure) {
    nodes += 1
    guard depth < 16, nodes <= mostLinks else { throw HDF5Bytes.damaged("group") }
    try file.expect("TREE", at: node, "group")
    guard try file.byte(node + 4, "group") == 0 else { throw HDF5Bytes.damaged("group") }
    let level = try file.byte(node + 5, "group")
    let count = try file.size(node + 6, 2, "group")
    for index in 0..<count {
      guard let child = try file.address(node + 24 + 8 + index * 16, "group") else {
        throw HDF5Bytes.damaged("group")
      }
      if level > 0 {
        try walk(file, child, names, size, depth: depth + 1, &nodes, &links)
        continue
      }
      nodes += 1
      guard nodes <= mostLinks else { throw HDF5Bytes.damaged("group") }
      try file.expect("SNOD", at: child, "group")
      for entry in 0..<(try file.size(child + 6, 2, "group")) {
        let offset = child + 8 + entry * 40
        let name = try file.size(offset, 8, "group")
        guard name < size, links.count < mostLinks else { throw HDF5Bytes.damaged("group") }
        // Cache type 2 is a soft link, whose header's address means nothing.
        let isSoft = try file.number(offset + 16, 4, "group") == 2
        links.append(
          HDF5Link(
            name: try file.text(names + name, limit: size - name, "group"),
            address: isSoft ? nil : try file.address(offset + 8, "group")))
      }
    }
  }

  private static func link(_ file: HDF5Bytes, _ message: HDF5Object.Message) throws(Failure) -> HDF5Link {
    let flags = try file.byte(message.offset + 1, "link")
    var offset = message.offset + 2
    var type = 0
    if flags & 8 != 0 {
      type = try file.byte(offset, "link")
      offset += 1
    }
    if flags & 4 != 0 { offset += 8 }
    if flags & 16 != 0 { offset += 1 }
    let width = 1 << (flags & 3)
    let length = try file.size(offset, width, "link")
    offset += width
    try file.check(offset, length, "link")
    let name = try file.text(offset, limit: length, "link")
    return HDF5Link(name: name, address: type == 0 ? try file.address(offset + length, "link") : nil)
  }
}
