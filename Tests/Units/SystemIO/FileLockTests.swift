import Foundation
import Testing

@testable import SystemIO

struct FileLockTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Locks are those of open files, so that two in one process exclude each other too.
  @Test func theSecondIsToldOfTheFirst() throws {
    var first: FileLock? = try FileLock(folder["model"], use: "fm-test one")
    #expect(first?.isHeld == true && folder.names == [".model.lock"])
    let failure = #expect(throws: Failure.self) { try FileLock(folder["model"], use: "fm-test two") }
    #expect(failure?.kind == .failed && failure?.subject == folder["model"])
    #expect(failure?.cause.hasPrefix("process \(getpid()) on ") == true)
    #expect(failure?.cause.hasSuffix(": fm-test one") == true, "\(failure?.cause ?? "")")
    _ = try FileLock(folder["other"], use: "fm-test")
    first = nil
    #expect(folder.names.isEmpty)
    _ = try FileLock(folder["model"], use: "fm-test two")
  }

  @Test func whatAKilledProcessLeftIsTaken() throws {
    folder.write("process 1 on nowhere: fm-test with a long line\n", to: ".model.lock")
    let lock = try FileLock(folder["model"], use: "x")
    #expect(folder.read(".model.lock")?.hasSuffix(": x\n") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func aNameOfTheGreatestLengthHasALock() throws {
    let name = String(repeating: "n", count: 255)
    let lock = try FileLock(folder[name], use: "x")
    #expect(folder.names.count == 1 && folder.names[0].hasPrefix(".nnn"))
    withExtendedLifetime(lock) {}
  }

  @Test func aLinkedModelIsTheSame() throws {
    folder.write("", to: "model")
    symlink("model", folder["link"])
    let lock = try FileLock(folder["link"], use: "x")
    #expect(throws: Failure.self) { try FileLock(folder["model"], use: "y") }
    withExtendedLifetime(lock) {}
  }

  @Test func sharedOnesExcludeOneAlone() throws {
    var shared: [FileLock] = try (0..<3).map { _ in try FileLock(folder["m"], sharing: .shared, use: "x") }
    while !shared.isEmpty {
      #expect(throws: Failure.self) { try FileLock(folder["m"], use: "y") }
      shared.removeLast()
    }
    #expect(folder.names.isEmpty)
    let alone = try FileLock(folder["m"], use: "y")
    #expect(throws: Failure.self) { try FileLock(folder["m"], sharing: .shared, use: "x") }
    withExtendedLifetime(alone) {}
  }

  @Test func aPlantedLinkIsNotFollowed() throws {
    folder.write("victim", to: "victim")
    symlink("victim", folder[".m.lock"])
    #expect(throws: Failure.self) { try FileLock(folder["m"], use: "y") }
    #expect(folder.read("victim") == "victim")
    unlink(folder[".m.lock"])
    mkfifo(folder[".m.lock"], 0o600)
    #expect(#expect(throws: Failure.self) { try FileLock(folder["m"], use: "y") }?.kind == .badInput)
    #expect(throws: Failure.self) { try FileLock(folder["none/m"], use: "y") }
  }
}
