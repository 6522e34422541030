// What came of a try: the answer and what can be said of it, or what was wrong and where.
import {html} from './html.js';
import {Predictions, labelsOf} from './answer.js';
import {Badge} from './state.js';
import {sentence} from './empty.js';
import {Short} from './copy.js';
import {Timing} from './timing.js';
import {Truth} from './truth.js';
import {fieldId} from './row-form.js';
import {duration} from './format.js';

const CACHE = {
  miss: 'Computed: no cache had it', memory: 'From the memory of this server', redis: 'From what replicas share',
  bypass: 'Computed without asking a cache',
};

/**
 * @param outcome {answer, cache, digest} or {problem}, or null before the first try
 * @param places of errors: [{row, column, detail, pointer}]
 */
export function Verdict({outcome, model, places, onPlace, api, toast, can, address}) {
  if (!outcome) {
    return html`<section class="card" aria-label="Answer"><h2>Answer</h2><p class="muted">Press Predict, and it stands here.</p></section>`;
  }
  if (outcome.problem) return html`<${Refusal} problem=${outcome.problem} places=${places} onPlace=${onPlace} />`;
  const {answer, cache, digest} = outcome;
  const labels = labelsOf(model?.versions.find((each) => each.model_version === answer.model_version));
  const words = Object.values(labels)[0] || null;
  return html`<section class="card" aria-label="Answer">
    <div class="card-head"><h2>Answer</h2><span class="badges">
      <${Badge} kind="accent">version ${answer.model_version}</${Badge}>
      ${answer.experiment && html`<${Badge} kind="accent" title=${`Experiment ${answer.experiment.id}`}>arm ${answer.experiment.arm}</${Badge}>`}
      ${cache && html`<${Badge} kind=${answer.cached ? 'good' : 'plain'} title=${CACHE[cache]}>cache: ${cache}</${Badge}>`}</span></div>
    <div aria-live="polite"><${Predictions} predictions=${answer.predictions} labels=${labels} /></div>
    ${answer.warnings?.map((warning) => html`<p class="note warn" key=${warning}>${typeof warning === 'string' ? warning : JSON.stringify(warning)}</p>`)}
    <${Timing} timing=${answer.timing_ms} />
    <dl class="facts ids">
      <dt>Prediction</dt><dd><${Short} text=${answer.prediction_id} length=${40} what="the prediction's id" />
        ${can('logs') && html` <a class="nowrap" href=${address(['logs', answer.prediction_id])}>In the log</a>`}</dd>
      <dt>Model digest</dt><dd>${digest ? html`<${Short} text=${digest} what="the model's digest" />` : '–'}</dd></dl>
    <details class="options"><summary>What became true?</summary>
      <${Truth} key=${answer.prediction_id} id=${answer.prediction_id} predictions=${answer.predictions} words=${words} api=${api} toast=${toast} /></details>
  </section>`;
}

function Refusal({problem, places, onPlace}) {
  const lead = async (place) => {
    onPlace(place.row);
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(fieldId(place.column))?.focus()));
  };
  return html`<section class="trouble" role="alert" aria-label="Answer">
    <p><strong>${problem.status === 0 ? 'No connection' : `${problem.status ?? ''} ${problem.code ?? 'not sent'}`}</strong>
      ${problem.retryable && html` <${Badge} kind="warn">worth another try${problem.retryAfter ? ` in ${duration(problem.retryAfter * 1000)}` : ''}</${Badge}>`}</p>
    ${places.length === 0 && html`<p>${sentence(problem.detail || problem.message)}</p>
      ${problem.errors?.length > 0 && html`<ul>${problem.errors.map((error) => html`<li key=${error.pointer}><code>${error.pointer}</code> ${error.detail}</li>`)}</ul>`}`}
    ${places.length > 0 && html`<ul>${places.map((place) => html`<li key=${place.pointer}>
      ${place.column ? html`<button type="button" class="link" onClick=${() => lead(place)}>${place.column}, row ${place.row + 1}</button>`
        : html`<code>${place.pointer}</code>`}: ${place.detail}</li>`)}</ul>`}
    ${problem.requestId && html`<p class="small muted">Request <code>${problem.requestId}</code></p>`}
  </section>`;
}
