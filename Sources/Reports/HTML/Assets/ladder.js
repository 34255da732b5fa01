// The ladder: the points as vertical lines, time downwards, each packet one line across them.
//
// Times are mapped to heights in one of three ways: compressed, where pauses are short and bursts have room; a row for
// each packet, where lines lean but never overlap; or to scale. Only what is in the window is drawn.

const LADDER = { top: 30, left: 272, right: 178, label: 12, row: 17 };

const isTroubled = packet => packet.events.length > 0 || packet.fate === "lost" || packet.fate === "not captured";

const packetTitle = packet => {
  const parts = [];
  if (packet.flags !== null) parts.push(flagNames(packet.flags));
  if (packet.offset !== null) parts.push(`seq ${grouped(packet.offset)}`);
  if (packet.ack !== null) parts.push(`ack ${grouped(packet.ack)}`);
  parts.push(`${grouped(packet.length)} B`);
  return parts.join("  ");
};

// The same in few letters: flags, first byte and payload bytes, what it acknowledges.
const packetLabel = packet => {
  const parts = [];
  if (packet.flags !== null) parts.push(`[${FLAGS.filter((_, bit) => packet.flags & (1 << bit)).map(flag => flag[0]).join("") || "–"}]`);
  const isBare = packet.length === 0 && packet.flags !== null && !(packet.flags & 7);
  if (packet.offset !== null && !isBare) {
    // A reset carries whatever number its sender thought of.
    parts.push(packet.offset < 0 ? `seq ${packet.seq}` : grouped(packet.offset) + (packet.length ? `+${grouped(packet.length)}` : ""));
  } else if (packet.offset === null) parts.push(`${grouped(packet.length)} B`);
  if (packet.ack !== null && packet.ack >= 0) parts.push(`ack ${grouped(packet.ack)}`);
  return parts.join(" ");
};

// Heights of times when pauses are compressed: each packet that starts gets room for its label, and a longer pause a
// little more with each power of ten.
const compressedScale = packets => {
  const knots = [];
  let height = 0, before = null;
  for (const packet of packets) {
    const start = packet.sightings[0].time;
    if (before !== null) height += LADDER.label + 1.5 + 9 * Math.log10(1 + Math.max(0, start - before) / 1e5);
    if (packet.skipped) height += 26;
    if (before === null || start > before) { knots.push([start, height]); before = start; }
  }
  const last = Math.max(...packets.flatMap(packet => packet.sightings.map(sighting => sighting.time)));
  if (last > before) knots.push([last, height + 12 + 9 * Math.log10(1 + (last - before) / 1e5)]);
  const find = (value, part) => {
    let low = 0, high = knots.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (knots[middle][part] <= value) low = middle; else high = middle - 1;
    }
    return low;
  };
  const between = (value, from, to) => {
    const place = Math.min(find(value, from), Math.max(0, knots.length - 2));
    const [one, other] = [knots[place], knots[place + 1]];
    if (!other) return one[to] + (from === 0 ? (value - one[0]) / 1e5 : (value - one[1]) * 1e5);
    return one[to] + (value - one[from]) / (other[from] - one[from]) * (other[to] - one[to]);
  };
  return { height: knots[knots.length - 1][1], of: time => between(time, 0, 1), time: height => between(height, 1, 0) };
};

// A row for each packet; a line leans by a little for each hop, more for a long one.
const rowScale = packets => {
  let height = 0;
  const rows = packets.map(packet => {
    height += packet.skipped ? LADDER.row + 26 : LADDER.row;
    return height - LADDER.row;
  });
  const nearest = wanted => {
    let low = 0, high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle] <= wanted) low = middle; else high = middle - 1;
    }
    return packets[low];
  };
  const lean = took => Math.min(9, 1 + 2 * Math.log10(1 + Math.max(0, took) / 1e5));
  return {
    height, time: wanted => nearest(wanted).sightings[0].time,
    of: time => {
      const next = packets.findIndex(packet => packet.sightings[0].time >= time);
      return rows[next < 0 ? rows.length - 1 : next];
    },
    heights: packet => {
      let at = rows[packet.index];
      return packet.sightings.map((sighting, hop) => at += hop ? lean(sighting.time - packet.sightings[hop - 1].time) : 0);
    },
  };
};

const linearScale = packets => {
  const times = packets.flatMap(packet => packet.sightings.map(sighting => sighting.time));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const unit = Math.max(1, (last - first) / 1000);
  return { height: 1000, of: time => (time - first) / unit, time: height => first + height * unit };
};

const drawLadder = (connection, ladder, onChange) => {
  const packets = ladder.packets;
  const troubles = packets.filter(isTroubled);
  const scales = { compressed: compressedScale(packets), rows: rowScale(packets), scale: linearScale(packets) };
  const state = { mode: "compressed", zoom: { compressed: 1, rows: 1, scale: 1 }, selected: null };
  const surface = s("svg", { class: "ladder", "aria-hidden": "true" });
  const spacer = h("div", { class: "spacer" }, surface);
  const area = h("div", {
    class: "ladderscroll", tabindex: 0, role: "application",
    "aria-label": "Ladder of packets. Up and down arrows go from packet to packet, N to the next trouble.",
  }, spacer);
  const detail = h("div", { class: "packet", "aria-live": "polite" });
  const seen = new Set(connection.points);

  const scale = () => scales[state.mode];
  const zoom = () => state.zoom[state.mode];
  const height = time => scale().of(time) * zoom();
  const heightsOf = packet => scale().heights ? scale().heights(packet).map(height => height * zoom())
    : packet.sightings.map(sighting => height(sighting.time));
  const fitZoom = () => Math.max(0.02, (area.clientHeight - LADDER.top - 30) / scales.scale.height);

  const x = position => {
    const room = surface.clientWidth - LADDER.left - LADDER.right;
    return LADDER.left + (points.length < 2 ? room / 2 : position * room / (points.length - 1));
  };

  const layout = () => {
    spacer.style.height = `${Math.max(area.clientHeight - 2, scale().height * zoom() + LADDER.top + 40)}px`;
  };

  // Whatever changes within one frame is drawn once.
  let isQueued = false;
  const draw = () => {
    if (isQueued) return;
    isQueued = true;
    requestAnimationFrame(() => { isQueued = false; drawWindow(); });
  };

  const drawWindow = () => {
    const width = surface.clientWidth, shown = area.clientHeight;
    if (!width || !shown) return;
    const offset = area.scrollTop;
    surface.style.height = `${shown}px`;
    surface.setAttribute("viewBox", `0 0 ${width} ${shown}`);
    const layers = { grid: [], lines: [], marks: [], texts: [] };
    points.forEach((point, position) => {
      layers.grid.push(s("path", { class: `rail${seen.has(position) ? "" : " unseen"}`, d: `M${x(position)} ${LADDER.top}V${shown}` }));
    });
    const taken = { 0: -100, 1: -100, time: -100 };
    for (const packet of packets) {
      const heights = heightsOf(packet).map(height => LADDER.top + 14 + height - offset);
      const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
      if (packet.skipped && top > -40 && top < shown + 40) {
        const middle = top - 14;
        layers.grid.push(s("path", { class: "break", d: `M${LADDER.left} ${middle}H${width - LADDER.right}` }));
        layers.texts.push(s("text", { class: "small muted middle halo", x: (LADDER.left + width - LADDER.right) / 2, y: middle + 4 },
          `${count(packet.skipped, "packet")} not shown`));
      }
      if (bottom < -60 || top > shown + 60) continue;
      drawPacket(packet, heights, layers, taken, width, packet === state.selected);
    }
    const header = [s("rect", { class: "header", x: 0, y: -20, width, height: LADDER.top + 16 })];
    const room = points.length > 1 ? x(1) - x(0) : 400;
    points.forEach((point, position) => {
      const letters = Math.max(3, Math.floor((room - 6) / 6.8));
      const text = point.name.length > letters ? point.name.slice(0, letters - 1) + "…" : point.name;
      header.push(s("text", { class: `small middle strong${seen.has(position) ? "" : " muted"}`, x: x(position), y: 18 },
        s("title", {}, point.name), text));
    });
    header.push(s("text", { class: "small muted", x: 8, y: 18 }, "time since start"));
    surface.replaceChildren(s("g", {}, layers.grid), s("g", {}, layers.lines), s("g", {}, layers.marks),
      s("g", {}, layers.texts), s("g", {}, header));
    onChange({ from: scale().time(Math.max(0, offset - LADDER.top) / zoom()), to: scale().time((offset + shown - LADDER.top) / zoom()) });
  };

  const drawPacket = (packet, heights, layers, taken, width, isSelected) => {
    const places = packet.sightings.map(sighting => x(sighting.point));
    const look = packet.fate === "lost" ? "loss" : packet.events.length ? KINDS[packet.events[0].kind].look
      : packet.length > 0 || (packet.flags !== null && packet.flags & 7) ? "data" : "bare";
    const group = s("g", { class: `packetline ${look}${isSelected ? " selected" : ""}` });
    group.dataset.index = packet.index;
    let line = "";
    for (let hop = 1; hop < places.length; hop++) {
      const [one, other] = [packet.sightings[hop - 1].point, packet.sightings[hop].point];
      const on = packet.events.filter(event => event.near === Math.min(one, other) && event.far === Math.max(one, other));
      const late = on.some(event => event.kind === REORDER);
      const gap = Math.abs(one - other) > 1 && packet.events.some(event => event.kind === MISSED);
      const d = `M${places[hop - 1]} ${heights[hop - 1].toFixed(1)}L${places[hop]} ${heights[hop].toFixed(1)}`;
      if (late || gap) group.append(s("path", { class: late ? "reorder wide" : "dashed", d }));
      else line += d;
      const middle = [(places[hop - 1] + places[hop]) / 2, (heights[hop - 1] + heights[hop]) / 2];
      for (const event of on) {
        if (event.kind === REWRITE || event.kind === CORRUPT) {
          layers.marks.push(s("path", { class: "mark change", d: `M${middle[0]} ${middle[1] - 5}l5 5l-5 5l-5 -5z` }));
          if (event.field && event.before !== null && (isSelected || zoom() >= 1)) {
            layers.texts.push(s("text", { class: "tiny change middle halo", x: middle[0], y: middle[1] - 7 },
              `${event.field.replace(/^tcp\./, "")} ${event.before} → ${event.after}`));
          }
        } else if (event.kind === DROP) {
          layers.marks.push(cross(...middle));
        } else if (late) {
          layers.marks.push(s("circle", { class: "mark reorder", cx: places[hop], cy: heights[hop], r: 4 }));
        }
      }
    }
    if (line) group.append(s("path", { d: line }));
    group.append(s("path", { class: "dots", d: places.map((place, index) => `M${place} ${heights[index].toFixed(1)}h0`).join("") }));
    const last = places.length - 1;
    const end = packet.sightings[last];
    const forward = towards(packet, connection);
    if (packet.fate === "lost" || packet.fate === "not captured" || packet.fate === "open") {
      const next = nextPoint(end.point, forward);
      const room = next === null ? 30 : Math.abs(x(next) - places[last]);
      const tilt = Math.min(10, Math.max(3, Math.abs(heights[last] - heights[0]) / Math.max(1, last)));
      const tip = [places[last] + forward * room * 0.55, heights[last] + tilt];
      group.append(s("path", { class: packet.fate === "lost" ? null : "dashed", d: `M${places[last]} ${heights[last].toFixed(1)}L${tip[0]} ${tip[1].toFixed(1)}` }));
      if (packet.fate === "lost") layers.marks.push(cross(...tip));
      else layers.texts.push(s("text", { class: "small muted middle halo", x: tip[0] + forward * 6, y: tip[1] + 4 }, "?"));
    }
    if (packet.fate === "answered") {
      const stop = places[last] + forward * 22;
      group.append(s("path", { d: `M${places[last]} ${heights[last].toFixed(1)}H${stop}m0 -5v10` }));
    }
    for (const event of packet.events) {
      if (event.kind === INJECT) layers.marks.push(s("path", { class: "mark inject", d: `M${places[0] - 5} ${heights[0]}h10m-5 -5v10` }));
      if (event.kind === DUPLICATE) layers.marks.push(s("circle", { class: "mark duplicate", cx: places[last], cy: heights[last], r: 5 }));
      if (event.kind === MISSED && event.point !== null) {
        const at = x(event.point);
        // On the line across the point, or at the end of one that nobody saw go on.
        const hop = places.findIndex((place, index) => index && (place - at) * (places[index - 1] - at) < 0);
        const level = hop < 0 ? heights[last]
          : heights[hop - 1] + (at - places[hop - 1]) / (places[hop] - places[hop - 1]) * (heights[hop] - heights[hop - 1]);
        layers.marks.push(s("circle", { class: "mark missed", cx: at, cy: level, r: 4 }));
      }
    }
    group.append(s("path", { class: "hit", d: places.map((place, index) => `${index ? "L" : "M"}${place} ${heights[index].toFixed(1)}`).join("") || "M0 0" }));
    layers.lines.push(group);
    label(packet, heights[0], layers, taken, width, forward, isSelected, look);
  };

  const label = (packet, level, layers, taken, width, forward, isSelected, look) => {
    const side = forward > 0 ? 0 : 1;
    if (level - taken.time >= LADDER.label || isSelected) {
      layers.texts.push(s("text", { class: "tiny muted", x: 8, y: level + 4 }, since(packet.sightings[0].time)));
      taken.time = level;
    }
    if (level - taken[side] < LADDER.label && !isSelected) return;
    taken[side] = level;
    const first = x(packet.sightings[0].point);
    const edge = forward > 0 ? LADDER.left : width - LADDER.right;
    if (Math.abs(first - edge) > 1) layers.grid.push(s("path", { class: "leader", d: `M${edge} ${level}H${first}` }));
    const at = edge - forward * 9;
    layers.texts.push(s("text", {
      class: `tiny${forward > 0 ? " end" : ""}${isTroubled(packet) ? ` strong ${look}` : ""}`, x: at, y: level + 4,
    }, packetLabel(packet)));
  };

  const cross = (cx, cy) => s("path", { class: "mark loss", d: `M${cx - 5} ${cy - 5}l10 10m0 -10l-10 10` });

  const nextPoint = (from, forward) => {
    for (let point = from + forward; point >= 0 && point < points.length; point += forward) if (seen.has(point)) return point;
    const beyond = from + forward;
    return beyond >= 0 && beyond < points.length ? beyond : null;
  };

  const select = (packet, reveal) => {
    state.selected = packet;
    if (packet && reveal) {
      const level = heightsOf(packet)[0];
      if (level < area.scrollTop + 20 || level > area.scrollTop + area.clientHeight - LADDER.top - 60) {
        area.scrollTop = Math.max(0, level - area.clientHeight / 3);
      }
    }
    detail.replaceChildren(...(packet ? packetDetail(packet, ladder) : [h("p", { class: "muted" }, "Point at a packet, or press the arrow keys.")]));
    draw();
  };

  const step = by => {
    const at = state.selected ? state.selected.index + by : by > 0 ? 0 : packets.length - 1;
    if (packets[at]) select(packets[at], true);
  };
  const stepTrouble = by => {
    const at = state.selected ? state.selected.index : -1;
    const next = by > 0 ? troubles.find(packet => packet.index > at) || troubles[0]
      : troubles.findLast(packet => packet.index < at) || troubles[troubles.length - 1];
    if (next) select(next, true);
  };

  const setZoom = (factor, around = area.clientHeight / 2) => {
    const held = scale().time((area.scrollTop + around - LADDER.top - 14) / zoom());
    const least = state.mode === "scale" ? fitZoom() : 0.25;
    const most = state.mode === "scale" ? 4e6 / scales.scale.height : 6;
    state.zoom[state.mode] = Math.min(most, Math.max(least, zoom() * factor));
    layout();
    area.scrollTop = height(held) - around + LADDER.top + 14;
    draw();
  };

  const setMode = mode => {
    const held = scale().time(Math.max(0, area.scrollTop + area.clientHeight / 3 - LADDER.top) / zoom());
    state.mode = mode;
    if (mode === "scale" && state.zoom.scale === 1) state.zoom.scale = fitZoom();
    layout();
    area.scrollTop = height(held) - area.clientHeight / 3;
    draw();
  };

  area.addEventListener("scroll", draw);
  area.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    setZoom(event.deltaY < 0 ? 1.25 : 0.8, event.clientY - area.getBoundingClientRect().top);
  }, { passive: false });
  surface.addEventListener("pointerover", event => {
    const line = event.target.closest(".packetline");
    if (line && packets[line.dataset.index] !== state.selected) select(packets[line.dataset.index], false);
  });
  area.addEventListener("keydown", event => {
    const actions = {
      ArrowDown: () => step(1), ArrowUp: () => step(-1), n: () => stepTrouble(1), p: () => stepTrouble(-1),
      "+": () => setZoom(1.5), "-": () => setZoom(1 / 1.5),
    };
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[event.key]();
  });

  const button = (text, says, action) => h("button", { type: "button", title: says, "aria-label": says, on: { click: action } }, text);
  const modes = [["compressed", "pauses compressed"], ["rows", "a row for each packet"], ["scale", "to scale"]].map(([mode, text]) => h("label", {},
    h("input", { type: "radio", name: "laddermode", value: mode, checked: mode === state.mode, on: { change: () => setMode(mode) } }), " ", text));
  const toolbar = h("div", { class: "toolbar" },
    h("span", { role: "radiogroup", "aria-label": "Time" }, "Time: ", modes),
    button("−", "Zoom out (-)", () => setZoom(1 / 1.5)), button("+", "Zoom in (+)", () => setZoom(1.5)),
    troubles.length > 0 && [button("‹ trouble", "Previous trouble (P)", () => stepTrouble(-1)),
      button("trouble ›", "Next trouble (N)", () => stepTrouble(1))],
    h("span", { class: "muted" }, ladder.inAll > packets.length
      ? `${grouped(packets.length)} of ${count(ladder.inAll, "packet")}, ${troubles.length ? "those around the trouble" : "the first ones"}`
      : count(packets.length, "packet")));

  const start = () => {
    layout();
    if (troubles.length) {
      area.scrollTop = Math.max(0, heightsOf(troubles[0])[0] - area.clientHeight / 3);
      select(troubles[0], false);
    } else select(packets[0], false);
  };
  const watcher = new ResizeObserver(() => { layout(); draw(); });
  watcher.observe(area);
  return { toolbar, area, detail, start, stop: () => watcher.disconnect(), select };
};

// Which way along the points a packet runs: 1 towards the last one, -1 towards the first.
const towards = (packet, connection) => {
  const [first, last] = [packet.sightings[0].point, packet.sightings[packet.sightings.length - 1].point];
  if (first !== last) return last > first ? 1 : -1;
  return packet.direction === 0 ? 1 : -1;
};

const FATE_WORDS = {
  open: "not decided, or outside the next capture", answered: "taken in by a box that answers itself",
  merged: "went on as part of another packet",
};

const packetDetail = (packet, ladder) => {
  const direction = DIRECTIONS[packet.direction];
  const facts = [
    packet.seq === null ? null : `sequence number ${packet.seq} on the wire at ${name(packet.sightings[0].point)}`,
    packet.fate === "arrived" ? null : `fate: ${FATE_WORDS[packet.fate] || packet.fate}`,
  ].filter(Boolean).join("; ");
  let before = null;
  const rows = packet.sightings.map(sighting => {
    const took = before === null ? "" : duration(sighting.time - before);
    before = sighting.time;
    return h("tr", {}, h("th", { scope: "row" }, name(sighting.point)),
      h("td", { class: "number", title: points[sighting.point].files[sighting.file] }, grouped(sighting.frame)),
      h("td", { class: "number" }, since(sighting.time)), h("td", { class: "number" }, took));
  });
  return [
    h("p", { class: "strong" }, `${direction}: ${packetTitle(packet)}`), facts && h("p", { class: "muted" }, facts),
    h("table", {}, h("thead", {}, h("tr", {}, ["Point", "Frame", "Seen at", "After"].map((title, column) =>
      h("th", { scope: "col", class: column ? "number" : null }, title)))), h("tbody", {}, rows)),
    packet.events.map(event => h("p", { class: "eventline" }, eventText(event))),
  ].flat().filter(Boolean);
};

// One event in a sentence.
const eventText = event => {
  const kind = KINDS[event.kind];
  const parts = [h("strong", { class: kind.look }, kind.says), ` between ${stretch(event.near, event.far, event.direction)}`];
  if (event.field) parts.push(`, ${event.field}${event.before === null ? "" : ` ${event.before} → ${event.after}`}`);
  parts.push(` (${confidence(event.confidence)} sure${event.evidence.length ? ": " + event.evidence.join("; ") : ""})`);
  return parts;
};

// The same packets as a table, for those who do not see the drawing.
const packetTable = ladder => pagedTable({
  label: "Packets of the connection", rows: ladder.packets, pageSize: 50,
  columns: [
    { key: "time", title: "Seen first", number: true, value: row => row.sightings[0].time, cell: row => since(row.sightings[0].time) },
    { key: "direction", title: "Direction", value: row => row.direction, cell: row => DIRECTIONS[row.direction] },
    { key: "packet", title: "Packet", cell: row => packetTitle(row) },
    { key: "frames", title: "Frames", cell: row => row.sightings.map(sighting => `${name(sighting.point)} ${sighting.frame}`).join(", ") },
    { key: "fate", title: "Fate", value: row => row.fate, cell: row => row.fate },
    { key: "events", title: "What happened", value: row => row.events.length, number: false,
      cell: row => row.events.map(event => `${KINDS[event.kind].says} ${stretch(event.near, event.far, event.direction)}`).join("; ") },
  ],
});
