import Verdicts

/// A vocabulary that is stored as the words of the report.
protocol ArchivedWord: CaseIterable {
  /// The word; different for every case.
  var word: String { get }
}

extension Direction: ArchivedWord {}
extension Severity: ArchivedWord {}
extension Event.Kind: ArchivedWord {}
extension RewriteRule.Form: ArchivedWord {}
extension Ladder.Fate: ArchivedWord {}
