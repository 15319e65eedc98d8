import Foundation
import SystemIO
import Testing

struct ShippedFilesTests {
  /// Names of models that the checkout has, which a program finds from its build folder.
  @Test func bareNamesAreFoundInTheCheckout() throws {
    #expect(ShippedFiles.models.names() == ["expressions", "ferplus"])
    #expect(ShippedFiles.recipes.names() == ["fer2013", "fer2013-fine", "ferplus", "student", "teacher"])
    #expect(try ShippedFiles.models.find("ferplus").hasSuffix("/ferplus.keras"))
    #expect(try ShippedFiles.recipes.find("fer2013").hasSuffix("/fer2013.json"))
    for path in [try ShippedFiles.models.find("ferplus"), try ShippedFiles.recipes.find("ferplus")] {
      #expect(FilePath.isReadable(path))
    }
  }

  @Test(arguments: ["ferplus.keras", "./ferplus", "a/b", "/absent", ".hidden", "ferplus."])
  func whatHasASlashOrADotIsAPath(_ name: String) throws {
    #expect(try ShippedFiles.models.find(name) == name)
  }

  @Test func aFileIsFoundBeforeAShippedOne() throws {
    // The folder of the test is that of the package.
    #expect(try ShippedFiles.models.find("Makefile") == "Makefile")
  }

  @Test(arguments: ["nosuch", "", "FERPLUS"]) func anUnknownNameIsRefusedWithThoseThatAreThere(_ name: String)
    throws
  {
    let failure = try #require(throws: Failure.self) {
      _ = try ShippedFiles.models.shipped(name, advice: "give another")
    }
    #expect(failure.kind == .badInput && failure.subject == name + ".keras")
    #expect(failure.description.contains("cannot find the model: not in "))
    #expect(failure.description.hasSuffix("models found: expressions, ferplus; give another"))
    #expect(failure.description.contains("/usr/local/share/fm, /usr/share/fm;"))
  }
}
