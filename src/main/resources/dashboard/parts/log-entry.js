// One prediction of the log: what was asked and answered, how long it took, what became true, and what another version says.
import {html} from './html.js';
import {path} from './api.js';
import {useLoad} from './load.js';
import {Loading, Trouble} from './empty.js';
import {Badge} from './state.js';
import {Predictions, brief, labelsOf} from './answer.js';
import {Short} from './copy.js';
import {Inputs} from './inputs.js';
import {Resend} from './resend.js';
import {Table} from './table.js';
import {Timing} from './timing.js';
import {Truth} from './truth.js';
import {ago, digits, plural, time} from './format.js';
import * as draft from './draft.js';

const PATIENCE_MS = 3000;

/** The log is written behind the answers, so what was just predicted may be there in a moment. */
async function find(api, id, signal) {
  const made = /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? parseInt(id.replace('-', '').slice(0, 12), 16) : 0;
  for (;;) {
    try {
      return await api(path`/logs/${id}`, {signal});
    } catch (problem) {
      if (problem.status !== 404 || Date.now() - made > PATIENCE_MS || signal.aborted) throw problem;
      await new Promise((done) => setTimeout(done, 250));
    }
  }
}

export function LogEntry({id, back, api, go, toast, can, address}) {
  const row = useLoad((signal) => find(api, id, signal), [id]);
  const type = row.data?.model_type;
  const mayRead = Boolean(type) && can('read', type);
  const model = useLoad((signal) => (mayRead ? api(path`/models/${type}`, {signal}).catch(() => null) : Promise.resolve(null)), [type, mayRead]);
  const feedback = useLoad((signal) => (row.data && row.data.status < 400 ? api(path`/feedback/${id}`, {signal}) : Promise.resolve(null)), [row.data]);
  const head = html`<p class="crumbs"><a href=${back}>Logs</a></p>`;
  if (row.problem) return html`${head}<${Trouble} problem=${row.problem} retry=${row.reload} />`;
  if (!row.data) return html`${head}<${Loading} />`;
  const one = row.data;
  const version = model.data?.versions.find((each) => each.model_version === one.model_version);
  const labels = labelsOf(version);
  const tryIt = () => {
    draft.keep({type, inputs: one.inputs});
    go(['try', type, one.model_version]);
  };
  return html`${head}
    <div class="head"><h1>${type ? `${type} ${one.model_version ?? ''}` : 'Prediction'} <${Status} row=${one} /></h1>
      <p class="sub">${time(one.at)} · ${ago(one.at)}</p></div>
    <div class="grid">
      <section class="card" aria-label="Facts"><h2>Facts</h2><dl class="facts">
        <dt>Prediction</dt><dd><${Short} text=${one.prediction_id} length=${40} what="the prediction's id" /></dd>
        <dt>Request</dt><dd><code>${one.request_id}</code></dd>
        <dt>Asked for</dt><dd>${one.requested_version ?? 'the active version'}</dd>
        <dt>Key</dt><dd>${one.key_id ?? '–'}</dd>
        <dt>Runtime</dt><dd>${one.runtime ?? '–'}</dd>
        <dt>Model digest</dt><dd>${one.model_digest ? html`<${Short} text=${one.model_digest} what="the model's digest" />` : '–'}</dd>
        ${one.experiment && html`<dt>Experiment</dt><dd><a href=${address(['traffic', type])}>arm ${one.arm}</a></dd>`}
        <dt>Cache</dt><dd>${one.cached ? 'an answer that was kept' : 'computed'}</dd></dl></section>
      <section class="card" aria-label="Time"><h2>Time</h2><${Timing} timing=${one.timing_ms} /></section>
    </div>
    <section class="card" aria-label="Inputs"><div class="card-head"><h2>Inputs</h2>
        ${one.inputs !== null && type && can('predict', type) && html`<button type="button" onClick=${tryIt}>Open in Try</button>`}</div>
      ${one.inputs === null ? html`<p class="muted">${one.truncated ? 'They were too large to be kept.' : 'The model keeps no inputs, or there were none.'}</p>`
        : html`<${Inputs} inputs=${one.inputs} version=${version} />`}</section>
    <section class="card" aria-label="Predictions"><h2>Predictions</h2>
      ${one.predictions ? html`<${Predictions} predictions=${one.predictions} labels=${labels} />`
        : html`<p class="muted">${one.status >= 400 ? html`There are none: it was refused with <code>${one.code}</code>.` : 'They were too large to be kept.'}</p>`}</section>
    ${one.status < 400 && html`<section class="card" aria-label="Feedback"><h2>Feedback</h2>
      ${feedback.problem && html`<${Trouble} problem=${feedback.problem} retry=${feedback.reload} />`}
      ${feedback.data && html`<${Said} feedback=${feedback.data.feedback} />`}
      ${one.predictions && can('predict', type) && html`<${Truth} id=${id} predictions=${one.predictions} words=${Object.values(labels)[0] || null}
        api=${api} toast=${toast} onGiven=${feedback.reload} />`}</section>`}
    ${one.inputs !== null && type && can('predict', type) && html`<section class="card" aria-label="Another version"><h2>Ask another version</h2>
      <${Resend} key=${model.loading ? 'waiting' : 'known'} row=${one} model=${model.data} api=${api} /></section>`}`;
}

export function Status({row}) {
  if (row.status < 400) return html`<${Badge} kind="good">${row.status}</${Badge}>`;
  return html`<${Badge} kind=${row.status < 500 ? 'warn' : 'bad'} title=${row.code}>${row.status} ${row.code}</${Badge}>`;
}

function Said({feedback}) {
  const score = (one) => {
    if (one.state !== 'scored') return html`<${Badge} kind=${one.state === 'pending' ? 'busy' : 'warn'}>${one.state}${one.reason ? `: ${one.reason.replaceAll('_', ' ')}` : ''}</${Badge}>`;
    const told = [];
    if ('correct' in one) told.push(one.correct ? 'right' : 'wrong');
    if ('log_loss' in one) told.push(`log loss ${digits(one.log_loss)}`);
    if ('squared_error' in one) told.push(`off by ${digits(Math.sqrt(one.squared_error))}`);
    return told.join(', ') || 'counted';
  };
  return html`<${Table} label="Feedback" rows=${feedback.map((one, i) => ({...one, i}))} rowKey=${(one) => one.i} empty="Nobody has said what became true." columns=${[
    {key: 'row', label: 'Row', render: (one) => ('row' in one ? one.row + 1 : 'all')},
    {key: 'value', label: 'What became true', render: (one) => ('outcome' in one ? brief(one.outcome) : `reward ${digits(one.reward)}`)},
    {key: 'score', label: 'Score', render: score},
    {key: 'at', label: 'Observed', render: (one) => html`<span title=${time(one.observed_at)}>${ago(one.observed_at)}</span>`},
    {key: 'by', label: 'Key', render: (one) => one.key_id},
  ]} />`;
}

/** How many rows a logged request had, in words. */
export const rowsOf = (row) => (row.rows > 0 ? plural(row.rows, 'row') : '–');
