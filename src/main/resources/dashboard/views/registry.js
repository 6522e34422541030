// What should be served, as read from the store: how fresh it is, what could not be read, and who changed what.
import {html, useState} from '../parts/html.js';
import {useLive} from '../parts/live.js';
import {useLoad, useSettled} from '../parts/load.js';
import {ask} from '../parts/dialog.js';
import {Loading, Trouble, sentence} from '../parts/empty.js';
import {Audit} from '../parts/audit.js';
import {Table} from '../parts/table.js';
import {ago, count, duration, plural, time} from '../parts/format.js';

export default function Registry({api, live, toast, can, who}) {
  const {generation, registry: news} = useLive(live);
  const settled = useSettled(`${generation} ${news?.failing} ${news?.quarantined}`, 300);
  const {data, problem, reload} = useLoad((signal) => api('/registry', {signal}), [settled]);
  const [syncing, setSyncing] = useState(false);
  const [report, setReport] = useState(null);
  const sync = async () => {
    setSyncing(true);
    try {
      setReport(await api('/registry/sync', {method: 'POST'}));
      reload();
    } catch (refused) {
      toast(refused);
    } finally {
      setSyncing(false);
    }
  };
  if (problem && !data) return html`<h1>Registry</h1><${Trouble} problem=${problem} retry=${reload} />`;
  if (!data) return html`<h1>Registry</h1><${Loading} />`;
  const stale = news?.stale_ms ?? data.stale_ms;
  return html`
    <div class="head"><h1>Registry</h1>
      ${can('operate') && html`<button type="button" class="primary" disabled=${syncing} onClick=${sync}>${
        syncing ? 'Reading the store…' : 'Sync now'}</button>`}
      <p class="sub">Read from <span class="mono">${data.store}</span></p></div>
    ${data.failing && html`<div class="note bad"><p><b>The store does not answer.</b> ${sentence(data.last_error)}</p>
      <p>What was read before goes on being served; changes wait until it is back.</p></div>`}
    ${report && html`<${Report} report=${report} close=${() => setReport(null)} />`}
    <dl class="tiles">
      <div class=${`tile ${data.failing ? 'bad' : ''}`}><dt>Last read</dt><dd>${stale === null ? 'never' : stale < 1500 ? 'just now'
        : `${duration(stale)} ago`}</dd></div>
      <div class="tile"><dt>Types</dt><dd>${count(data.counts.types)}</dd></div>
      <div class="tile"><dt>Versions</dt><dd>${count(data.counts.versions)}</dd></div>
      ${data.counts.keys !== null && html`<div class="tile"><dt>API keys</dt><dd>${count(data.counts.keys)}</dd></div>`}
      <div class=${`tile ${data.counts.quarantined > 0 ? 'warn' : ''}`}><dt>In quarantine</dt><dd>${count(data.counts.quarantined)}</dd></div>
    </dl>
    <section class="card"><dl class="facts">
      <dt>Snapshot</dt><dd><code>${data.snapshot_id}</code> <span class="muted">since ${time(data.read_at)}</span></dd>
      <dt>Default type</dt><dd><${DefaultType} api=${api} toast=${toast} type=${news?.default_type}
        may=${can('operate') && who.types.length === 0} done=${reload} /></dd>
      ${data.last_failure && html`<dt>Last failure</dt><dd>${ago(data.last_failure)}: ${data.last_error}</dd>`}
    </dl></section>
    <section class="card"><h2>Quarantine</h2>
      <${Table} label="Quarantine" rows=${data.quarantine} rowKey=${(row) => row.key} pageSize=${25}
        empty="Everything in the store could be read." columns=${[
          {key: 'key', label: 'Document', grow: true, render: (row) => html`<code>${row.key}</code>`},
          {key: 'reason', label: 'Why it is not served', grow: true, render: (row) => sentence(row.reason)},
          {key: 'since', label: 'Since', number: true, render: (row) => html`<span title=${time(row.since)}>${ago(row.since)}</span>`},
        ]} />
      ${data.quarantine.length > 0 && html`<p class="small muted">Each is looked at again whenever the whole store is read. Put right what is
        wrong in the store, then sync.</p>`}</section>
    ${can('admin') ? html`<${Audit} api=${api} news=${settled} first="" />`
      : html`<section class="card"><h2>Changes</h2><p class="muted">Who changed what in all of the registry is shown to keys with the role${' '}
        <code>admin</code>. Of one type it stands in its history, under <a href="#/models">Models</a>.</p></section>`}`;
}

/** What a sync changed. */
function Report({report, close}) {
  const lists = [['New', report.added], ['Changed', report.changed], ['Gone', report.removed]].filter(([, keys]) => keys.length > 0);
  return html`<div class="note" role="status"><div class="card-head"><b>${lists.length === 0 ? 'Nothing has changed since the last time.'
    : 'The store was read.'}</b><button type="button" class="quiet icon" aria-label="Dismiss" onClick=${close}>×</button></div>
    ${lists.map(([name, keys]) => html`<p key=${name}>${name}: ${keys.slice(0, 20).map((key, i) => html`${i > 0 && ', '}<code>${key}</code>`)}${
      keys.length > 20 && ` and ${plural(keys.length - 20, 'more', 'more')}`}</p>`)}</div>`;
}

function DefaultType({api, toast, type, may, done}) {
  const change = async () => {
    const answer = await ask({title: 'Which type does POST /predict mean?', action: 'Set',
      text: 'Callers that name no model get this one. It concerns everybody.',
      fields: [{name: 'type', label: 'Type', value: type ?? '', required: true}]});
    if (!answer) return;
    try {
      await api('/registry/default-type', {method: 'PUT', body: {type: answer.type.trim()}});
      toast(`POST /predict means ${answer.type.trim()}`);
      done();
    } catch (problem) {
      toast(problem);
    }
  };
  return html`${type ? html`<b>${type}</b>` : html`<span class="muted">none: callers must name one</span>`}
    ${may && html` <button type="button" class="link small" onClick=${change}>change</button>`}`;
}
