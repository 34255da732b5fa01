// The data of the report, with its rows unpacked.

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const points = data.points;

const DIRECTIONS = ["client to server", "server to client"];
const ARROWS = ["→", "←"];
const FATES = ["arrived", "lost", "not captured", "merged", "open", "answered"];

// Kinds of event by their number: the word of the report, what to call one in a sentence, and the colour.
const KINDS = [
  { word: "drop", says: "lost", look: "loss" },
  { word: "not-captured", says: "not captured", look: "missed" },
  { word: "reorder", says: "late", look: "reorder" },
  { word: "duplicate", says: "duplicated", look: "duplicate" },
  { word: "corrupt", says: "corrupted", look: "change" },
  { word: "inject", says: "injected", look: "inject" },
  { word: "rewrite", says: "rewritten", look: "change" },
];
const [DROP, MISSED, REORDER, DUPLICATE, CORRUPT, INJECT, REWRITE] = KINDS.keys();

const frameOf = row => row && { point: row[0], file: row[1], frame: row[2] };

const events = data.events.map((row, index) => ({
  index, kind: row[0], near: row[1], far: row[2], point: row[3], direction: row[4], connection: row[5], time: row[6],
  upstream: frameOf(row[7]), downstream: frameOf(row[8]), ipID: row[9], seq: row[10], length: row[11],
  flags: row[12] === null ? null : words[row[12]], field: row[13] === null ? null : words[row[13]],
  before: row[14], after: row[15], confidence: row[16], evidence: row[17].map(word => words[word]),
}));

const eventsOf = new Map();
for (const event of events) {
  if (!eventsOf.has(event.connection)) eventsOf.set(event.connection, []);
  eventsOf.get(event.connection).push(event);
}
for (const list of eventsOf.values()) list.sort((a, b) => a.time - b.time);

const connections = data.connections.map(row => {
  const legs = [];
  for (let index = 0; index < row[9].length; index += 3) {
    legs.push({ point: row[9][index], client: words[row[9][index + 1]], server: words[row[9][index + 2]] });
  }
  return {
    id: row[0], protocol: words[row[1]], start: row[2], end: row[3], c2s: row[4], s2c: row[5], lost: row[6],
    events: row[7], kinds: row[8], legs, points: row[10], confidence: row[11],
    evidence: row[12].map(word => words[word]), terminated: row[13], ambiguous: row[14],
  };
});
const connectionByID = new Map(connections.map(connection => [connection.id, connection]));

// Ladders are unpacked when one is opened.
const ladderRows = new Map(data.ladders.map(row => [row[0], row]));
const ladderOf = id => {
  const row = ladderRows.get(id);
  if (!row) return null;
  const packets = row[3].map((packet, index) => {
    const sightings = [];
    for (let place = 0; place < packet[9].length; place += 4) {
      sightings.push({
        point: packet[9][place], file: packet[9][place + 1], frame: packet[9][place + 2], time: packet[9][place + 3],
      });
    }
    return {
      index, direction: packet[0], flags: packet[1], seq: packet[2], offset: packet[3], ack: packet[4],
      length: packet[5], fate: FATES[packet[6]], skipped: packet[7], events: packet[8].map(place => events[place]),
      sightings,
    };
  });
  return { id, start: row[1], inAll: row[2], packets };
};

const FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
const flagNames = flags => flags === null ? "" : FLAGS.filter((_, bit) => flags & (1 << bit)).join(",") || "<None>";

const name = position => points[position].name;
const stretch = (near, far, direction) =>
  `${name(near)} ${direction === undefined ? "→" : ARROWS[direction]} ${name(far)}`;
const segmentOf = (near, far) => data.segments.find(segment => segment.near === near && segment.far === far);
const place = (near, far) => {
  const box = segmentOf(near, far)?.inside;
  return box ? `${box} (${stretch(near, far)})` : stretch(near, far);
};
const frameText = frame =>
  `${name(frame.point)} frame ${grouped(frame.frame)}` +
  (points[frame.point].files.length > 1 ? ` of ${points[frame.point].files[frame.file]}` : "");

// The median delay with its bound, or the bound alone where it is the wider.
const delayText = delay => {
  if (!delay) return "–";
  const { p50: median, error } = delay;
  if (error >= median) return `≤ ${duration(Math.max(0, median) + error, true)}`;
  return `${duration(median)} ± ${duration(error, true)}`;
};

// What is wrong on a segment in one direction, the worst first: [look, text].
const harms = ledger => {
  const found = [];
  const say = (number, look, word) => { if (number > 0) found.push([look, `${grouped(number)} ${word}`]); };
  if (ledger.lost > 0) found.push(["loss", `${grouped(ledger.lost)} lost, ${percent(ledger.loss_ratio)}`]);
  say(ledger.corrupted, "change", "corrupted");
  say(ledger.rewritten, "change", "rewritten");
  say(ledger.injected, "inject", "injected");
  say(ledger.reordered, "reorder", "late");
  say(ledger.duplicated, "duplicate", "duplicated");
  say(ledger.not_captured, "missed", "not captured");
  say(ledger.undecided, "missed", "undecided");
  return found;
};
