import SystemIO
import Testing

@testable import FaceCascade

/// What is refused before libxml2 reads a document, because it would take it long, and what looks like that and is not.
struct XMLMarkupTests {
  private func failure(_ text: CascadeText, _ change: ([UInt8]) -> [UInt8] = { $0 }) -> Failure? {
    do throws(Failure) {
      _ = try Cascade(xml: change(text.bytes), file: "made.xml")
      return nil
    } catch {
      return error
    }
  }

  private func attributes(_ count: Int) -> String {
    (0..<count).map { " a\($0)=\"&lt;>'\"" + ($0 % 9 == 0 ? "\n" : "") }.joined()
  }

  @Test func attributesOfATagAreCounted() throws {
    #expect(failure(.with { $0.height = "<height\(attributes(32))>20</height>" }) == nil)
    let many = try #require(failure(.with { $0.height = "<height\(attributes(33))>20</height>" }))
    #expect(many.kind == .badInput && many.subject == "made.xml:5" && many.cause.contains("32 attributes"))
    let long = try #require(
      failure(.with { $0.height = "<height a='\(String(repeating: "x", count: 4096))'>20</height>" }))
    #expect(long.subject == "made.xml:5")
  }

  /// What only looks like tags is none.
  @Test func commentsAndCharactersMayHoldAnything() {
    let tag = "<height\(attributes(100))>"
    let parts = [
      "<!-- \(tag) - -> -->", "<note><![CDATA[ \(tag) ]] > ]]></note>", "<?a \(tag) ? > ?>",
    ]
    for part in parts {
      #expect(failure(.with { $0.height = part + "<height>20</height>" }) == nil, "\(part.prefix(20))")
      // Behind it tags are counted again.
      let behind = failure(.with { $0.height = part + tag })
      #expect(behind?.cause.contains("attributes") == true, "\(part.prefix(20))")
    }
  }

  @Test func declarationsOfTypesAreRefusedAtOnce() throws {
    let declared = try #require(
      failure(.with { $0.prologue = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ELEMENT a ANY>]>" }))
    #expect(declared.subject == "made.xml:2" && declared.cause.contains("document type"))
  }

  @Test func namespacesAreRefused() throws {
    let named = try #require(failure(.with { $0.height = "<height a='xmlns' xmlns:b='c'>20</height>" }))
    #expect(named.subject == "made.xml:5" && named.cause.contains("namespaces"))
    #expect(failure(.with { $0.height = "<height a='xmlns:b'>20</height>" }) == nil)
  }

  @Test func encodings() {
    for name in ["UTF-8", "utf-8", "US-ASCII", "ISO-8859-1", "iso-8859-15", "windows-1252"] {
      let text = CascadeText.with { $0.prologue = "<?xml version=\"1.0\" encoding=\"\(name)\"?>" }
      #expect(failure(text) == nil, "\(name)")
    }
    for name in ["UTF-16", "UTF-7", "EBCDIC-US", "HZ", "ISO-2022-JP", ""] {
      let text = CascadeText.with { $0.prologue = "<?xml version=\"1.0\" encoding='\(name)'?>" }
      #expect(failure(text)?.cause.contains("encoding \"\(name.lowercased())\"") == true, "\(name)")
    }
    // In one byte, and in two.
    let latin = CascadeText.with { $0.prologue = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!--é-->" }
    #expect(failure(latin) { $0.filter { $0 != 0xC3 } } == nil)
    #expect(failure(CascadeText()) { [0xEF, 0xBB, 0xBF] + $0 } == nil)
    #expect(
      failure(CascadeText()) { [0xFF, 0xFE] + $0.flatMap { [$0, 0] } }?.cause.contains("UTF-8") == true)
    #expect(failure(CascadeText()) { $0.flatMap { [0, $0] } }?.cause.contains("UTF-8") == true)
  }
}
