// Who became whom along the path, and what the captures and their clocks are like.

const chain = addresses => addresses.filter((address, index) => index === 0 || address !== addresses[index - 1]);
const chainText = addresses => chain(addresses).join(" → ");

const drawNAT = () => {
  const translated = connections.filter(connection =>
    chain(connection.legs.map(leg => leg.client)).length > 1 || chain(connection.legs.map(leg => leg.server)).length > 1);
  if (!translated.length) return dropSection("nat");
  const cell = (connection, side) => {
    const parts = [];
    connection.legs.forEach((leg, index) => {
      if (index && connection.legs[index - 1][side] === leg[side]) return;
      if (parts.length) parts.push(h("span", { class: "muted" }, " → "));
      parts.push(h("span", { class: "address", title: `from ${name(leg.point)}` }, leg[side]));
    });
    return parts;
  };
  const table = pagedTable({
    label: "NAT table", rows: translated, pageSize: 20,
    columns: [
      { key: "id", title: "#", number: true, value: row => row.id, cell: row => connectionLink(row.id) },
      { key: "protocol", title: "Protocol", value: row => row.protocol, cell: row => row.protocol },
      { key: "client", title: "Client along the path", value: row => row.legs[0].client, cell: row => cell(row, "client"), look: "chain" },
      { key: "server", title: "Server along the path", value: row => row.legs[0].server, cell: row => cell(row, "server"), look: "chain" },
    ],
  });
  // Made at the first search: ten thousand of them take as long as the rest of the page.
  let texts = null;
  const textOf = row => {
    texts ??= new Map(translated.map(row => [row, row.legs.map(leg => leg.client + " " + leg.server).join(" ").toLowerCase()]));
    return texts.get(row);
  };
  const search = h("input", {
    type: "search", id: "natsearch", placeholder: "address or port",
    on: { input: () => table.setRows(translated.filter(row => textOf(row).includes(search.value.trim().toLowerCase()))) },
  });
  body("nat").append(
    h("p", { class: "muted" }, `${grouped(translated.length)} of ${count(connections.length, "connection")} ` +
      "change addresses or ports on the way. Point at an address to see from where on it holds."),
    h("div", { class: "toolbar" }, h("label", { for: "natsearch" }, "Find "), search), table.node);
};

const drawPoints = () => {
  if (!points.length) return dropSection("points");
  const reference = points[data.order.reference];
  const steps = point => point.steps.length
    ? `${duration(point.steps[0][1])} at ${since(point.steps[0][0])}` + (point.steps.length > 1 ? ` and ${point.steps.length - 1} more` : "")
    : "none";
  const capture = point => [
    point.missed ? `${grouped(point.missed)} not captured` : null,
    point.duplicates ? `${grouped(point.duplicates)} twice` : null,
    point.truncated ? `${grouped(point.truncated)} cut by the snap length` : null,
    point.kernelDrops ? `${grouped(point.kernelDrops)} dropped by the kernel` : null,
    point.oneWay === null ? null : `sees only ${DIRECTIONS[point.oneWay]}`,
    point.offload ? "above the card's offload" : null,
  ].filter(Boolean).join(", ") || "nothing special";
  const cells = point => [
    [point.name], [grouped(point.packets), true],
    [point.first === null ? "–" : since(point.first), true],
    [point.first === null ? "–" : duration(point.last - point.first), true],
    [point === reference ? "reference" : point.offset === null ? "not known" : duration(point.offset), true],
    [point === reference ? "" : point.error === null ? "–" : `± ${duration(point.error, true)}`, true],
    [point === reference || point.drift === null ? "–" : `${point.drift.toFixed(2)} ppm`, true],
    [steps(point)], [capture(point)], [point.files.join(", "), false, "file"],
  ];
  const titles = ["Point", "Packets", "First packet", "Covers", "Clock ahead by", "Bound", "Drift", "Clock set by", "Capture", "Files"];
  body("points").append(
    h("p", { class: "muted" }, `Clocks against that of ${reference ? reference.name : "–"}. The true offset is no further ` +
      "away than the bound, whatever the paths. Times are seconds since the first packet of all points."),
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Points and clocks" },
      h("table", {},
        h("thead", {}, h("tr", {}, titles.map((title, column) =>
          h("th", { scope: "col", class: column >= 1 && column <= 6 ? "number" : null }, title)))),
        h("tbody", {}, points.map(point => h("tr", {}, cells(point).map(([text, number, look], column) =>
          column ? h("td", { class: number ? "number" : look }, text) : h("th", { scope: "row" }, text))))))));
};
