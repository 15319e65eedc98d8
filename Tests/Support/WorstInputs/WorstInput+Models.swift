import NetworkModel

extension WorstInput {
  static let models: [WorstInput] = hdf5 + archives + configurations

  private static func model(_ name: String, _ make: @escaping @Sendable (Int) -> [UInt8]) -> WorstInput {
    WorstInput(name: name, make: make) { _ = try? ModelFile(bytes: $0, keepingTrainingState: true) }
  }

  // MARK: Whole models in HDF5

  private static func sequential(_ layers: [String]) -> String {
    #"{"class_name":"Sequential","config":{"layers":[{"class_name":"InputLayer","config":{"batch_shape":[null,8]}},"#
      + layers.joined(separator: ",") + "]}}"
  }

  private static func layer(_ kind: String, _ name: String, _ more: String = "") -> String {
    #"{"class_name":"\#(kind)","config":{"name":"\#(name)"\#(more)}}"#
  }

  private static let hdf5: [WorstInput] = [
    // Names behind a heap's empty objects: each was found by a walk from the heap's beginning.
    model("h5: names in one heap") { count in
      var file = HDF5Parts()
      let names = min(4000, count / 64)
      let objects = (count - 16 * names) / 16
      let heap =
        48 + 16 + 8
        + HDF5Parts.attribute("layer_names", inHeaps: .init(repeating: (0, 0), count: names)).data.count
      file.append(header: [
        HDF5Parts.attribute("layer_names", inHeaps: .init(repeating: (heap, 2), count: names))
      ])
      file.append(Array("GCOL".utf8) + [1, 0, 0, 0])
      file.append(16 + 16 * objects + 24, 8)
      let empty = HDF5Parts.little(1, 2) + [UInt8](repeating: 0, count: 14)
      for _ in 0..<objects { file.append(empty) }
      file.append(
        HDF5Parts.little(2, 8) + HDF5Parts.little(1, 8) + Array("x".utf8) + [UInt8](repeating: 0, count: 7))
      return file.bytes
    },
    // Heaps in each other: every name has one of its own, all of which end where the file does.
    model("h5: heaps in each other") { count in
      var file = HDF5Parts()
      let heaps = min(max(count / 96, 4), 4000)
      let padding = max((count - 16 * heaps - 32 * heaps) / 16, 0)
      let start =
        48 + 16 + 8
        + HDF5Parts.attribute("layer_names", inHeaps: .init(repeating: (0, 0), count: heaps)).data.count
      file.append(header: [
        HDF5Parts.attribute("layer_names", inHeaps: (0..<heaps).map { (start + 32 * $0, 9) })
      ])
      let end = start + 32 * heaps + 16 * padding + 24
      for number in 0..<heaps {
        let here = start + 32 * number
        file.append(Array("GCOL".utf8) + [1, 0, 0, 0])
        file.append(end - here, 8)
        // An object that holds the next heap's head.
        file.append(HDF5Parts.little(1, 8) + HDF5Parts.little(16, 8))
      }
      let empty = HDF5Parts.little(1, 2) + [UInt8](repeating: 0, count: 14)
      for _ in 0..<padding { file.append(empty) }
      file.append(HDF5Parts.little(9, 8) + HDF5Parts.little(1, 8) + [0x78] + [UInt8](repeating: 0, count: 7))
      return file.bytes
    },
    // Many layers whose groups are one object with many messages.
    model("h5: messages of one group") { count in
      let layers = min(max(count / 400, 4), 1000)
      let configuration = sequential((0..<layers).map { layer("ReLU", "n\($0)") })
      return file(configuration, count) { address in (0..<layers).map { ("n\($0)", address) } }
    },
    // One group that many names lead to, whose attribute is cut into many.
    model("h5: parts of a list") { count in
      let configuration = sequential([layer("ReLU", "n")])
      return file(configuration, count, part: "weight_names") { [("n", $0)] }
    },
    model("h5: names in a row") { count in
      var file = HDF5Parts()
      let text = String(repeating: "x", count: 40_000)
      let model = HDF5Parts.attribute("model_config", sequential([layer("ReLU", "n")]))
      file.append(header: [model] + (0..<max(count / 40_020, 1)).map { _ in HDF5Parts.link(text, 48) })
      return file.bytes
    },
  ]

  /// A whole model whose layers' groups are one object, padded by attributes.
  private static func file(
    _ configuration: String, _ count: Int, part: String = "other",
    _ links: (Int) -> [(String, Int)]
  ) -> [UInt8] {
    var file = HDF5Parts()
    let model = HDF5Parts.attribute("model_config", String(configuration.prefix(60_000)))
    func messages(_ address: Int) -> [(type: Int, data: [UInt8])] {
      [model] + links(address).map { HDF5Parts.link($0.0, $0.1) }
    }
    let length = messages(0).reduce(0) { $0 + 8 + $1.data.count }
    file.append(header: messages(48 + 16 + length))
    let attributes = max((count - file.end) / 64, 1)
    file.append(
      header: (0..<min(attributes, 65_000)).map { HDF5Parts.attribute("\(part)\($0)", "0123456789") })
    return file.bytes
  }

  // MARK: Archives

  private static let archives: [WorstInput] = [
    model("keras: members") { count in
      StoredArchive.bytes((0..<max(count / 100, 1)).map { (Array("member\($0)".utf8), []) })
    },
    // libzip's hash of a name is 33 times that of what comes before, plus the byte: "Aa" and "BB" have one.
    model("keras: members of one hash") { count in
      StoredArchive.bytes(
        (0..<max(count / 120, 1)).map { number in
          ((0..<20).flatMap { number >> $0 & 1 == 0 ? Array("Ab".utf8) : Array("BA".utf8) }, [])
        })
    },
    model("keras: ends of the archive") { count in
      let members = (0..<max((count - 66_000) / 100, 1)).map {
        (name: Array("member\($0)".utf8), contents: [UInt8]())
      }
      return StoredArchive.bytes(members, ends: min(2900, max(count / 44, 1)))
    },
  ]

  // MARK: Configurations

  private static func archive(_ configuration: [UInt8]) -> [UInt8] {
    StoredArchive.bytes([(Array("config.json".utf8), configuration)])
  }

  /// A model that calls another one many times, whose own layers are `layers`.
  private static func nested(calls: Int, _ layers: String) -> (before: String, after: String) {
    let inner = #"{"class_name":"Sequential","name":"inner","config":{"name":"inner","layers":["#
    let nodes = (0..<calls).map { $0 == 0 ? #"[["in",0,0]]"# : #"[["inner",\#($0 - 1),0]]"# }
    return (
      #"{"class_name":"Functional","config":{"name":"m","layers":[{"class_name":"InputLayer","name":"in","config":"#
        + #"{"batch_shape":[null,8],"name":"in"}},"# + inner + layers,
      #"]},"inbound_nodes":[\#(nodes.joined(separator: ","))]}],"input_layers":[["in",0,0]],"#
        + #""output_layers":[["inner",\#(calls - 1),0]]}}"#
    )
  }

  private static func configuration(
    _ name: String, calls: @escaping @Sendable (Int) -> Int = { min(max($0 / 200, 4), 4000) },
    _ layers: String,
    _ after: String, _ part: @escaping @Sendable (Int) -> String
  ) -> WorstInput {
    model("keras: " + name) { count in
      let model = nested(calls: calls(count), layers)
      return archive(bytes(model.before, count, after + model.after, part))
    }
  }

  private static let configurations: [WorstInput] = [
    configuration(
      "numbers of a nested layer", #"{"class_name":"Rescaling","config":{"name":"r","scale":["#, "]}}"
    ) {
      $0 == 0 ? "1" : ",1"
    },
    configuration("keys of a nested layer", #"{"class_name":"ReLU","config":{"name":"r""#, "}}") {
      ",\"k\($0)\":1"
    },
    configuration("repeated keys", #"{"class_name":"ReLU","config":{"name":"r""#, "}}") { _ in ",\"k\":1" },
    configuration("one name", #"{"class_name":"ReLU","config":{"name":"r"#, "\"}}") { _ in "x" },
    configuration("one class", #"{"class_name":"ReLU"#, "\"}") { _ in "X" },
    configuration(
      "layers", calls: { _ in 2 }, #"{"class_name":"ReLU","config":{}}"#, "",
      { _ in #",{"class_name":"ReLU","config":{}}"# }),
    model("keras: arguments of a layer") { count in
      let calls = min(max(count / 200, 4), 4000)
      let model = nested(calls: calls, "")
      let inner = model.before.replacingSequential
      return archive(bytes(inner.before, count, inner.after + model.after) { _ in "1," })
    },
    model("keras: depth") { count in
      archive(
        bytes("{\"class_name\":[", count, "0]}") { _ in
          String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + ","
        })
    },
    model("keras: escapes") { count in archive(bytes("{\"class_name\":\"", count, "\"}") { _ in "a\\u0041" })
    },
    model("keras: digits") { count in archive(bytes("{\"class_name\":", count, "}") { _ in "1" }) },
  ]
}

extension String {
  /// A nested model as a Functional one whose only layer has arguments without end.
  fileprivate var replacingSequential: (before: String, after: String) {
    let functional = replacingOccurrence(of: #"{"class_name":"Sequential","name":"inner""#)
    return (
      functional + #"{"class_name":"InputLayer","name":"i","config":{"batch_shape":[null,8],"name":"i"}},"#
        + #"{"class_name":"ReLU","name":"r","config":{"name":"r"},"inbound_nodes":[{"args":["#,
      #"{"config":{"keras_history":["i",0,0]}}],"kwargs":{}}]}],"input_layers":[["i",0,0]],"output_layers":[["r",0,0]"#
    )
  }

  private func replacingOccurrence(of text: String) -> String {
    guard let start = range(of: text) else { return self }
    return String(self[..<start.lowerBound]) + #"{"class_name":"Functional","name":"inner""#
      + String(self[start.upperBound...])
  }

  private func range(of text: String) -> Range<Index>? {
    let wanted = Array(text.utf8)
    var start = utf8.startIndex
    while start < utf8.endIndex {
      if utf8[start...].starts(with: wanted) {
        return start..<utf8.index(start, offsetBy: wanted.count)
      }
      start = utf8.index(after: start)
    }
    return nil
  }
}
