public import Verdicts

/// Wireshark's words and what was behind them, for programs: one JSON object of the schema `hopscope.words/1`.
public enum WordsJSON {
  /// Renders the words as UTF-8, ending in a line feed.
  ///
  /// - Parameter report: the report that they belong to; its points and files are named.
  public static func render(_ words: FlagWords, of report: AnalysisReport) -> [UInt8] {
    let names = JSONNames(report.points)
    var json = JSONWriter()
    json.object { json in
      json.member("schema", "hopscope.words/1")
      members(words, names, to: &json)
    }
    json.endLine()
    return json.bytes
  }

  /// Writes the members that say it, into an object that is open.
  static func members(_ words: FlagWords, _ names: JSONNames, to json: inout JSONWriter) {
    json.member("connections_not_followed", words.connectionsNotFollowed)
    json.member("points", each: words.points.enumerated()) { json, point in
      json.object { json in
        json.member("point", point: point.offset, names)
        json.member("flags", each: point.element.counts) { count($1, to: &$0) }
      }
    }
    json.member("words", each: words.words) { word($1, names, to: &$0) }
  }

  private static func count(_ count: FlagWords.Count, to json: inout JSONWriter) {
    let isJudged = count.word.isJudged
    json.object { json in
      json.member("flag", count.word.name)
      json.member("said", count.said)
      json.member("true", isJudged ? count.correct : nil)
      json.member("misleading", isJudged ? count.misleading : nil)
      json.member("undecided", isJudged ? count.undecided : nil)
      json.member("causes", each: count.causes) { json, share in
        json.object { json in
          json.member("cause", share.cause.word)
          json.member("frames", share.frames)
        }
      }
    }
  }

  private static func word(_ word: FlagWords.Word, _ names: JSONNames, to json: inout JSONWriter) {
    json.object { json in
      json.frame(word.frame, names)
      json.member("flag", word.word.name)
      json.member("connection", word.connection)
      json.member("direction", word.direction.word)
      json.member("verdict", word.verdict.word)
      json.member("cause", word.cause.word)
      json.member("between", word.between, names)
      json.member("proof", each: word.proof) { json, proof in
        json.object { json in
          json.frame(proof.frame, names)
          json.member("shows", proof.shows.word)
        }
      }
    }
  }
}
