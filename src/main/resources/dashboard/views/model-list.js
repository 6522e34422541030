// All types, page by page: the server searches, so that thousands are no burden.
import {html, useEffect, useState} from '../parts/html.js';
import {useLive} from '../parts/live.js';
import {useLoad, useSettled} from '../parts/load.js';
import {Empty, Loading, Trouble} from '../parts/empty.js';
import {Badge, Progress, State, isBusy} from '../parts/state.js';
import {Pager, Table} from '../parts/table.js';
import {ago, count, plural, time} from '../parts/format.js';

const PAGE = 50;

export function Types({api, live, address, query, go}) {
  const [search, setSearch] = useState(query.search ?? '');
  const state = query.state ?? '';
  const page = Math.max(0, Number(query.page ?? 1) - 1);
  const wanted = useSettled(search.trim());
  const {generation, models} = useLive(live);
  const settled = useSettled(generation, 400);
  const show = (changes) => go('/models', {search: wanted, state, page: '', ...changes});
  useEffect(() => { if (wanted !== (query.search ?? '')) show({search: wanted}); }, [wanted]);
  const asked = new URLSearchParams({search: query.search ?? '', limit: PAGE, offset: page * PAGE, ...(state && {state})});
  const {data, problem, reload} = useLoad((signal) => api(`/dashboard/types?${asked}`, {signal}), [asked.toString(), settled]);
  const filtered = Boolean(query.search || state);
  const pages = data ? Math.max(1, Math.ceil(data.total / PAGE)) : 1;
  return html`
    <div class="head"><h1>Models</h1>${data && html`<p class="sub">${plural(data.total, 'type')}${filtered ? ' found' : ''}</p>`}</div>
    <form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="field wide"><span>Type</span><input type="search" name="search" value=${search} placeholder="part of a name"
        onInput=${(event) => setSearch(event.currentTarget.value)} /></label>
      <label class="field"><span>With a version that is</span><select name="state" value=${state}
          onChange=${(event) => show({state: event.currentTarget.value})}>
        <option value="">in any state</option><option value="ready">ready</option><option value="failed">failed</option>
        <option value="loading">loading</option><option value="downloading">downloading</option></select></label>
    </form>
    ${problem && html`<${Trouble} problem=${problem} retry=${reload} />`}
    ${!data && !problem && html`<${Loading} />`}
    ${data && data.total === 0 && !filtered && html`<${Empty} title="No model has been published yet">
      <p>Push a first one, and it is an endpoint a moment later:</p>
      <pre>bin/modelyard push my-model.ubj --type penguins --version 1</pre></${Empty}>`}
    ${data && (data.total > 0 || filtered) && html`<section class="card">
      <${Table} label="Types" rows=${data.types} rowKey=${(row) => row.model_type} pageSize=${PAGE}
        empty="No type is like that." columns=${columns(address, models)} />
      ${pages > 1 && html`<${Pager} page=${page} pages=${pages} total=${data.total} onPage=${(to) => show({page: to + 1})} />`}
    </section>`}`;
}

function columns(address, models) {
  const busy = (type) => [...(models?.values() ?? [])].filter((model) => model.type === type && isBusy(model.state));
  return [
    {key: 'type', label: 'Type', grow: true, render: (row) => html`<div><a href=${address(['models', row.model_type])}>
      <b>${row.model_type}</b></a> <span class="badges">${row.experiment && html`
        <${Badge} kind="accent" title="Requests are split between versions">experiment</${Badge}>`}${row.local && html`
        <${Badge} kind="warn" title="This server alone answers with another version">local override</${Badge}>`}${
        Object.entries(row.aliases).slice(0, 4).map(([alias, version]) => html`
        <${Badge} title=${`@${alias} is version ${version}`}>@${alias}</${Badge}>`)}</span></div>`},
    {key: 'active', label: 'Active', render: (row) => (row.active_version
      ? html`<span>${row.active_version} <span class="badges"><${State} state=${row.active_state} />${row.follows_latest && html`
        <${Badge} title="Whatever version is the latest">latest</${Badge}>`}</span></span>`
      : html`<span class="bad-text">none</span>`)},
    {key: 'versions', label: 'Versions', number: true, render: (row) => html`<span>${count(row.versions)}${row.deleted > 0
      && html` <span class="muted small">+ ${count(row.deleted)} deleted</span>`}</span>`},
    {key: 'here', label: 'On this server', render: (row) => html`<div>${Object.entries(row.states).length === 0
      ? html`<span class="muted">not loaded</span>`
      : html`<span class="badges">${Object.entries(row.states).map(([state, number]) => html`
        <span key=${state} class="nowrap">${count(number)} <${State} state=${state} /></span>`)}</span>`}
      ${busy(row.model_type).map((model) => html`<${Progress} key=${model.version} state=${model.state} download=${model.download}
        label=${`${model.type} ${model.version}`} />`)}</div>`},
    {key: 'runtime', label: 'Runtime', render: (row) => row.runtime ?? '–'},
    {key: 'newest', label: 'Newest', number: true, render: (row) => html`<span title=${time(row.newest_at)}>${ago(row.newest_at)}</span>`},
  ];
}
