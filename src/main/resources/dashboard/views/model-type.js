// One type: which version answers, all versions with what can be done to them, and who changed what.
import {html, useState} from '../parts/html.js';
import {useLive} from '../parts/live.js';
import {useLoad, useSettled} from '../parts/load.js';
import {Loading, Trouble} from '../parts/empty.js';
import {Badge, Progress, State, isBusy} from '../parts/state.js';
import {Table} from '../parts/table.js';
import {path} from '../parts/api.js';
import {ago, bytes, count, ms, plural, time} from '../parts/format.js';
import {useWorking} from '../parts/working.js';
import * as actions from '../parts/model-actions.js';

/** So many versions are looked through without a filter. */
const EASY = 12;

export function Type({api, live, params, address, toast, can}) {
  const {type} = params;
  const {generation, models} = useLive(live);
  const settled = useSettled(generation, 300);
  const {data, problem, reload} = useLoad((signal) => api(path`/models/${type}`, {signal}), [type, settled]);
  const history = useLoad((signal) => api(path`/models/${type}/history`, {signal}), [type, data?.revision]);
  const [filter, setFilter] = useState('');
  const [working, run] = useWorking({api, toast}, reload);
  if (problem && !data) return html`<${Crumbs} /><h1>${type}</h1><${Trouble} problem=${problem} retry=${reload} />`;
  if (!data) return html`<${Crumbs} /><h1>${type}</h1><${Loading} />`;

  const routing = {active: data.active_version, previous: data.previous_version, revision: data.revision};
  const operates = can('operate', type);
  const versions = data.versions.map((version) => withNews(version, models))
    .filter((version) => version.model_version.toLowerCase().includes(filter.trim().toLowerCase()));
  const living = data.versions.filter((version) => !version.deleted).map((version) => version.model_version);
  return html`
    <${Crumbs} />
    <div class="head"><h1>${type}</h1><div class="actions">
      ${can('predict', type) && html`<a href=${address(['try', type])}>Try it</a>`}
      ${operates && data.previous_version && html`<button type="button" aria-disabled=${working !== null}
        onClick=${() => run('rollback', (tools) => actions.rollBack(tools, type, routing))}>Roll back to ${data.previous_version}</button>`}
      ${operates && !data.follows_latest && html`<button type="button" aria-disabled=${working !== null}
        onClick=${() => run('latest', (tools) => actions.activate(tools, type, '@latest', routing))}>Follow the latest</button>`}
    </div></div>
    ${data.local_override && html`<div class="note warn"><b>This server alone answers with version${' '}
      ${data.local_override.version}</b> instead of ${data.local_override.replaces ?? 'the latest'}, until${' '}
      ${time(data.local_override.until)}.${data.local_override.reason && ` ${data.local_override.reason}`}</div>`}
    <section class="card"><dl class="facts">
      <dt>Active</dt><dd>${data.active_version
        ? html`<a href=${address(['models', type, data.active_version])}><b>${data.active_version}</b></a>${data.follows_latest
          && html` <span class="muted">because it is the latest</span>`}`
        : html`<span class="bad-text">no version can answer</span>`}</dd>
      <dt>Active before</dt><dd>${data.previous_version ?? '–'}</dd>
      <dt>Aliases</dt><dd><${Aliases} data=${data} operates=${operates} living=${living} run=${run} /></dd>
    </dl></section>
    <section class="card"><div class="card-head"><h2>${plural(data.versions.length, 'version')}</h2>
      ${data.versions.length > EASY && html`<label><span class="hidden">Filter versions</span><input type="search" placeholder="Filter"
        value=${filter} onInput=${(event) => setFilter(event.currentTarget.value)} /></label>`}</div>
      <${Table} label="Versions" rows=${versions} rowKey=${(row) => row.model_version} pageSize=${25} empty="No version is like that."
        columns=${columns({type, address, data, operates, working, run, routing})} />
    </section>
    <section class="card"><h2>History</h2><${History} history=${history} /></section>`;
}

const Crumbs = () => html`<nav class="crumbs" aria-label="Where this is"><a href="#/models">Models</a></nav>`;

/** What was told since the list was asked for. */
function withNews(version, models) {
  const news = models?.get(`${version.model_type}/${version.model_version}`);
  return news && !version.deleted ? {...version, state: news.state, reason: news.reason, download: news.download} : version;
}

function Aliases({data, operates, living, run}) {
  const names = Object.entries(data.aliases);
  const type = data.model_type;
  return html`<span class="actions">${names.length === 0 && html`<span class="muted">none</span>`}
    ${names.map(([alias, version]) => html`<span key=${alias} class="nowrap"><${Badge} kind="accent">@${alias}</${Badge}> ${version}
      ${operates && html` <button type="button" class="link small" aria-label=${`Move @${alias}`}
        onClick=${() => run('alias', (tools) => actions.setAlias(tools, type, living, {revision: data.revision, name: alias, version}))}>move</button>
        <button type="button" class="link small" aria-label=${`Remove @${alias}`}
          onClick=${() => run('alias', (tools) => actions.removeAlias(tools, type, alias, data))}>remove</button>`}</span>`)}
    ${operates && living.length > 0 && html`<button type="button" class="link small"
      onClick=${() => run('alias', (tools) => actions.setAlias(tools, type, living, {revision: data.revision}))}>Add an alias</button>`}</span>`;
}

function columns({type, address, data, operates, working, run, routing}) {
  return [
    {key: 'version', label: 'Version', grow: true, render: (row) => html`<div><a href=${address(['models', type, row.model_version])}>
      <b>${row.model_version}</b></a> <span class="badges">${row.active && html`<${Badge} kind="accent">active</${Badge}>`}${
      Object.entries(data.aliases).filter(([, version]) => version === row.model_version).map(([alias]) => html`
        <${Badge}>@${alias}</${Badge}>`)}</span></div>`},
    {key: 'state', label: 'State', render: (row) => html`<div><${State} state=${row.state} />
      <${Progress} state=${row.state} download=${row.download} label=${`${type} ${row.model_version}`} />
      ${row.state === 'FAILED' && html`<div class="small bad-text">${row.reason}</div>`}
      ${row.deleted && html`<div class="small muted">${ago(row.deleted.at)}${row.deleted.by && ` by ${row.deleted.by}`}</div>`}</div>`},
    {key: 'made', label: 'Made', render: (row) => html`<span class="nowrap" title=${time(row.created_at)}>${ago(row.created_at)}</span>`},
    {key: 'size', label: 'Files', number: true, render: (row) => bytes(row.size_bytes)},
    {key: 'memory', label: 'Memory', number: true, render: (row) => (row.memory
      ? bytes(row.memory.measured_bytes ?? row.memory.estimated_bytes) : '–')},
    {key: 'load', label: 'Loaded in', number: true, render: (row) => ms(row.load_time_ms)},
    ...(operates ? [{key: 'do', label: '', cls: 'acts', render: (row) => html`<${Buttons} type=${type} row=${row} working=${working}
      run=${run} routing=${routing} />`}] : []),
  ];
}

/** What can be done to one version. */
export function Buttons({type, row, working, run, routing}) {
  const version = row.model_version;
  const button = (what, label, work, cls = '') => html`<button type="button" class=${cls} aria-disabled=${working !== null}
    aria-label=${`${label} ${type} ${version}`} onClick=${() => run(`${what} ${version}`, work)}>${
    working === `${what} ${version}` ? html`<span class="spinner"></span>` : label}</button>`;
  if (row.deleted) {
    return row.deleted.restorable
      ? html`<span class="actions end-actions">${button('restore', 'Restore', (tools) => actions.restore(tools, type, version, routing))}</span>`
      : html`<span class="small muted">files removed</span>`;
  }
  const loaded = row.state === 'READY';
  return html`<span class="actions end-actions">
    ${!row.active && button('activate', 'Activate', (tools) => actions.activate(tools, type, version, routing), 'primary')}
    ${loaded ? button('unload', 'Unload', (tools) => actions.unload(tools, type, version, routing))
      : !isBusy(row.state) && button('load', 'Load', (tools) => actions.load(tools, type, version))}
    ${!row.active && button('delete', 'Delete', (tools) => actions.remove(tools, type, version, routing), 'danger-text')}</span>`;
}

function History({history}) {
  if (history.problem) return html`<${Trouble} problem=${history.problem} retry=${history.reload} />`;
  if (!history.data) return html`<${Loading} />`;
  return html`<${Table} label="History" rows=${history.data.revisions} rowKey=${(row) => row.revision} pageSize=${15}
    empty="Nothing was changed yet: the latest version answers." columns=${[
      {key: 'revision', label: 'Revision', number: false, render: (row) => count(row.revision)},
      {key: 'at', label: 'When', render: (row) => html`<span title=${time(row.at)}>${ago(row.at)}</span>`},
      {key: 'by', label: 'Who', render: (row) => row.by ?? '–'},
      {key: 'what', label: 'What', grow: true, render: (row) => html`<span>${row.action.replaceAll('_', ' ')} ${change(row)}</span>`},
      {key: 'why', label: 'Why', render: (row) => row.reason ?? ''},
    ]} />`;
}

const change = ({from, to}) => (from && to ? `${from} → ${to}` : to ?? from ?? '');
