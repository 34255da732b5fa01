// What was found: faults and warnings in full, notes a line each.

const drawVerdict = () => {
  const heading = document.getElementById("verdict");
  heading.className = data.verdict.tone;
  // A number and its unit stay on one line.
  add(heading, [data.verdict.sentence.replace(/(\d) (%|[nµm]?s\b)/g, "$1\u00a0$2")]);
  for (const caution of data.verdict.cautions) {
    add(document.getElementById("cautions"), [h("p", { class: "caution" }, "Caution: ", caution)]);
  }
  add(document.getElementById("scope"), [data.verdict.scope]);
};

const drawFindings = () => {
  const serious = data.findings.filter(finding => finding.severity !== "note");
  const notes = data.findings.filter(finding => finding.severity === "note");
  const area = body("findings");
  if (!data.findings.length) area.append(h("p", {}, "Nothing was found."));
  if (!serious.length && notes.length) area.append(h("p", {}, "No faults and no warnings."));
  for (const finding of serious) area.append(card(finding));
  if (notes.length) {
    area.append(h("details", { open: !serious.length || notes.length < 6 },
      h("summary", {}, count(notes.length, "note")), h("ul", { class: "notes" }, notes.map(note))));
  }
};

const whereOf = finding => {
  if (finding.between) return place(...finding.between);
  return finding.point === null ? "the whole path" : name(finding.point);
};

const card = finding => {
  const facts = [
    whereOf(finding), finding.direction === null ? null : DIRECTIONS[finding.direction],
    finding.packets ? count(finding.packets, "packet") : null,
    finding.connectionsInAll ? count(finding.connectionsInAll, "connection") : null,
    `${confidence(finding.confidence)} sure`,
  ].filter(Boolean);
  const titleID = `finding-${data.findings.indexOf(finding)}`;
  return h("article", { class: `finding ${finding.severity}`, "aria-labelledby": titleID },
    h("h3", { id: titleID }, h("span", { class: "badge" }, finding.severity), " ", finding.title,
      h("code", { class: "kind" }, finding.kind)),
    h("p", { class: "facts" }, facts.join(" · ")),
    finding.explanation && h("p", {}, finding.explanation),
    finding.evidence.length > 0 && evidence(finding),
    finding.filters.length > 0 && filters(finding),
    finding.confirm && h("p", {}, h("strong", {}, "To confirm: "), finding.confirm),
    finding.connections.length > 0 && h("p", { class: "links" }, "Connections: ",
      finding.connections.slice(0, 8).map(id => [connectionLink(id), " "]),
      h("button", { type: "button", on: { click: () => showConnections(finding) } },
        `List ${finding.connectionsInAll > 1 ? `all ${grouped(finding.connectionsInAll)}` : "it"}`)));
};

const connectionLink = id => h("a", { href: `#c${id}` }, `#${id}`);

const evidence = finding => h("table", { class: "evidence" },
  h("thead", {}, h("tr", {}, ["Point", "Frame", "What it shows"].map((title, column) =>
    h("th", { scope: "col", class: column === 1 ? "number" : null }, title)))),
  h("tbody", {}, finding.evidence.slice(0, 12).map(item => h("tr", {},
    h("td", { title: item.file }, name(item.point)), h("td", { class: "number" }, grouped(item.frame)),
    h("td", {}, item.says)))));

const filters = finding => h("div", { class: "filters" }, h("strong", {}, "In Wireshark:"),
  h("ul", {}, finding.filters.map(([file, filter]) => h("li", {},
    h("code", {}, filter), " in ", h("span", { class: "file" }, file), " ", copyButton(filter)))));

const copyButton = text => h("button", {
  type: "button", class: "quiet", "aria-label": `Copy the filter ${text}`,
  on: {
    click: async event => {
      const button = event.currentTarget;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        const range = document.createRange();
        range.selectNodeContents(button.parentNode.querySelector("code"));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        button.textContent = "Selected: press Ctrl+C";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    },
  },
}, "Copy");

const note = finding => h("li", {}, finding.title, " ",
  h("span", { class: "muted" },
    `(${finding.kind}, ${whereOf(finding)}${finding.direction === null ? "" : ", " + DIRECTIONS[finding.direction]})`),
  finding.connections.length > 0 && [" ", connectionLink(finding.connections[0])]);
