// Every prediction that was made or refused, the newest first.
import {html, useEffect, useRef, useState} from '../parts/html.js';
import {useLoad} from '../parts/load.js';
import {Loading, Trouble} from '../parts/empty.js';
import {Table} from '../parts/table.js';
import {Badge} from '../parts/state.js';
import {TypeChoice} from '../parts/choice.js';
import {useTypes} from '../parts/types.js';
import {brief} from '../parts/answer.js';
import {LogEntry, Status, rowsOf} from '../parts/log-entry.js';
import {ago, ms, time} from '../parts/format.js';

const PAGE = 25;
const EVERY_MS = 2000;
const FILTERS = ['type', 'version', 'status', 'since', 'until'];
const STATUSES = [['', 'all'], ['ok', 'answered'], ['error', 'failed'], ['422', '422 invalid input'], ['429', '429 too many'],
  ['404', '404 not found'], ['500', '500 failed inside'], ['503', '503 not now'], ['504', '504 too late']];

export default function Logs(props) {
  const {params, query, address} = props;
  // Coming back from one prediction shows the list as it was left.
  const left = useRef(query);
  if (!params.id) left.current = query;
  if (params.id) return html`<${LogEntry} key=${params.id} ...${props} id=${params.id} back=${address('/logs', left.current)} />`;
  return html`<${List} ...${props} />`;
}

function List({api, query, go, address, live, can}) {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query[name] || '']));
  const filtered = JSON.stringify(filters);
  const types = useTypes(api, live, can('read'));
  const [follow, setFollow] = useState(false);
  // The cursors of the pages before this one, and of this one last; none is the newest page.
  const [cursors, setCursors] = useState([]);
  const seen = useRef(null);
  useEffect(() => {
    setCursors([]);
    seen.current = null;
  }, [filtered]);
  const cursor = cursors.at(-1) || '';
  const page = useLoad((signal) => api(`/logs?${parameters({...filters, cursor})}`, {signal}), [filtered, cursor]);
  const following = follow && cursors.length === 0;
  useEffect(() => {
    if (!following) return undefined;
    const timer = setInterval(() => { if (!document.hidden) page.reload(); }, EVERY_MS);
    return () => clearInterval(timer);
  }, [following, page.reload]);
  const rows = page.data?.logs || [];
  const known = seen.current;
  useEffect(() => {
    if (page.data) seen.current = new Set(rows.map((row) => row.prediction_id));
  }, [page.data]);
  const set = (name, value) => go('/logs', {...filters, [name]: value});

  return html`<div class="head"><h1>Logs</h1>
      <label class="check inline"><input type="checkbox" name="follow" checked=${following} onChange=${(event) => {
        setFollow(event.currentTarget.checked);
        setCursors([]);
      }} /><span>Follow new ones</span></label></div>
    <form class="filters" onSubmit=${(event) => event.preventDefault()} aria-label="Filter">
      <${TypeChoice} api=${api} types=${types} value=${filters.type} all="all types" onValue=${(value) => set('type', value)} />
      <label class="field"><span>Version</span><input type="text" name="version" value=${filters.version} placeholder="all" autocomplete="off"
        onChange=${(event) => set('version', event.currentTarget.value.trim())} /></label>
      <label class="field"><span>Status</span><select name="status" value=${filters.status} onChange=${(event) => set('status', event.currentTarget.value)}>
        ${STATUSES.map(([value, label]) => html`<option key=${value} value=${value}>${label}</option>`)}</select></label>
      <${Moment} label="Since" name="since" value=${filters.since} onValue=${(value) => set('since', value)} />
      <${Moment} label="Until" name="until" value=${filters.until} onValue=${(value) => set('until', value)} />
      ${FILTERS.some((name) => filters[name]) && html`<div class="actions"><button type="button" onClick=${() => go('/logs')}>Show all</button></div>`}
    </form>
    ${page.problem && html`<${Trouble} problem=${page.problem} retry=${page.reload} />`}
    ${!page.data && !page.problem && html`<${Loading} />`}
    ${page.data && html`<section class="card" aria-label="Predictions" aria-live=${following ? 'polite' : undefined}>
      <${Table} label="Predictions" rows=${rows} rowKey=${(row) => row.prediction_id} pageSize=${PAGE}
        rowClass=${(row) => (following && known && !known.has(row.prediction_id) ? 'fresh' : undefined)}
        empty=${FILTERS.some((name) => filters[name]) ? 'No prediction is like this.' : 'Nothing was predicted yet.'} columns=${[
          {key: 'at', label: 'When', render: (row) => html`<a class="nowrap" href=${address(['logs', row.prediction_id])} title=${ago(row.at)}>${time(row.at)}</a>`},
          {key: 'model', label: 'Model', render: (row) => (row.model_type ? `${row.model_type} ${row.model_version ?? row.requested_version ?? ''}` : '–')},
          {key: 'status', label: 'Status', render: (row) => html`<${Status} row=${row} />`},
          {key: 'rows', label: 'Rows', render: rowsOf},
          {key: 'told', label: 'Prediction', render: (row) => (row.predictions ? `${row.predictions.slice(0, 3).map(brief).join('; ')}${row.predictions.length > 3 ? '; …' : ''}` : '–')},
          {key: 'key', label: 'Key', render: (row) => row.key_id ?? '–'},
          {key: 'notes', label: 'Notes', render: (row) => html`<span class="badges">${row.cached && html`<${Badge}>cached</${Badge}>`}${row.arm && html`<${Badge} kind="accent">arm ${row.arm}</${Badge}>`}</span>`},
          {key: 'total', label: 'Took', number: true, render: (row) => ms(row.timing_ms.total)},
        ]} />
      ${(cursors.length > 0 || page.data.next_cursor) && html`<nav class="pager" aria-label="Pages">
        <button type="button" disabled=${cursors.length === 0} onClick=${() => setCursors(cursors.slice(0, -1))}>Newer</button>
        <span>Page ${cursors.length + 1}</span>
        <button type="button" disabled=${!page.data.next_cursor || page.loading} onClick=${() => setCursors([...cursors, page.data.next_cursor])}>Older</button></nav>`}
    </section>`}`;
}

function parameters(values) {
  return new URLSearchParams([['n_limit', PAGE], ...Object.entries(values).filter(([, value]) => value !== '')]).toString();
}

/** A time of the reader's clock; the address has it in UTC, so that it means the same to whoever it is sent to. */
function Moment({label, name, value, onValue}) {
  const at = value ? new Date(value) : null;
  const local = at && !Number.isNaN(at.getTime()) ? time(value).replace(' ', 'T') : '';
  return html`<label class="field"><span>${label}</span><input type="datetime-local" step="1" name=${name} value=${local}
    onChange=${(event) => onValue(event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : '')} /></label>`;
}
