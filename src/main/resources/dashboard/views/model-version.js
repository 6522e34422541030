// One version: how it stands here, what it takes and gives, and what was said about it when it was made.
import {html} from '../parts/html.js';
import {useLive} from '../parts/live.js';
import {useLoad, useSettled} from '../parts/load.js';
import {Loading, Trouble, sentence} from '../parts/empty.js';
import {Badge, Progress, State} from '../parts/state.js';
import {Table} from '../parts/table.js';
import {path} from '../parts/api.js';
import {ago, bytes, count, digits, ms, plural, time} from '../parts/format.js';
import {useWorking} from '../parts/working.js';
import {Buttons} from './model-type.js';

/** So many features are shown without being asked for. */
const FEW = 12;

export function Version({api, live, params, address, toast, can}) {
  const {type, version} = params;
  const {generation, models} = useLive(live);
  const settled = useSettled(generation, 300);
  const {data, problem, reload} = useLoad((signal) => api(path`/models/${type}/${version}`, {signal}), [type, version, settled]);
  const whole = useLoad((signal) => api(path`/models/${type}`, {signal}), [type, settled]);
  const [working, run] = useWorking({api, toast}, () => Promise.all([reload(), whole.reload()]));
  const head = html`<nav class="crumbs" aria-label="Where this is"><a href="#/models">Models</a> / ${' '}<a href=${address(['models', type])}>${type}</a></nav>`;
  if (problem && !data) return html`${head}<h1>${version}</h1><${Trouble} problem=${problem} retry=${reload} />`;
  if (!data) return html`${head}<h1>${version}</h1><${Loading} />`;
  const news = data.deleted ? null : models?.get(`${type}/${data.model_version}`);
  const now = news ? {...data, state: news.state, reason: news.reason, download: news.download} : data;
  const routing = {active: whole.data?.active_version, previous: whole.data?.previous_version, revision: whole.data?.revision};
  return html`${head}
    <div class="head"><h1>${type} <span class="muted">${data.model_version}</span></h1><div class="actions">
      ${can('predict', type) && !data.deleted && html`<a href=${address(['try', type, data.model_version])}>Try it</a>`}
      ${can('operate', type) && whole.data && html`<${Buttons} type=${type} row=${now} working=${working} run=${run}
        routing=${routing} />`}</div></div>
    ${now.state === 'FAILED' && html`<div class="note bad"><p><b>It cannot be loaded.</b> ${sentence(now.reason)}</p>
      ${now.retry_at && html`<p>Tried again at the next request after ${time(now.retry_at)}.</p>`}</div>`}
    ${now.deleted && html`<div class="note warn">Deleted ${ago(now.deleted.at)}${now.deleted.by && ` by ${now.deleted.by}`}.${' '}
      ${now.deleted.reason} ${now.deleted.restorable ? 'It can be restored.' : 'Its files are gone.'}</div>`}
    ${now.warnings.map((warning) => html`<div class="note warn" key=${warning}>${sentence(warning)}</div>`)}
    <div class="grid">
      <section class="card"><h2>On this server</h2><${Here} data=${now} /></section>
      <section class="card"><h2>Published</h2><${Published} data=${now} /></section>
    </div>
    <section class="card"><h2>Inputs</h2><${Tensors} tensors=${data.inputs} /></section>
    <section class="card"><h2>Outputs</h2><${Tensors} tensors=${data.outputs} /></section>
    ${data.metrics && html`<div class="grid">${Object.entries(data.metrics).map(([name, values]) => html`
      <section class="card" key=${name}><h2>${title(name)}</h2><${Values} values=${values} /></section>`)}</div>`}
    ${data.training && html`<section class="card"><h2>Training</h2><${Values} values=${data.training} /></section>`}`;
}

function Here({data}) {
  return html`<dl class="facts">
    <dt>State</dt><dd><span class="badges"><${State} state=${data.state} />${data.active && html`<${Badge} kind="accent">active</${Badge}>`}</span>
      <${Progress} state=${data.state} download=${data.download} /></dd>
    ${data.state !== 'FAILED' && data.reason && html`<dt>Why</dt><dd>${data.reason}</dd>`}
    <dt>Loaded in</dt><dd>${ms(data.load_time_ms)}</dd>
    <dt>Warmed up in</dt><dd>${ms(data.warmup_time_ms)}</dd>
    <dt>Memory</dt><dd>${data.memory ? html`${bytes(data.memory.measured_bytes ?? data.memory.estimated_bytes)}
      <span class="muted"> ${data.memory.measured_bytes ? 'measured' : `estimated from ${data.memory.estimated_from}`}</span>` : '–'}</dd>
    <dt>Last used</dt><dd>${data.last_used_at ? ago(data.last_used_at) : '–'}</dd>
    <dt>In flight</dt><dd>${count(data.in_flight)}</dd>
    ${data.batching && html`<dt>Batching</dt><dd>${data.batching.enabled
      ? `up to ${data.batching.max_batch_size} rows together` : 'off: it does not gain from it'}${data.batching.gain
      && html` <span class="muted">(${digits(data.batching.gain)} times as fast)</span>`}</dd>`}
  </dl>`;
}

function Published({data}) {
  return html`<dl class="facts">
    <dt>Made</dt><dd>${time(data.created_at)} <span class="muted">${ago(data.created_at)}</span></dd>
    <dt>By</dt><dd>${data.created_by ?? '–'}</dd>
    <dt>Runtime</dt><dd>${data.runtime}</dd>
    <dt>Files</dt><dd>${plural(data.files, 'file')}, ${bytes(data.size_bytes)}</dd>
    <dt>Digest</dt><dd><code>${data.digest}</code></dd>
    ${Object.entries(data.labels).length > 0 && html`<dt>Labels</dt><dd><span class="badges">${Object.entries(data.labels).map(([name, value]) =>
      html`<${Badge} key=${name}>${name}: ${value}</${Badge}>`)}</span></dd>`}
  </dl>`;
}

function Tensors({tensors}) {
  if (tensors.length === 0) return html`<p class="muted">Told by the model itself when it is loaded.</p>`;
  return tensors.map((tensor) => html`<div class="tensor" key=${tensor.name}>
    <p><b class="mono">${tensor.name}</b> <span class="muted">${tensor.dtype} [${tensor.shape.map((size) => (size < 0 ? 'rows' : size)).join(', ')}]</span></p>
    ${tensor.labels && html`<p>Labels: ${tensor.labels.join(', ')}</p>`}
    ${tensor.features && html`<details open=${tensor.features.length <= FEW}><summary>${plural(tensor.features.length, 'feature')}</summary><${Table} label=${`Features of ${tensor.name}`} rows=${tensor.features} rowKey=${(row) => row.name}
      pageSize=${100} columns=${[
        {key: 'name', label: 'Feature', grow: true, render: (row) => row.name},
        ...(tensor.features.some((row) => row.unit) ? [{key: 'unit', label: 'Unit', render: (row) => row.unit ?? '–'}] : []),
        {key: 'minimum', label: 'From', number: true, render: (row) => digits(row.minimum)},
        {key: 'maximum', label: 'To', number: true, render: (row) => digits(row.maximum)},
      ]} /></details>`}</div>`);
}

/** What somebody wrote or measured, whatever it is; what is inside of something else is told with its name before. */
function Values({values}) {
  return html`<dl class="facts">${flat(values).map(([name, value]) => html`
    <dt key=${name}>${title(name)}</dt><dd>${typeof value === 'number' ? digits(value) : String(value)}</dd>`)}</dl>`;
}

const flat = (values, before = '') => Object.entries(values).flatMap(([name, value]) =>
  (value !== null && typeof value === 'object' && !Array.isArray(value) ? flat(value, `${before}${name}: `) : [[before + name,
    Array.isArray(value) ? value.map((one) => (typeof one === 'object' ? JSON.stringify(one) : one)).join(', ') : value]]));

const title = (name) => sentence(name.replaceAll('_', ' '));
