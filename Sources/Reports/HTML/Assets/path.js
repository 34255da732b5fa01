// The path as boxes and links: for each segment and direction an arrow in the colour of the worst that happened there.

const drawPath = () => {
  if (points.length < 2) return dropSection("path");
  const neighbours = points.slice(1).map((_, near) => segmentOf(near, near + 1));
  const most = Math.max(1, ...neighbours.flatMap(segment => segment.ways.map(way => harms(way).length)));
  const step = Math.max(156, Math.min(240, 1200 / (points.length - 1))), margin = 66;
  const above = 72 + 13 * most, lane = 26, height = above + lane + 34 + 13 * most + 8;
  const x = position => margin + position * step;
  const width = 2 * margin + (points.length - 1) * step;
  const drawing = s("svg", {
    viewBox: `0 0 ${width} ${height}`, width, height, role: "img", class: "path",
    "aria-label": `The path from ${name(0)} to ${name(points.length - 1)}; the table below has the same numbers.`,
  });
  neighbours.forEach((segment, near) => {
    if (segment.inside) {
      drawing.append(
        s("rect", { class: "box", x: x(near) - 14, y: 12, width: step + 28, height: height - 18, rx: 6 }),
        s("text", { class: "boxname", x: x(near) + step / 2, y: 27 }, segment.inside));
    }
  });
  neighbours.forEach((segment, near) => {
    segment.ways.forEach((ledger, direction) => {
      drawing.append(arrow(x(near) + 9, x(near + 1) - 9, above + direction * lane, direction, ledger, segment));
    });
    const ended = connections.filter(({ terminated }) => terminated && terminated[0] === near && terminated[1] === near + 1);
    if (ended.length) {
      const middle = x(near) + step / 2;
      drawing.append(
        s("text", { class: "small muted middle halo", x: middle, y: above + lane / 2 + 4 }, "TCP ends here"));
    }
  });
  points.forEach((point, position) => {
    const loud = point.name.length > 20 ? point.name.slice(0, 19) + "…" : point.name;
    drawing.append(
      s("g", {}, s("title", {}, `${point.name}: ${count(point.packets, "packet")}, ${point.files.join(", ")}`),
        s("rect", { class: "point", x: x(position) - 4, y: above - 12, width: 8, height: lane + 24, rx: 3 }),
        s("text", { class: "pointname middle", x: x(position), y: 46 }, loud)));
  });
  const order = data.order.source === "given" ? "Order of the points as given"
    : `Order of the points inferred, ${confidence(data.order.confidence)} sure`;
  const why = data.order.evidence.length ? ` (${data.order.evidence.join("; ")})` : "";
  body("path").append(
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Drawing of the path" }, drawing),
    h("p", { class: "muted" }, `${order}${why}. Upper arrows: client to server; lower: server to client. ` +
      `Delays are medians. Times by the clock of ${points[data.order.reference]?.name ?? "–"}.`));
};

const arrow = (from, to, y, direction, ledger, segment) => {
  const found = harms(ledger);
  const look = ledger.offered === 0 ? "none" : found.length ? found[0][0] : "fine";
  const [tail, head] = direction === 0 ? [from, to] : [to, from];
  const back = direction === 0 ? -8 : 8;
  const middle = (from + to) / 2;
  const out = direction === 0 ? -1 : 1;
  const texts = found.map(([look, text], index) => [look, text, index + 1]);
  const group = s("g", { class: `arrow ${look}` },
    s("title", {}, ledgerText(segment, direction)),
    s("path", { class: "shaft", d: `M${tail} ${y}H${head + back}` }),
    s("path", { class: "head", d: `M${head} ${y}l${back} -4.5v9z` }),
    s("text", { class: "small muted middle", x: middle, y: y + (out < 0 ? -7 : 15) },
      ledger.offered === 0 ? "not followed" : delayText(ledger.delay_ns)));
  for (const [look, text, row] of texts) {
    group.append(s("text", { class: `small middle ${look === "missed" ? "muted" : `strong ${look}`}`, x: middle, y: y + (out < 0 ? -7 : 15) + out * 13 * row }, text));
  }
  return group;
};

const ledgerText = (segment, direction) => {
  const ledger = segment.ways[direction];
  const parts = [`${stretch(segment.near, segment.far, direction)}: ${count(ledger.offered, "packet")} offered`];
  for (const [, text] of harms(ledger)) parts.push(text);
  if (ledger.delay_ns) parts.push(`median delay ${delayText(ledger.delay_ns)}`);
  return parts.join("; ");
};
