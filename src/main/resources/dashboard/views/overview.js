// What the server does now, and what somebody should see to.
import {html} from '../parts/html.js';
import {useLive} from '../parts/live.js';
import {Empty, Loading, Trouble, sentence} from '../parts/empty.js';
import {Plot} from '../parts/plot.js';
import {Progress, State, isBusy} from '../parts/state.js';
import {Table} from '../parts/table.js';
import {count, digits, duration, ms, percent, plural} from '../parts/format.js';
import {problems} from '../parts/problems.js';

/** The numbers of the tiles are means over so many seconds: single seconds jump. */
const MEAN_OVER = 10;
const SHOWN_SECONDS = 600;
const LEAST_SECONDS = 120;

export default function Overview({live, address, can}) {
  const {state, problem, samples, registry, top, models, hello, system} = useLive(live);
  if (!hello) {
    return html`<h1>Overview</h1>${problem && state === 'refused'
      ? html`<${Trouble} problem=${problem} />`
      : html`<${Loading} what=${state === 'lost' ? 'Waiting for the server' : 'Connecting'} />`}`;
  }
  if (registry && registry.versions === 0) return html`<${FirstModel} registry=${registry} />`;
  const last = recent(samples);
  const found = problems({registry, models, system, address});
  const busy = [...(models?.values() ?? [])].filter((model) => isBusy(model.state));
  return html`
    <div class="head"><h1>Overview</h1>
      <p class="sub">${registry && html`${plural(registry.types, 'type')}, ${plural(registry.versions, 'version')} · `}
        replica <span class="mono">${hello.replica}</span>${system && html` · up ${duration(system.uptime_ms)}`}</p></div>
    ${found.length > 0 && html`<section class="card" aria-labelledby="problems">
      <h2 id="problems">${plural(found.length, 'thing')} to see to</h2>
      <ul class="problems">${found.map((one) => html`<li key=${one.key} class=${`problem ${one.kind}`}>
        <p><strong>${one.title}</strong>${one.href && html` <a href=${one.href}>Look</a>`}</p>
        <p>${sentence(one.detail)}</p>${one.advice && html`<p class="muted">${one.advice}</p>`}</li>`)}</ul>
    </section>`}
    <dl class="tiles">
      <${Tile} name="Requests" value=${digits(last.requests)} unit="/s" />
      <${Tile} name="Latency p95" value=${ms(last.p95)} />
      <${Tile} name="Errors" value=${percent(last.errorRate)} kind=${last.failed > 0 ? 'bad' : ''} />
      <${Tile} name="From the cache" value=${percent(last.cacheRate)} />
      <${Tile} name="In flight" value=${count(last.inFlight)} />
    </dl>
    <${Plots} samples=${samples} />
    ${busy.length > 0 && html`<section class="card"><h2>Loading</h2><${Loads} models=${busy} address=${address} /></section>`}
    <section class="card"><h2>Busiest in the last minute</h2>
      <${Table} label="Busiest models" rowKey=${(row) => `${row.type}/${row.version}`} rows=${top ?? []}
        empty=${html`No requests in the last minute. ${can('predict') && html`<a href="#/try">Try a model</a>`}`} columns=${[
          {key: 'model', label: 'Model', grow: true, render: (row) => html`
            <a href=${address(['models', row.type, row.version])}>${row.type} <span class="muted">${row.version}</span></a>`},
          {key: 'rate', label: 'Requests', number: true, render: (row) => `${digits(row.rate)} /s`},
          {key: 'errors', label: 'Errors', number: true, render: (row) => html`
            <span class=${row.error_rate > 0 ? 'bad-text' : ''}>${percent(row.error_rate)}</span>`},
          {key: 'p50', label: 'p50', number: true, render: (row) => ms(row.p50)},
          {key: 'p95', label: 'p95', number: true, render: (row) => ms(row.p95)},
          {key: 'cache', label: 'From the cache', number: true, render: (row) => percent(row.cache_hit_rate)},
        ]} />
    </section>`;
}

function Tile({name, value, unit, kind = ''}) {
  return html`<div class=${`tile ${kind}`}><dt>${name}</dt><dd>${value}${unit && html`<small> ${unit}</small>`}</dd></div>`;
}

function Plots({samples}) {
  const to = samples.t.at(-1) ?? Date.now() / 1000;
  const range = {from: Math.min(to - LEAST_SECONDS, Math.max(to - SHOWN_SECONDS, samples.t[0] ?? to)), to};
  const perSecond = (value) => (value === null || value === undefined ? '–' : `${digits(value)}/s`);
  const hits = samples.requests.map((requests, i) => {
    const answered = requests - samples.refused[i] - samples.failed[i];
    return answered > 0 ? Math.min(1, samples.cached[i] / answered) : null;
  });
  return html`<div class="grid two">
    <div class="card"><${Plot} label="Throughput" ...${range} format=${perSecond}
      data=${[samples.t, samples.requests]} series=${[{label: 'requests', color: 'c1', fill: true}]} /></div>
    <div class="card"><${Plot} label="Latency" log ...${range} format=${ms}
      data=${[samples.t, samples.p50, samples.p95, samples.p99]}
      series=${[{label: 'p50', color: 'c3'}, {label: 'p95', color: 'c1'}, {label: 'p99', color: 'c2'}]} /></div>
    <div class="card"><${Plot} label="Errors" ...${range} format=${perSecond}
      data=${[samples.t, samples.failed, samples.refused]}
      series=${[{label: 'failed here (5xx)', color: 'bad', fill: true}, {label: 'refused (4xx)', color: 'warn'}]} /></div>
    <div class="card"><${Plot} label="Answers from the cache" ...${range} max=${1}
      format=${(value) => (value === null || value === undefined ? '–' : `${Math.round(value * 100)} %`)}
      data=${[samples.t, hits]} series=${[{label: 'hit rate', color: 'c4', fill: true}]} /></div>
  </div>`;
}

function Loads({models, address}) {
  return html`<${Table} label="Models that are loading" rows=${models} rowKey=${(row) => `${row.type}/${row.version}`} columns=${[
    {key: 'model', label: 'Model', grow: true, render: (row) => html`
      <a href=${address(['models', row.type, row.version])}>${row.type} <span class="muted">${row.version}</span></a>`},
    {key: 'state', label: 'State', render: (row) => html`<${State} state=${row.state} />`},
    {key: 'progress', label: 'Progress', render: (row) => html`<${Progress} state=${row.state} download=${row.download} />`},
  ]} />`;
}

/** Means of the last seconds; the latency is the highest p95 in them. */
function recent(samples) {
  const tail = (name) => samples[name].slice(-MEAN_OVER);
  const sum = (name) => tail(name).reduce((a, b) => a + (b ?? 0), 0);
  const seconds = Math.max(1, tail('t').length);
  const requests = sum('requests');
  const errors = sum('refused') + sum('failed');
  const latencies = tail('p95').filter((value) => value !== null && value !== undefined);
  return {
    requests: requests / seconds,
    failed: sum('failed'),
    errorRate: requests > 0 ? errors / requests : null,
    cacheRate: requests - errors > 0 ? Math.min(1, sum('cached') / (requests - errors)) : null,
    p95: latencies.length > 0 ? Math.max(...latencies) : null,
    inFlight: samples.in_flight.at(-1),
  };
}

function FirstModel({registry}) {
  return html`<${Empty} title="No model has been published yet">
    <p>Everything under <code>${registry.store}</code> is served. Push a first model, and it is an endpoint a moment later:</p>
    <pre>bin/modelyard push my-model.ubj --type penguins --version 1</pre>
    <p>This page notices by itself. <a href="/docs">The API</a> takes one by <code>PUT /models/penguins/1</code>, too.</p>
  </${Empty}>`;
}
