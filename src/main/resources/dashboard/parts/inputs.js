// Inputs as they were sent, with the names of their features where these are known.
import {html, useState} from './html.js';
import {breakable} from './row-form.js';

const MOST_ROWS = 20;

export function Inputs({inputs, version}) {
  const [raw, setRaw] = useState(false);
  const rows = named(inputs, version);
  const asJson = raw || !rows;
  return html`${asJson ? html`<pre class="code" tabindex="0" aria-label="Inputs as JSON">${pretty(inputs)}</pre>`
    : rows.slice(0, MOST_ROWS).map((row, i) => html`<div key=${i}>${rows.length > 1 && html`<h3 class="row-title">Row ${i + 1}</h3>`}
        <dl class="values">${row.map(([name, value]) => html`<div key=${name}><dt>${breakable(name)}</dt><dd>${value === null ? 'missing' : String(value)}</dd></div>`)}</dl></div>`)}
    ${rows && rows.length > MOST_ROWS && !raw && html`<p class="small muted">and ${rows.length - MOST_ROWS} more rows</p>`}
    ${rows && html`<button type="button" class="link small" onClick=${() => setRaw(!raw)}>${raw ? 'By name' : 'As JSON'}</button>`}`;
}

/** Rows as pairs of names and plain values, or null where they are something else. */
function named(inputs, version) {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  const rows = list.every((value) => value === null || typeof value !== 'object') ? [list] : list;
  const names = version?.inputs.flatMap((input) => input.features?.map((feature) => feature.name) || [input.name]) || [];
  const read = rows.map((row) => {
    if (!row || typeof row !== 'object') return null;
    if (!Array.isArray(row)) return Object.entries(row);
    return row.length === names.length ? row.map((value, i) => [names[i], value]) : null;
  });
  return read.every((row) => row && row.every(([, value]) => value === null || typeof value !== 'object')) ? read : null;
}

/** A row a line: lists of numbers would fill the screen one by one. */
function pretty(inputs) {
  if (!Array.isArray(inputs) || inputs.every((value) => typeof value !== 'object')) return JSON.stringify(inputs);
  return `[\n  ${inputs.map((row) => JSON.stringify(row)).join(',\n  ')}\n]`;
}
