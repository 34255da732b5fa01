import Testing

@testable import Archive

@Suite struct ArchiveErrorTests {
  @Test(
    arguments: [
      (
        ArchiveError.notAnArchive(path: "a.db"),
        "a.db is not an analysis of hopscope and was left untouched; give another file name."
      ),
      (
        .newerVersion(path: "a.db", version: 3, supported: 1),
        "a.db was written by a later release (layout 3, known here: 1); use that release."
      ),
      (
        .diskFull(path: "a.db"),
        "a.db was not written: the disk is full; the previous file, if there was one, is as it was."
      ),
      (
        .damaged(path: "a.db", message: "no such table: legs"),
        "a.db is damaged: no such table: legs; analyse the captures again."
      ),
    ])
  func `an error says what, where and what to do`(error: ArchiveError, sentence: String) {
    #expect("\(error)" == sentence)
  }
}
