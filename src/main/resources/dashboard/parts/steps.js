// What may be asked for beside the inputs: which outputs, and what is done before and after the model.
import {html} from './html.js';
import {InputError} from './columns.js';

export const NO_STEPS = {outputs: [], curve: '', threshold: '', top_k: '', round: '', labels: '', preprocessing: '', outside: false, fresh: false};
const NUMBERS = ['threshold', 'top_k', 'round'];

/** What the manifest does by itself, in short; empty where it does nothing. */
const own = (steps) => (steps?.default && Object.keys(steps.default).length > 0 ? JSON.stringify(steps.default) : '');

/**
 * @param schema of the body; it has pre- and post-processing only where a request may change them
 * @param experiment whether one runs for what is asked
 * @param errors by pointer
 */
export function Steps({schema, value, onValue, experiment, errors}) {
  const {outputs, preprocessing, postprocessing} = schema.properties;
  const names = outputs?.items?.enum || [];
  const set = (name) => (event) => onValue({...value,
    [name]: event.currentTarget.type === 'checkbox' ? event.currentTarget.checked : event.currentTarget.value});
  const wanted = (name) => (event) => onValue({...value, outputs: event.currentTarget.checked
    ? names.filter((each) => each === name || value.outputs.includes(each)) : value.outputs.filter((each) => each !== name)});
  const numeric = (name, label, hint) => html`<label class="field"><span>${label}</span>
    <input type="text" inputmode="decimal" name=${name} value=${value[name]} placeholder="model's own" onInput=${set(name)}
      aria-invalid=${errors[`/postprocessing/${name}`] ? 'true' : undefined} />
    <span class=${errors[`/postprocessing/${name}`] ? 'hint bad-text' : 'hint'}>${errors[`/postprocessing/${name}`] || hint}</span></label>`;
  return html`<div class="steps">
    ${names.length > 1 && html`<fieldset><legend>Outputs wanted</legend>${names.map((name) => html`<label class="check" key=${name}>
      <input type="checkbox" checked=${value.outputs.includes(name)} onChange=${wanted(name)} /><span>${name}</span></label>`)}
      <span class="hint">None is chosen: what the model gives by itself.</span></fieldset>`}
    ${postprocessing && html`<fieldset><legend>After the model</legend>
      ${own(postprocessing) && html`<p class="small muted">By itself: <code>${own(postprocessing)}</code></p>`}
      <div class="fields">
        <label class="field"><span>To probabilities</span><select name="curve" value=${value.curve} onChange=${set('curve')}>
          <option value="">model's own</option><option value="softmax">softmax</option><option value="sigmoid">sigmoid</option>
          <option value="none">neither</option></select></label>
        <label class="field"><span>Labels</span><select name="labels" value=${value.labels} onChange=${set('labels')}>
          <option value="">model's own</option><option value="false">bare numbers</option></select></label>
        ${numeric('threshold', 'Threshold', 'From 0 to 1')}
        ${numeric('top_k', 'Top k', 'Only the likeliest')}
        ${numeric('round', 'Round', 'Digits after the point')}
      </div></fieldset>`}
    ${preprocessing && html`<fieldset><legend>Before the model</legend>
      ${own(preprocessing) && html`<p class="small muted">By itself: <code>${own(preprocessing)}</code></p>`}
      <label class="field"><span>Steps as JSON</span><textarea rows="2" name="preprocessing" spellcheck="false" value=${value.preprocessing}
        placeholder='{"normalize": false, "fill": 0}' onInput=${set('preprocessing')}></textarea>
        <span class="hint">map, fill, clip, normalize, scale, mean, std. What is not named is done as the model says.</span></label></fieldset>`}
    <fieldset><legend>The request</legend>
      <label class="check"><input type="checkbox" name="fresh" checked=${value.fresh} onChange=${set('fresh')} />
        <span>Compute it anew<span class="hint">Without the prediction cache (Cache-Control: no-cache)</span></span></label>
      ${experiment && html`<label class="check"><input type="checkbox" name="outside" checked=${value.outside} onChange=${set('outside')} />
        <span>Take no part in the experiment<span class="hint">The active version answers (use_ab_testing: false)</span></span></label>`}
    </fieldset>
  </div>`;
}

/**
 * The members of the body beside its inputs, as text: ', "postprocessing": {…}', and the headers.
 *
 * @throws {InputError} where something cannot be sent
 */
export function stepsText(value) {
  const members = {};
  if (value.outputs.length > 0) members.outputs = value.outputs;
  if (value.preprocessing.trim() !== '') {
    try {
      members.preprocessing = JSON.parse(value.preprocessing);
    } catch (failure) {
      throw new InputError('/preprocessing', `this is not JSON: ${failure.message}`);
    }
  }
  const after = {};
  if (value.curve === 'none') Object.assign(after, {softmax: false, sigmoid: false});
  else if (value.curve) after[value.curve] = true;
  if (value.labels) after.labels = false;
  for (const name of NUMBERS) {
    const text = value[name].trim();
    if (text !== '') after[name] = Number.isNaN(Number(text)) ? text : Number(text);
  }
  if (Object.keys(after).length > 0) members.postprocessing = after;
  if (value.outside) members.use_ab_testing = false;
  return {
    text: Object.entries(members).map(([name, member]) => `,\n "${name}": ${JSON.stringify(member)}`).join(''),
    headers: value.fresh ? {'Cache-Control': 'no-cache'} : {},
  };
}
