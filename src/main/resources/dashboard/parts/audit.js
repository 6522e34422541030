// Who changed what.
import {html, useEffect, useState} from './html.js';
import {useLoad} from './load.js';
import {Loading, Trouble} from './empty.js';
import {Table} from './table.js';
import {ago, time} from './format.js';

const PAGE = 25;
const KINDS = [['key', 'of keys'], ['', 'of everything'], ['routing', 'of routing'], ['version', 'of versions'], ['platform', 'of the default type']];

/** @param only the id of a key whose changes alone are shown, or null; news changes whenever there may be some, first is the kind that is shown at first */
export function Audit({only, onOnly, news, api, first = 'key'}) {
  const [kind, setKind] = useState(first);
  const [cursors, setCursors] = useState([]);
  useEffect(() => setCursors([]), [kind, only]);
  const cursor = cursors.at(-1) || '';
  const page = useLoad((signal) => api(`/audit?${new URLSearchParams([['n_limit', PAGE], ...Object.entries({kind: only ? 'key' : kind, key: only || '', cursor})
    .filter(([, value]) => value !== '')])}`, {signal}), [kind, only, cursor, news]);
  return html`<section class="card" aria-label="Changes"><div class="card-head"><h2>Changes</h2>
      ${only ? html`<span>of the key <code>${only}</code> <button type="button" class="link" onClick=${() => onOnly(null)}>Show all</button></span>`
        : html`<select aria-label="Which changes" value=${kind} onChange=${(event) => setKind(event.currentTarget.value)}>${KINDS.map(([value, label]) => html`
          <option key=${value} value=${value}>${label}</option>`)}</select>`}</div>
    ${page.problem && html`<${Trouble} problem=${page.problem} retry=${page.reload} />`}
    ${!page.data && !page.problem && html`<${Loading} />`}
    ${page.data && html`<${Table} label="Changes" rows=${page.data.changes} rowKey=${(change) => `${change.kind} ${change.subject} ${change.revision} ${change.at}`} columns=${[
        {key: 'at', label: 'When', render: (change) => html`<span class="nowrap" title=${ago(change.at)}>${time(change.at)}</span>`},
        {key: 'by', label: 'Who', render: (change) => change.by ?? '–'},
        {key: 'subject', label: 'What', render: (change) => html`<span>${change.subject} <span class="muted small">${change.kind}</span></span>`},
        {key: 'action', label: 'Change', render: (change) => change.action.replaceAll('_', ' ')},
        {key: 'to', label: 'From, to', render: (change) => [change.from, change.to].filter(Boolean).join(' → ') || '–'},
        {key: 'reason', label: 'Why', render: (change) => change.reason ?? '–'},
      ]} />
      ${(cursors.length > 0 || page.data.next_cursor) && html`<nav class="pager" aria-label="Pages of changes">
        <button type="button" disabled=${cursors.length === 0} onClick=${() => setCursors(cursors.slice(0, -1))}>Newer</button><span>Page ${cursors.length + 1}</span>
        <button type="button" disabled=${!page.data.next_cursor} onClick=${() => setCursors([...cursors, page.data.next_cursor])}>Older</button></nav>`}`}
  </section>`;
}
