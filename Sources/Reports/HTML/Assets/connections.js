// The connections: found, filtered, sorted; and one of them in full.

let connectionTable = null;
let onlyIDs = null;

const searchTexts = new Map();
const searchText = connection => {
  let text = searchTexts.get(connection);
  if (text === undefined) {
    text = `#${connection.id} ${connection.protocol} ` + connection.legs.map(leg => `${leg.client} ${leg.server}`).join(" ").toLowerCase();
    searchTexts.set(connection, text);
  }
  return text;
};

const FILTERS = [
  ["all", "all", () => true],
  ["trouble", "with trouble", connection => connection.events > 0],
  ...KINDS.map((kind, number) => [kind.word, kind.says, connection => (connection.kinds >> number) & 1]),
  ["ladder", "with a ladder", connection => ladderRows.has(connection.id)],
  ["ended", "ended by a proxy", connection => connection.terminated !== null],
  ["ambiguous", "not told apart", connection => connection.ambiguous.length > 0],
].filter(([word, , holds]) => word === "all" || connections.some(holds));

const kindsText = connection => KINDS.map((kind, number) => (connection.kinds >> number) & 1
  ? h("span", { class: `chip ${kind.look}` }, kind.says) : null);

const drawConnections = () => {
  if (!connections.length) return dropSection("connections");
  const search = h("input", { type: "search", id: "search", placeholder: "address, port, #number or protocol", on: { input: () => filter() } });
  const choice = h("select", { id: "filter", on: { change: () => filter() } },
    FILTERS.map(([word, text]) => h("option", { value: word }, text)));
  const only = h("span", { class: "only" });
  const first = connection => connection.legs[0], last = connection => connection.legs[connection.legs.length - 1];
  connectionTable = pagedTable({
    label: "Connections", rows: connections, pageSize: 25, sortBy: { key: "id", down: false },
    open: connection => { location.hash = `c${connection.id}`; }, rowID: connection => `row${connection.id}`,
    columns: [
      { key: "id", title: "#", number: true, value: row => row.id, cell: row => connectionLink(row.id), says: "1 has most trouble" },
      { key: "protocol", title: "Protocol", value: row => row.protocol, cell: row => row.protocol },
      { key: "client", title: "Client", value: row => first(row).client, cell: row => first(row).client, look: "address" },
      { key: "server", title: "Server, as the client knows it", value: row => first(row).server, cell: row => first(row).server, look: "address" },
      { key: "far", title: "Server, at its end", value: row => last(row).server, cell: row => last(row).server, look: "address" },
      { key: "start", title: "Start", number: true, value: row => row.start, cell: row => since(row.start) },
      { key: "lasts", title: "Lasts", number: true, value: row => row.end - row.start, cell: row => duration(row.end - row.start) },
      { key: "c2s", title: "Sent", number: true, value: row => row.c2s, cell: row => bytes(row.c2s), says: "Payload from the client" },
      { key: "s2c", title: "Received", number: true, value: row => row.s2c, cell: row => bytes(row.s2c), says: "Payload from the server" },
      { key: "lost", title: "Lost", number: true, value: row => row.lost, cell: row => row.lost ? h("strong", { class: "loss" }, grouped(row.lost)) : "0", says: "Packets" },
      { key: "events", title: "Events", number: true, value: row => row.events, cell: row => grouped(row.events) },
      { key: "kinds", title: "What", value: row => row.kinds, cell: kindsText },
    ],
  });
  const filter = () => {
    const asked = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const [, , holds] = FILTERS.find(([word]) => word === choice.value) ?? FILTERS[0];
    connectionTable.setRows(connections.filter(connection => holds(connection) && (!onlyIDs || onlyIDs.ids.has(connection.id))
      && asked.every(part => searchText(connection).includes(part))));
    only.replaceChildren(...(onlyIDs ? [`only those of “${onlyIDs.title}” `, h("button", { type: "button", on: { click: () => { onlyIDs = null; filter(); } } }, "Show all")] : []).map(part => part instanceof Node ? part : document.createTextNode(plain(part))));
  };
  connectionTable.filter = filter;
  const left = data.connectionsInAll - connections.length;
  body("connections").append(
    h("p", { class: "muted" }, "Those with most trouble have the lowest numbers. Open one to see its packets." +
      (left > 0 ? ` ${count(left, "connection")} with least trouble left out here; connections.csv and report.json have all.` : "") +
      (data.eventsInAll > events.length ? ` Of ${count(data.eventsInAll, "event")}, ${grouped(events.length)} are in this page; events.csv has all.` : "")),
    h("div", { class: "toolbar" }, h("label", { for: "search" }, "Find "), search,
      FILTERS.length > 1 && [h("label", { for: "filter" }, "Show "), choice], only),
    connectionTable.node, h("div", { id: "connection" }));
};

// Lists only the connections of a finding.
const showConnections = finding => {
  onlyIDs = { ids: new Set(finding.connections), title: finding.title };
  connectionTable.filter();
  document.getElementById("connections").scrollIntoView();
};

let openLadder = null;

const openConnection = (id, scroll = true) => {
  const connection = connectionByID.get(id);
  const area = document.getElementById("connection");
  if (!area || !connection) return;
  if (openLadder) openLadder.stop();
  openLadder = null;
  const ladder = ladderOf(id);
  const own = eventsOf.get(id) || [];
  const heading = h("h3", { tabindex: -1 }, `Connection #${id}`);
  const facts = [
    connection.protocol, `starts at ${since(connection.start)}`, `lasts ${duration(connection.end - connection.start)}`,
    `${bytes(connection.c2s)} sent, ${bytes(connection.s2c)} received`,
    connection.points.length > 1 ? `followed over ${count(connection.points.length, "point")}, ${confidence(connection.confidence)} sure` +
      (connection.evidence.length ? ` (${connection.evidence.join(", ")})` : "") : "seen at one point only",
    connection.terminated && `ended between ${stretch(...connection.terminated)}, where another one carries its bytes on`,
    connection.ambiguous.length > 0 && `cannot be told apart from ${connection.ambiguous.map(other => `#${other}`).join(", ")}`,
  ].filter(Boolean);
  const neighbours = h("span", { class: "pager" },
    [-1, 1].map(step => connectionByID.has(id + step) && h("a", { href: `#c${id + step}` }, step < 0 ? `‹ #${id - 1}` : `#${id + 1} ›`)));
  area.replaceChildren(h("div", { class: "connectionhead" }, heading, neighbours),
    h("p", { class: "facts" }, facts.join(" · ")),
    h("p", { class: "chain" }, legsText(connection, "client"), h("br"), legsText(connection, "server")));
  if (ladder) {
    const sequence = drawSequence(ladder);
    openLadder = drawLadder(connection, ladder, window => sequence && sequence.show(window));
    const table = h("details", {}, h("summary", {}, "The packets as a table"));
    table.addEventListener("toggle", () => { if (table.open && table.children.length === 1) table.append(packetTable(ladder).node); });
    area.append(openLadder.toolbar,
      h("div", { class: "ladderpage" }, openLadder.area, h("div", { class: "side" }, openLadder.detail, sequence && sequence.node)),
      ladderLegend(), table);
    openLadder.start();
  } else {
    area.append(h("p", { class: "muted" }, ladderRows.size
      ? "No ladder: only the connections with most trouble have one in this page, unless they are too long." : "No ladder: this report holds no single packets."));
  }
  if (own.length) area.append(h("h4", {}, count(own.length, "event")), eventTable(own).node);
  else if (connection.events) area.append(h("p", {}, `Its ${count(connection.events, "event")} are not in this page; events.csv has them.`));
  if (scroll) {
    heading.focus({ preventScroll: true });
    area.scrollIntoView();
  }
};

const legsText = (connection, side) => {
  const parts = [h("span", { class: "muted" }, `${side} `)];
  let last = null;
  for (const leg of connection.legs) {
    if (leg[side] === last) continue;
    if (last !== null) parts.push(h("span", { class: "muted" }, " → "));
    parts.push(h("span", { class: "address" }, leg[side]), h("span", { class: "muted" }, ` at ${name(leg.point)}`));
    last = leg[side];
  }
  return parts;
};

const ladderLegend = () => h("p", { class: "muted legend" },
  [["loss", "lost ✕"], ["reorder", "late"], ["change", "rewritten or corrupted ◆"], ["inject", "injected +"],
    ["duplicate", "further copy ○"], ["missed", "not captured there ○"], ["data", "with payload or SYN, FIN, RST"], ["bare", "bare ACK"]]
    .map(([look, text]) => legend(look, text)),
  "[PA] 1+49: flags by their first letters, first byte counted from the initial sequence number (so translated numbers agree), " +
  "payload bytes. ? : not decided, or outside the next capture. ⊣ : a box answers itself.");

const eventTable = own => pagedTable({
  label: "Events of the connection", rows: own, pageSize: 20,
  columns: [
    { key: "time", title: "When", number: true, value: row => row.time, cell: row => since(row.time) },
    { key: "what", title: "What", cell: row => eventText(row) },
    { key: "packet", title: "Packet", cell: row => [row.flags, row.seq === null ? null : `seq ${row.seq}`, `${grouped(row.length)} B`].filter(Boolean).join("  ") },
    { key: "upstream", title: "Upstream", look: "address", cell: row => row.upstream ? frameText(row.upstream) : "–" },
    { key: "downstream", title: "Downstream", look: "address", cell: row => row.downstream ? frameText(row.downstream) : "–" },
  ],
});
