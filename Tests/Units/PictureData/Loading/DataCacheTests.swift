import Foundation
import Synchronization
import SystemIO
import Testing

@testable import PictureData

@Suite struct DataCacheTests {
  private static let recordLength = 48 + 144

  private func load(_ folder: DataFolder, _ cache: String, _ messages: Messages? = nil) throws -> PictureSet {
    try PictureSet(folder: folder["data"], options: .small(messages, cache: folder[cache]))
  }

  private func makeData() throws -> (folder: DataFolder, plain: PictureSet) {
    let folder = try DataFolder()
    try folder.writeClasses(["data/a": 30, "data/b": 12, "data/c": 1])
    return (folder, try PictureSet(folder: folder["data"], options: .small()))
  }

  @Test func theSameBitsWithAndWithoutIt() throws {
    let (folder, plain) = try makeData()
    let messages = Messages()
    let first = try load(folder, "cache", messages)
    #expect(first.allPixels == plain.allPixels)
    #expect(try folder.read("cache").count == 64 + 43 * Self.recordLength)
    // What was decoded is not decoded again: the files may not even be readable.
    let times = Mutex<[Int]>([])
    var options = LoadingOptions.small(messages, cache: folder["cache"])
    options.onProgress = { (done, _) in times.withLock { $0.append(done) } }
    let second = try PictureSet(folder: folder["data"], options: options)
    #expect(second.allPixels == plain.allPixels && second.names == plain.names)
    #expect(times.withLock { $0 } == [43])
    #expect(!messages.contain("cache"))
  }

  @Test func changedAndNewFilesAreReadAgain() throws {
    let (folder, plain) = try makeData()
    _ = try load(folder, "cache")
    let white = [UInt8](repeating: 255, count: 144)
    try folder.write(PNG.gray(white, width: 12, height: 12), to: "data/a/3.png")
    try folder.write(PNG.gray(white, width: 12, height: 12), to: "data/b/new.png")
    let set = try load(folder, "cache")
    let changed = try #require(set.names.firstIndex(of: "a/3.png"))
    #expect(set.withPixels(changed) { Array($0) } == white)
    #expect(set.count == plain.count + 1)
    // The changed picture takes its old place.
    #expect(try folder.read("cache").count == 64 + 44 * Self.recordLength)
    #expect(try load(folder, "cache").allPixels == set.allPixels)
  }

  @Test func aCutOffOrDamagedCacheIsCompleted() throws {
    let (folder, plain) = try makeData()
    _ = try load(folder, "cache")
    let whole = try folder.read("cache")
    for length in [0, 10, 64, 64 + 5 * Self.recordLength + 17, whole.count - 1] {
      try folder.write(Array(whole.prefix(length)), to: "cut")
      #expect(try load(folder, "cut").allPixels == plain.allPixels, "cut at \(length)")
      if length == 0 || length >= 64 {
        #expect(try folder.read("cut").count == whole.count, "cut at \(length)")
        #expect(try load(folder, "cut").allPixels == plain.allPixels)
      }
    }
    for place in [3, 20, 50, 64, 64 + 45, 64 + 100, whole.count - 3] {
      var bytes = whole
      bytes[place] ^= 0x40
      try folder.write(bytes, to: "damaged")
      let messages = Messages()
      #expect(try load(folder, "damaged", messages).allPixels == plain.allPixels, "damaged at \(place)")
      #expect(messages.contain("damaged"), "damaged at \(place)")
      let after = Messages()
      #expect(try load(folder, "damaged", after).allPixels == plain.allPixels)
      #expect(!after.contain("damaged"), "damaged at \(place)")
      #expect(try folder.read("damaged").count == whole.count)
    }
  }

  @Test func aCacheOfAnotherSizeIsBuiltAnew() throws {
    let (folder, plain) = try makeData()
    var options = LoadingOptions(width: 20, height: 6)
    options.cache = folder["cache"]
    _ = try PictureSet(folder: folder["data"], options: options)
    let messages = Messages()
    #expect(try load(folder, "cache", messages).allPixels == plain.allPixels)
    #expect(messages.contain("another size"))
    #expect(try folder.read("cache").count == 64 + 43 * Self.recordLength)
  }

  @Test func aFileOfSomebodyElseIsLeftAlone() throws {
    let (folder, plain) = try makeData()
    try folder.write("my novel, chapter one", to: "novel.txt")
    let messages = Messages()
    #expect(try load(folder, "novel.txt", messages).allPixels == plain.allPixels)
    #expect(try folder.read("novel.txt") == Array("my novel, chapter one".utf8))
    #expect(messages.contain("not a picture cache"))
  }

  @Test func aCacheThatAnotherProcessWritesIsOnlyRead() throws {
    let (folder, plain) = try makeData()
    _ = try load(folder, "cache")
    let whole = try folder.read("cache")
    try folder.write(Array(whole.prefix(64 + 20 * Self.recordLength)), to: "cache")
    // flock belongs to the open file, so that this process can act as another one.
    let other = try Descriptor.openForUpdating(folder["cache"])
    #expect(other.lockWithoutWaiting())
    let messages = Messages()
    #expect(try load(folder, "cache", messages).allPixels == plain.allPixels)
    #expect(messages.contain("another process"))
    #expect(try folder.read("cache").count == 64 + 20 * Self.recordLength)
    other.close()
    _ = try load(folder, "cache")
    #expect(try folder.read("cache").count == whole.count)
  }

  // /dev/full is not a regular file; a full disk is tested with the tools. This cache cannot be made.
  @Test func aCacheThatCannotBeIsAnError() throws {
    let (folder, _) = try makeData()
    #expect(throws: Failure.self) { try load(folder, "nowhere/cache") }
    #expect(throws: Failure.self) { try load(folder, "data") }
  }

  @Test func anInterruptedLoadIsGoneOnWith() throws {
    let folder = try DataFolder()
    try folder.writeClasses(["data/a": 150, "data/b": 150])
    let done = Atomic<Int>(0)
    var options = LoadingOptions.small(cache: folder["cache"])
    options.threads = 1
    options.onProgress = { (count, _) in done.store(count, ordering: .relaxed) }
    options.shouldStop = { done.load(ordering: .relaxed) >= 100 }
    let interruption = failure { () throws(Failure) in
      _ = try PictureSet(folder: folder["data"], options: options)
    }
    #expect(interruption?.cause == "interrupted")
    let kept = (try folder.read("cache").count - 64) / Self.recordLength
    #expect(kept >= 100 && kept < 300)
    let first = Mutex<Int?>(nil)
    options.shouldStop = nil
    options.onProgress = { (count, _) in first.withLock { $0 = $0 ?? count } }
    let set = try PictureSet(folder: folder["data"], options: options)
    #expect(first.withLock { $0 } == kept)
    let plain = try PictureSet(folder: folder["data"], options: .small())
    #expect(set.allPixels == plain.allPixels)
  }
}
