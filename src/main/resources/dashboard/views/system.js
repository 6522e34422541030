// What this server takes of its machine, and how its parts are.
import {html, useEffect, useState} from '../parts/html.js';
import {useLive} from '../parts/live.js';
import {useLoad} from '../parts/load.js';
import {ask} from '../parts/dialog.js';
import {Loading, Trouble, sentence} from '../parts/empty.js';
import {Badge} from '../parts/state.js';
import {bytes, count, digits, duration, ms, percent, plural} from '../parts/format.js';

const HEALTH_EVERY_MS = 10_000;

export default function System({api, live, toast, can, who}) {
  const {system, hello} = useLive(live);
  const health = useLoad((signal) => api('/health', {signal}).catch((problem) => {
    // A server that is not well says so with 503, and with the same body.
    if (problem.body?.details) return problem.body;
    throw problem;
  }), []);
  useEffect(() => {
    const timer = setInterval(health.reload, HEALTH_EVERY_MS);
    return () => clearInterval(timer);
  }, [health.reload]);
  return html`
    <div class="head"><h1>System</h1>${hello && html`<p class="sub">Replica <span class="mono">${hello.replica}</span> · version${' '}
      ${hello.version}${system && ` · up ${duration(system.uptime_ms)}`}</p>`}</div>
    ${!system && html`<${Loading} what="Waiting for the server" />`}
    ${system && html`<${Figures} system=${system} tools=${{api, toast, may: can('operate') && who.types.length === 0}} />`}
    <section class="card"><h2>Health</h2>
      ${health.problem && html`<${Trouble} problem=${health.problem} retry=${health.reload} />`}
      ${health.data && html`<${Health} health=${health.data} />`}
    </section>`;
}

function Figures({system, tools}) {
  const {models, artifacts, log, disk} = system;
  return html`
    <dl class="tiles">
      <div class="tile"><dt>CPU, this process</dt><dd>${percent(system.process_cpu)}<small> of ${plural(system.cores, 'core')}</small></dd></div>
      <div class="tile"><dt>CPU, machine</dt><dd>${percent(system.system_cpu)}</dd></div>
      <div class="tile"><dt>Threads</dt><dd>${count(system.threads)}</dd></div>
      <div class="tile"><dt>Garbage collection</dt><dd>${ms(system.gc_ms)}<small> in ${plural(system.gc_count, 'run')}</small></dd></div>
    </dl>
    <div class="grid">
      <section class="card"><h2>Memory</h2>
        <${Meter} name="Java heap" used=${system.heap_used} max=${system.heap_max} />
        <${Meter} name="Models" used=${models.bytes} max=${models.max_bytes} high=${1.01} />
        ${system.resident_bytes && html`<${Meter} name="Whole process, of the machine" used=${system.resident_bytes}
          max=${system.machine_bytes} />`}
        <p class="small muted">${plural(models.models, 'model')} in memory${models.max_models ? ` of at most ${count(models.max_models)}` : ''}${
          models.waiting > 0 ? `, ${count(models.waiting)} waiting for room` : ''}; ${count(models.evictions)} had to leave since the start.</p>
      </section>
      <section class="card"><h2>Disk</h2>
        <${Meter} name="Disk of the data directory" used=${disk.total_bytes - disk.free_bytes} max=${disk.total_bytes} high=${0.95} />
        <${Meter} name="Artifact cache" used=${artifacts.bytes} max=${artifacts.max_bytes} high=${1.01} />
        <p class="small muted">${plural(artifacts.versions, 'version')} on this disk; ${bytes(artifacts.fetched_bytes)} fetched since the start,${' '}
          ${bytes(artifacts.shared_bytes)} shared between versions, ${plural(artifacts.evicted_versions, 'version')} removed for space${
          artifacts.damaged > 0 ? `, ${plural(artifacts.damaged, 'file')} found damaged` : ''}.</p>
        ${tools.may && html`<${DropCopies} ...${tools} />`}
      </section>
      <section class="card"><h2>Request log</h2><dl class="facts">
        <dt>Database</dt><dd>${bytes(log.database_bytes)}</dd>
        <dt>Written</dt><dd>${count(log.written)} <span class="muted">since the start</span></dd>
        <dt>Waiting</dt><dd>${plural(log.queued_rows, 'row')}, ${bytes(log.queued_bytes)}</dd>
        <dt>Not logged</dt><dd class=${log.dropped > 0 ? 'bad-text' : ''}>${count(log.dropped)}</dd>
        <dt>Failures</dt><dd class=${log.failures > 0 ? 'bad-text' : ''}>${count(log.failures)}</dd>
        ${log.last_error && html`<dt>Now</dt><dd class="bad-text">${sentence(log.last_error)}</dd>`}
      </dl></section>
    </div>`;
}

/** How full something is. */
function Meter({name, used, max, high = 0.9}) {
  const part = max > 0 ? used / max : 0;
  return html`<div class=${`meter ${part >= high ? 'high' : ''}`}>
    <div class="meter-words"><span>${name}</span><span class="muted">${bytes(used)} of ${bytes(max)}</span></div>
    <progress value=${Math.min(1, part)} max="1" aria-label=${name}></progress></div>`;
}

function DropCopies({api, toast}) {
  const drop = async () => {
    const answer = await ask({
      title: 'Drop the local copies of models?',
      text: html`<p>What no request is led to by itself leaves this server's memory and disk, and is fetched again when somebody asks for it.
        Nothing is deleted in the store. Active and aliased versions stay.</p>`,
      action: 'Drop', danger: true,
    });
    if (!answer) return;
    try {
      const result = await api('/delete-models', {method: 'DELETE'});
      toast(`${plural(result.dropped.length, 'version')} dropped, ${bytes(result.bytes)} free again`);
    } catch (problem) {
      toast(problem);
    }
  };
  return html`<button type="button" onClick=${drop}>Drop local copies…</button>`;
}

const NAMES = {http: 'HTTP', requestlog: 'Request log', predictioncache: 'Prediction cache', jdbc: 'Database', ssl: 'TLS'};
const WORDS = {UP: 'good', DOWN: 'bad', UNKNOWN: 'warn'};

function Health({health}) {
  const parts = Object.entries(health.details ?? {}).sort(([a], [b]) => a.localeCompare(b));
  return html`<p>Altogether <${Status} status=${health.status} /></p>
    <div class="parts">${parts.map(([name, part]) => html`<details key=${name} open=${part.status !== 'UP'}>
      <summary><span>${NAMES[name] ?? sentence(name.replaceAll(/([A-Z])|_/g, ' $1').toLowerCase())}</span><${Status} status=${part.status} /></summary>
      ${part.details && html`<dl class="facts small">${Object.entries(flat(part.details)).map(([key, value]) => html`
        <dt key=${key}>${key.replaceAll('_', ' ')}</dt><dd>${shown(key, value)}</dd>`)}</dl>`}
    </details>`)}</div>`;
}

const Status = ({status}) => html`<${Badge} kind=${WORDS[status] ?? 'warn'}>${status.toLowerCase().replaceAll('_', ' ')}</${Badge}>`;

/** Details have details; one level of names is easier to read. */
function flat(details, before = '') {
  return Object.entries(details).reduce((all, [key, value]) => (value !== null && typeof value === 'object' && !Array.isArray(value)
    ? {...all, ...flat(value, `${before}${key} `)} : {...all, [before + key]: value}), {});
}

function shown(key, value) {
  if (typeof value === 'number' && /bytes|space/i.test(key)) return bytes(value);
  if (typeof value === 'number' && key.endsWith('_ms')) return ms(value);
  return typeof value === 'number' ? digits(value) : Array.isArray(value) ? value.join(', ') : String(value);
}
