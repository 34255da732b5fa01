// Sequence numbers over time, as tcptrace draws them, with the same packets at all points laid over each other.

const drawSequence = ladder => {
  const packets = ladder.packets.filter(packet => packet.offset !== null);
  if (!packets.length) return null;
  const carried = direction => packets.reduce((sum, packet) => sum + (packet.direction === direction ? packet.length : 0), 0);
  const present = [...new Set(packets.flatMap(packet => packet.sightings.map(sighting => sighting.point)))].sort((a, b) => a - b);
  const state = { direction: carried(1) > carried(0) ? 1 : 0, follow: false, window: null, hidden: new Set() };
  const surface = s("svg", { class: "sequence", role: "img" });
  const colour = position => `p${points.length < 2 ? 0 : Math.round(position * 7 / (points.length - 1))}`;
  const size = { width: 520, height: 330, left: 66, right: 10, top: 8, bottom: 34 };
  surface.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);

  const draw = () => {
    const sent = packets.filter(packet => packet.direction === state.direction && !(packet.flags & 4));
    const acks = packets.filter(packet => packet.direction !== state.direction && packet.ack !== null && !(packet.flags & 4));
    const all = packets.flatMap(packet => packet.sightings.map(sighting => sighting.time));
    let [from, to] = [Math.min(...all), Math.max(...all)];
    if (state.follow && state.window) [from, to] = [Math.max(from, state.window.from), Math.min(to, state.window.to)];
    if (!(to > from)) to = from + 1000;
    const inside = packet => packet.sightings.some(sighting => sighting.time >= from && sighting.time <= to);
    const seen = sent.filter(inside);
    const values = [...seen.flatMap(packet => [packet.offset, packet.offset + packet.length]), ...acks.filter(inside).map(packet => packet.ack)]
      .filter(value => value >= 0);
    let [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
    if (high - low < 10) high = low + 10;
    high += (high - low) * 0.05;
    const x = time => size.left + (time - from) / (to - from) * (size.width - size.left - size.right);
    const y = value => size.height - size.bottom - (value - low) / (high - low) * (size.height - size.top - size.bottom);
    const parts = [];
    for (const value of ticks(low, high, 5)) {
      parts.push(s("path", { class: "gridline", d: `M${size.left} ${y(value)}H${size.width - size.right}` }),
        s("text", { class: "tiny muted end", x: size.left - 6, y: y(value) + 4 }, grouped(value)));
    }
    for (const value of ticks(from, to, 5)) {
      parts.push(s("path", { class: "gridline", d: `M${x(value)} ${size.top}V${size.height - size.bottom}` }),
        s("text", { class: "tiny muted middle", x: x(value), y: size.height - size.bottom + 14 }, `${+(value / 1e9).toPrecision(6)} s`));
    }
    // What the sender has heard: acknowledgements as seen where the sender is.
    const home = acks.flatMap(packet => packet.sightings.map(sighting => sighting.point));
    const near = state.direction === 0 ? Math.min(...home) : Math.max(...home);
    let d = "", reached = null;
    for (const packet of acks) {
      const sighting = packet.sightings.find(sighting => sighting.point === near);
      if (!sighting || sighting.time < from || sighting.time > to || packet.ack < low) continue;
      if (reached !== null && packet.ack < reached) continue;
      d += d ? `H${x(sighting.time).toFixed(1)}V${y(packet.ack).toFixed(1)}` : `M${x(sighting.time).toFixed(1)} ${y(packet.ack).toFixed(1)}`;
      reached = packet.ack;
    }
    if (d) parts.push(s("path", { class: "ackline", d }));
    for (const position of present) {
      if (state.hidden.has(position)) continue;
      let bars = "";
      for (const packet of seen) {
        const sighting = packet.sightings.find(sighting => sighting.point === position);
        if (!sighting || packet.offset < 0) continue;
        const top = y(packet.offset + packet.length), foot = y(packet.offset);
        bars += `M${x(sighting.time).toFixed(1)} ${foot.toFixed(1)}V${Math.min(top, foot - 3).toFixed(1)}m-2 0h4`;
      }
      parts.push(s("path", { class: `bar ${colour(position)}`, d: bars }));
    }
    for (const packet of seen) {
      if (packet.fate !== "lost") continue;
      const last = packet.sightings[packet.sightings.length - 1];
      const [cx, cy] = [x(last.time), y(packet.offset + packet.length / 2)];
      parts.push(s("path", { class: "mark loss", d: `M${cx - 4} ${cy - 4}l8 8m0 -8l-8 8` },
        s("title", {}, `${packetTitle(packet)} lost behind ${name(last.point)}`)));
    }
    parts.push(s("text", { class: "tiny muted middle", x: (size.left + size.width) / 2, y: size.height - 4 }, "time since the connection's start"),
      s("text", { class: "tiny muted", x: size.left + 5, y: 16 }, "bytes"));
    surface.setAttribute("aria-label",
      `Sequence numbers over time, ${DIRECTIONS[state.direction]}: ${count(seen.length, "packet")}, ${seen.filter(packet => packet.fate === "lost").length} lost.`);
    surface.replaceChildren(...parts);
  };

  const direction = h("select", { "aria-label": "Direction of the data", on: { change: () => { state.direction = +direction.value; draw(); } } },
    DIRECTIONS.map((text, index) => h("option", { value: index, selected: index === state.direction }, text)));
  const follow = h("input", { type: "checkbox", on: { change: () => { state.follow = follow.checked; draw(); } } });
  const keys = present.map(position => {
    const box = h("input", { type: "checkbox", checked: true, on: { change: () => {
      if (box.checked) state.hidden.delete(position); else state.hidden.add(position);
      draw();
    } } });
    return h("label", { class: `pointkey ${colour(position)}` }, box, h("span", { class: "swatch" }), name(position));
  });
  draw();
  return {
    node: h("figure", { class: "sequencebox" }, h("figcaption", {}, h("strong", {}, "Sequence numbers over time")),
      h("div", { class: "toolbar" }, direction, h("label", {}, follow, " only what the ladder shows")), surface,
      h("div", { class: "keys" }, keys, h("span", { class: "key" }, h("span", { class: "swatch ack" }), "acknowledged, as the sender hears it"),
        h("span", { class: "key" }, h("span", { class: "swatch loss" }), "lost"))),
    show(window) { state.window = window; if (state.follow) draw(); },
  };
};
