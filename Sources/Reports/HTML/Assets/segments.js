// The ledgers, each with a strip that shows when it happened; then how long packets took.

const LEDGER_COLUMNS = [
  ["not_captured", "Not captured", "missed"], ["outside_coverage", "Outside capture", ""], ["undecided", "Undecided", "missed"],
  ["reordered", "Late", "reorder"], ["duplicated", "Duplicated", "duplicate"], ["corrupted", "Corrupted", "change"],
  ["rewritten", "Rewritten", "change"], ["injected", "Injected", "inject"],
];

const drawSegments = () => {
  if (!data.segments.length) return dropSection("segments");
  const further = LEDGER_COLUMNS.filter(([key]) => data.segments.some(segment => segment.ways.some(way => way[key] > 0)));
  const timeline = data.timeline;
  const titles = ["Segment", "Offered", "Lost", "Loss", "95 % interval", ...further.map(column => column[1])];
  const header = h("tr", {}, titles.map((title, index) =>
    h("th", { scope: "col", class: index ? "number" : null }, title)));
  if (timeline) header.append(h("th", { scope: "col", class: "when" }, axis(timeline)));
  const rows = data.segments.flatMap(segment => segment.ways.map((ledger, direction) => {
    const number = (value, look) => h("td", { class: `number ${value > 0 ? `strong ${look}` : "zero"}` }, grouped(value));
    const row = h("tr", { class: direction ? "second" : null },
      h("th", { scope: "row" }, stretch(segment.near, segment.far, direction),
        segment.inside && !direction && h("span", { class: "tag" }, `inside ${segment.inside}`),
        segment.far > segment.near + 1 && !direction && h("span", { class: "tag" }, "across")),
      h("td", { class: "number" }, grouped(ledger.offered)), number(ledger.lost, "loss"),
      h("td", { class: `number ${ledger.lost > 0 ? "strong loss" : "zero"}` },
        ledger.loss_ratio === null ? "–" : percent(ledger.loss_ratio)),
      h("td", { class: "number muted" },
        ledger.loss_interval ? `${percent(ledger.loss_interval[0]).replace(" %", "")}–${percent(ledger.loss_interval[1])}` : "–"),
      further.map(([key, , look]) => number(ledger[key], look)));
    if (timeline) row.append(h("td", { class: "when" }, strip(timeline, segment, direction)));
    return row;
  }));
  body("segments").append(
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table of segments" },
      h("table", { class: "segments" }, h("thead", {}, header), h("tbody", {}, rows))),
    h("p", { class: "muted legend" }, "Packets. In the strips: ",
      legend("traffic", "packets that passed"), legend("loss", "lost"), legend("reorder", "late"),
      legend("change", "rewritten or corrupted"), legend("inject", "injected"), legend("duplicate", "duplicated"),
      legend("missed", "not captured"), timeline ? `One step is ${duration(timeline.slice)}.` : ""));
};

const legend = (look, text) => h("span", { class: "key" }, h("span", { class: `swatch ${look}` }), text);

const axis = timeline => {
  const end = timeline.slice * timeline.slices;
  return h("span", { class: "axis" }, h("span", {}, "0 s"), h("span", {}, `When, since ${moment(timeline.start)}`),
    h("span", {}, duration(end)));
};

const strip = (timeline, segment, direction) => {
  const track = timeline.tracks.find(track =>
    track.near === segment.near && track.far === segment.far && track.direction === direction);
  if (!track) return h("span", { class: "muted" }, "–");
  const most = Math.max(1, ...timeline.tracks.flatMap(track => track.packets));
  const drawing = s("svg", { class: "strip", viewBox: `0 0 ${timeline.slices} 24`, preserveAspectRatio: "none",
    "aria-hidden": "true" });
  const bars = { traffic: "", loss: "" };
  const marks = {};
  for (let slice = 0; slice < timeline.slices; slice++) {
    const packets = track.packets[slice];
    const height = packets ? 2 + 22 * Math.sqrt(packets / most) : 0;
    if (height) bars.traffic += `M${slice} 24h1v${-height.toFixed(1)}h-1z`;
    const lost = track.events[DROP][slice] || 0;
    if (lost) {
      // Deeper with each power of ten of the share that was lost: 1 in 10,000 is just seen, all is full.
      const depth = Math.max(0.12, Math.min(1, 1 + Math.log10(lost / Math.max(packets, lost)) / 4));
      drawing.append(s("rect", { class: "loss", x: slice, y: (24 * (1 - depth)).toFixed(1), width: 1,
        height: (24 * depth).toFixed(1), "fill-opacity": (0.4 + 0.6 * depth).toFixed(2) }));
    }
    for (const kind of [MISSED, REORDER, DUPLICATE, CORRUPT, INJECT, REWRITE]) {
      if (track.events[kind][slice]) {
        const look = KINDS[kind].look;
        marks[look] = (marks[look] || "") + `M${slice} 0h1v${kind === MISSED ? 4 : 9}h-1z`;
      }
    }
  }
  drawing.prepend(s("path", { class: "traffic", d: bars.traffic }));
  for (const [look, d] of Object.entries(marks)) drawing.append(s("path", { class: look, d }));
  const cursor = s("rect", { class: "cursor", x: 0, y: 0, width: 1, height: 24, visibility: "hidden" });
  drawing.append(cursor);
  let at = 0;
  const says = slice => {
    const kinds = KINDS.map((kind, number) => [track.events[number][slice] || 0, kind.says]).filter(([many]) => many);
    return `${duration(timeline.slice * slice)} to ${duration(timeline.slice * (slice + 1))}: ` +
      [count(track.packets[slice], "packet"), ...kinds.map(([many, says]) => `${grouped(many)} ${says}`)].join(", ");
  };
  const holder = h("div", {
    class: "stripholder", tabindex: 0, role: "slider", "aria-label": `${stretch(track.near, track.far, direction)} over time`,
    "aria-valuemin": 0, "aria-valuemax": timeline.slices - 1, "aria-valuenow": 0, "aria-valuetext": says(0),
  }, drawing);
  const move = slice => {
    at = Math.max(0, Math.min(timeline.slices - 1, slice));
    cursor.setAttribute("x", at);
    cursor.setAttribute("visibility", "visible");
    holder.setAttribute("aria-valuenow", at);
    holder.setAttribute("aria-valuetext", says(at));
    return says(at);
  };
  const leave = () => { hideTip(); cursor.setAttribute("visibility", "hidden"); };
  holder.addEventListener("pointermove", event => {
    const box = drawing.getBoundingClientRect();
    showTip(event, move(Math.floor((event.clientX - box.left) / box.width * timeline.slices)));
  });
  holder.addEventListener("pointerleave", leave);
  holder.addEventListener("blur", leave);
  holder.addEventListener("keydown", event => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageDown: 10, PageUp: -10, Home: -timeline.slices, End: timeline.slices };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const box = drawing.getBoundingClientRect();
    const text = move(at + steps[event.key]);
    showTip({ clientX: box.left + (at + 0.5) / timeline.slices * box.width, clientY: box.bottom - 8 }, text);
  });
  return holder;
};

const drawDelays = () => {
  const known = data.segments.filter(segment => segment.ways.some(way => way.delay_ns));
  if (!known.length) return dropSection("delays");
  body("delays").append(
    h("p", { class: "muted" }, "One-way delay of single packets: client to server above the line, server to client " +
      "below. Each value may be off by the error of the two clocks; that shifts a distribution but does not change its shape."),
    h("div", { class: "delays" }, known.map(delayFigure)));
};

const delayFigure = segment => {
  const both = [0, 1].map(direction => data.delays.find(histogram =>
    histogram.near === segment.near && histogram.far === segment.far && histogram.direction === direction));
  const have = both.filter(Boolean);
  const table = h("table", {}, h("thead", {}, h("tr", {}, ["", "median", "95 %", "99 %", "max"].map((title, column) =>
    h("th", { scope: "col", class: column ? "number" : null }, title)))),
    h("tbody", {}, segment.ways.map((way, direction) => way.delay_ns && h("tr", {},
      h("th", { scope: "row", "aria-label": DIRECTIONS[direction] }, ARROWS[direction]),
      ["p50", "p95", "p99", "max"].map(key => way.delay_ns[key]).map(value => h("td", { class: "number" }, duration(value)))))));
  const error = Math.max(...segment.ways.map(way => way.delay_ns ? way.delay_ns.error : 0));
  return h("figure", {}, h("figcaption", {}, stretch(segment.near, segment.far),
    h("span", { class: "muted" }, ` ± ${duration(error, true)}`)),
    have.length > 0 && delayDrawing(both, have), table);
};

const delayDrawing = (both, have) => {
  const low = Math.min(...have.map(histogram => histogram.low));
  const high = Math.max(...have.map(histogram => histogram.low + histogram.width * histogram.counts.length));
  const [width, half] = [300, 34];
  const x = value => (value - low) / (high - low) * width;
  const drawing = s("svg", { viewBox: `0 0 ${width} ${2 * half + 18}`, class: "histogram", role: "img",
    "aria-label": "Distribution of the delay" });
  both.forEach((histogram, direction) => {
    if (!histogram) return;
    const most = Math.max(1, ...histogram.counts);
    let d = "";
    histogram.counts.forEach((many, place) => {
      if (!many) return;
      const left = x(histogram.low + place * histogram.width), right = x(histogram.low + (place + 1) * histogram.width);
      const height = Math.max(1, many / most * (half - 2));
      d += `M${left.toFixed(1)} ${half}h${Math.max(0.8, right - left - 0.4).toFixed(1)}v${direction ? "" : "-"}${height.toFixed(1)}H${left.toFixed(1)}z`;
    });
    drawing.append(s("path", { class: `way${direction}`, d },
      s("title", {}, `${DIRECTIONS[direction]}: ${count(histogram.sampled, "packet")} measured, ` +
        `${grouped(histogram.longer)} beyond the right edge`)));
  });
  drawing.append(s("path", { class: "rule", d: `M0 ${half}H${width}` }),
    s("text", { class: "small muted", x: 0, y: 2 * half + 14 }, duration(low)),
    // Where both ends read the same, how far they are apart.
    s("text", { class: "small muted end", x: width, y: 2 * half + 14 },
      duration(low) === duration(high) ? `+ ${duration(high - low)}` : duration(high)));
  return drawing;
};
