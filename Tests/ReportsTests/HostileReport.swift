import Verdicts

/// A report whose names do what they can to be more than text.
enum HostileReport {
  /// What a capture, a file or a payload may be called.
  static let names = [
    "<img src=x onerror=hostile()>", "</script><script>hostile()</script>", "=HYPERLINK(\"http://x\",\"y\")",
    "a|b`c*d_e_[f](http://g) @team #1", "\u{202E}gnp.exe\u{1B}[31m", "-1+cmd|' /C calc'!A0",
  ]

  /// ``ExampleReports/firewallLoss`` with these names for its points and files, and in what is said.
  static let report: AnalysisReport = {
    var report = ExampleReports.firewallLoss
    for (index, name) in names.enumerated() {
      report.points[index].name = name
      report.points[index].files = [name + ".pcap"]
    }
    for index in report.findings.indices {
      report.findings[index].title = names[index % 2]
      report.findings[index].explanation = names[1]
      report.findings[index].confirm = names[0]
    }
    report.events[0].evidence = [names[1]]
    report.remarks = names
    return report
  }()
}
