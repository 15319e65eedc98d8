import SystemIO

@testable import PictureData
@testable import TextTables

extension FuzzTarget {
  /// A manifest; the first byte chooses the rule for votes and the length of the pieces it comes in. What is accepted
  /// is written as a manifest and read again, and its votes are shares.
  static let manifest = FuzzTarget(
    name: "manifest", words: ManifestSeeds.words,
    seeds: {
      let rules: [UInt8] = [0, 1, 2, 3]
      return ManifestSeeds.all.flatMap { text in rules.map { [$0] + Array(text.utf8) } }
        + ManifestSeeds.marked
    },
    run: { bytes in
      guard let kind = bytes.first else { return }
      let input = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
      let whole = records(input, piece: input.count)
      precondition(
        whole == records(input, piece: Int(kind) + 1), "records depend on where the input was split")
      let votes = ManifestSeeds.rules[Int(kind) % ManifestSeeds.rules.count]
      guard let manifest = try? Manifest(parsing: input, votes: votes) else { return }
      check(manifest)
      if let votes { check(manifest, votes) }
    })

  /// Each record's fields, and whether the table was good.
  private static func records(_ input: UnsafeRawBufferPointer, piece: Int) -> [[String]] {
    var parser = CommaSeparatedValues()
    var results: [[String]] = []
    func add(_ fields: CommaSeparatedValues.Fields) throws(Failure) {
      var texts = ["\(fields.line)"]
      for index in 0..<fields.count { texts.append(try fields.text(index)) }
      results.append(texts)
    }
    do {
      var rest = input
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(piece))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
        try parser.take(part) { (fields) throws(Failure) in try add(fields) }
      }
      try parser.finish { (fields) throws(Failure) in try add(fields) }
    } catch {
      results.append(["\(error)"])
    }
    return results
  }

  private static func check(_ manifest: Manifest) {
    var text = "filename,label\n"
    for row in manifest.rows {
      text +=
        CommaSeparatedValues.quoted(row.filename) + "," + CommaSeparatedValues.quoted(row.label) + "\n"
    }
    // Quotes may make a line too long.
    let again = Array(text.utf8).withUnsafeBytes { try? Manifest(parsing: $0) }
    precondition(
      again == nil
        || again!.rows.map { [$0.filename, $0.label] } == manifest.rows.map { [$0.filename, $0.label] },
      "what is written is not what was read")
  }

  private static func check(_ manifest: Manifest, _ votes: VoteRule) {
    let classes = votes.classes(of: manifest.voteColumns)
    let numbers = manifest.voteColumns.map { column in
      votes.className(ofColumn: column).flatMap { classes.firstIndex(of: $0) }
    }
    for row in manifest.rows {
      _ = votes.saysNoFace(row.votes, manifest.voteColumns)
      guard let found = votes.targets(row.votes, numbers, classCount: classes.count) else { continue }
      precondition(classes.indices.contains(found.label))
      precondition(abs(found.shares.reduce(0, +) - 1) < 0.01 && found.shares.allSatisfy { $0 >= 0 })
    }
  }
}

enum ManifestSeeds {
  static let rules: [VoteRule?] = {
    var majority = VoteRule(prefix: "v_")
    majority.cutsSingleVotes = true
    majority.minimumShare = 0.5
    majority.weight = 0.5
    var named = VoteRule(prefix: nil)
    named.columns = ["happy": "happy", "sad": "sad"]
    return [nil, VoteRule(prefix: "v_"), majority, named]
  }()

  static let all = [
    "filename,label\na.png,happy\nb/c.jpg,sad\n",
    "label,filename,v_happy,v_sad,v_unknown,v_nf\r\nhappy,a.png,7,3,0,0\r\nsad,b.png,1,1,8,\r\nsad,c.png,0,0,0,10\r\n",
    "filename,label,happy,sad\n\"a, b.png\",happy,1.5,2e0\n\"with \"\"quotes\"\"\",sad,,\n\n",
    "filename,label,note\na.png,happy,\"two\nlines\"\nb.png,\u{e9}\u{1f600},",
  ]

  /// With a byte order mark, alone and before a table.
  static let marked: [[UInt8]] = ["", all[0]].map { [1, 0xEF, 0xBB, 0xBF] + Array($0.utf8) }

  static let words =
    ("filename label filename,label v_happy v_sad v_unknown v_nf happy sad .png , \" \"\" 0 1 -1 nan inf 1e6 1e7 "
    + "0x1p3 \u{FEFF}").split(separator: " ").map(String.init) + ["\r\n", "\n", "\r"]
}
