// Numbers, durations and times as people read them; every number has its unit.

const grouped = number => {
  const sign = number < 0 ? "-" : "";
  return sign + String(Math.abs(number)).replace(/\B(?=(\d{3})+$)/g, ",");
};

const count = (number, noun) => `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;

// A share in percent; only nothing is 0, and only all is 100.
const percent = share => {
  if (!(share > 0)) return "0 %";
  if (share >= 1) return "100 %";
  if (share < 0.0001) return "<0.01 %";
  if (share < 0.000995) return (share * 100).toFixed(2) + " %";
  return (share >= 0.9995 ? ">99.9" : (share * 100).toFixed(1)) + " %";
};

const confidence = share => `${Math.floor(share * 100 + 1e-6)} %`;

// Nanoseconds in the unit that suits them. A bound is rounded up: it must not shrink by being shown.
const duration = (ns, up = false) => {
  const sign = ns < 0 ? "-" : "";
  const size = Math.abs(ns);
  if (size < 1000) return `${sign}${up ? Math.ceil(size) : Math.round(size)} ns`;
  for (const [unit, name] of [[1e3, "µs"], [1e6, "ms"], [1e9, "s"]]) {
    const round = up ? value => Math.ceil(value - 1e-9) : Math.round;
    const tenths = round(size / unit * 10);
    if (tenths < 1000) return `${sign}${tenths / 10} ${name}`;
    if (round(size / unit) < 1000 || name === "s") return `${sign}${grouped(round(size / unit))} ${name}`;
  }
};

const bytes = size => {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${(size / 1e3).toFixed(1)} kB`;
  if (size < 1e9) return `${(size / 1e6).toFixed(1)} MB`;
  return `${(size / 1e9).toFixed(1)} GB`;
};

// Seconds since the start of the report, down to the microsecond.
const since = ns => `${(ns / 1e9).toFixed(6)} s`;

// A moment as date and time of day in the zone of the report, from nanoseconds since its start.
const moment = ns => {
  const whole = BigInt(data.start) + BigInt(Math.round(ns));
  const date = new Date(Number(whole / 1000000n) + data.utcOffset * 1000);
  return isNaN(date) ? "–" : date.toISOString().replace("T", " ").replace("Z", ` ${data.zone}`);
};

// Steps of 1, 2 or 5 times a power of ten that cut a range into about so many parts.
const ticks = (low, high, about) => {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = Math.pow(10, Math.floor(Math.log10(span / about)));
  const step = [1, 2, 5, 10].map(times => times * power).find(step => span / step <= about) || span;
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) found.push(value);
  return found;
};
