// Two answers to the same question.
import {html} from './html.js';
import {Table} from './table.js';
import {Badge} from './state.js';
import {brief, number} from './answer.js';
import {percent} from './format.js';

/** The greatest difference between numbers at the same places, or null where the two are not alike. */
export function distance(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b ? 0 : null;
  const names = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return null;
  let most = 0;
  for (const name of names) {
    // That another class is the likeliest is said by the word itself.
    const one = name === 'label' || name === 'labels' ? 0 : distance(a[name], b[name]);
    if (one === null) return null;
    most = Math.max(most, one);
  }
  return most;
}

/**
 * @param before, after {title, predictions}
 */
export function Comparison({before, after}) {
  const rows = before.predictions.map((value, i) => ({i, a: value, b: after.predictions[i]}));
  const changed = rows.filter((row) => brief(row.a) !== brief(row.b)).length;
  return html`<p>${changed === 0 ? 'Both say the same' : `Of ${rows.length === 1 ? 'one row' : `${rows.length} rows`}, ${changed} ${changed === 1 ? 'differs' : 'differ'}`}.</p>
    <${Table} label="Comparison" rows=${rows} rowKey=${(row) => row.i} pageSize=${20} columns=${[
      {key: 'row', label: 'Row', render: (row) => row.i + 1},
      {key: 'a', label: before.title, render: (row) => html`<${Side} value=${row.a} />`},
      {key: 'b', label: after.title, render: (row) => html`<${Side} value=${row.b} />`},
      {key: 'd', label: 'Greatest difference', number: true, render: (row) => html`<${Difference} row=${row} />`},
    ]} />`;
}

const Side = ({value}) => html`<span><b>${brief(value)}</b>${typeof value?.confidence === 'number'
  && html` <span class="muted">${percent(value.confidence)}</span>`}</span>`;

function Difference({row}) {
  const apart = row.b === undefined ? null : distance(row.a, row.b);
  const other = brief(row.a) !== brief(row.b);
  const text = apart === null ? 'not alike' : apart === 0 ? 'none' : number(apart);
  return html`<span>${text} ${other && html`<${Badge} kind="warn">differs</${Badge}>`}</span>`;
}
