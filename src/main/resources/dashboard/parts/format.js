// Numbers and times for people. What is not known is an en dash.
const NONE = '–';
const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);

/** Milliseconds, to three digits: 0.08 ms, 12.5 ms, 1.35 s. */
export function ms(value) {
  if (!known(value)) return NONE;
  if (value >= 60_000) return duration(value);
  if (value >= 1000) return `${digits(value / 1000)} s`;
  return `${digits(value)} ms`;
}

/** A length of time in its two largest units: 3 d 4 h, 12 min, 8 s. */
export function duration(value) {
  if (!known(value)) return NONE;
  const seconds = Math.max(0, Math.floor(value / 1000));
  const units = [[86_400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return value >= 1 ? `${Math.round(value)} ms` : '0 s';
  const [size, unit] = units[first];
  const head = `${Math.floor(seconds / size)} ${unit}`;
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds % size) / next[0]) : 0;
  return rest > 0 ? `${head} ${rest} ${next[1]}` : head;
}

/** Bytes with binary units. */
export function bytes(value) {
  if (!known(value)) return NONE;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : digits(size)} ${units[unit]}`;
}

/** Three digits that count, without an exponent. */
export function digits(value) {
  if (!known(value)) return NONE;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return Math.round(value).toLocaleString('en');
  if (size >= 10) return trimmed(value.toFixed(1));
  if (size >= 1) return trimmed(value.toFixed(2));
  return trimmed(value.toPrecision(3));
}

const trimmed = (text) => (text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text);

/** A count: 12,345. */
export const count = (value) => (known(value) ? Math.round(value).toLocaleString('en') : NONE);

/** A part of one: 0.031 is 3.1 %. */
export const percent = (value) => (known(value) ? `${digits(value * 100)} %` : NONE);

/** One or many: 1 version, 3 versions. */
export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** How long ago a time in ISO-8601 was. */
export function ago(iso, now = Date.now()) {
  if (!iso) return NONE;
  const past = now - Date.parse(iso);
  if (past < 5000 && past > -5000) return 'just now';
  return past < 0 ? `in ${duration(-past)}` : `${duration(past)} ago`;
}

/** A time in ISO-8601 as the reader's clock shows it. */
export function time(iso) {
  if (!iso) return NONE;
  const at = new Date(iso);
  const pad = (number) => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} `
    + `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}
