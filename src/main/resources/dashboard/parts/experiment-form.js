// Begins an experiment, or changes the one that runs.
import {html, useState} from './html.js';
import {sentence} from './empty.js';
import {percent} from './format.js';

const MOST_ARMS = 20;
const STRATEGIES = {
  random: 'Each request draws by the weights.',
  'hash-based': 'Equal values lead to the same arm, on every replica and after every restart.',
  weighted: 'The weights follow what the feedback says: the better arm gets more.',
};
const METRICS = ['accuracy', 'reward', 'log_loss', 'rmse'];

/** What the form begins with: the experiment that runs, or the active version against another. */
function first(model, running) {
  if (running) {
    return {strategy: running.strategy, arms: running.arms.map(({name, version, weight}) => ({name, version, weight: String(weight)})),
      hash: running.hash_on ? (running.hash_on.header ? 'header' : 'input') : '', hashOn: running.hash_on?.header || running.hash_on?.input || '',
      metric: running.goal?.metric || 'accuracy', floor: String(running.goal?.floor ?? 0.05), reason: '', force: false};
  }
  const usable = model.versions.filter((version) => version.state !== 'DELETED').map((version) => version.model_version);
  const active = model.active_version || usable[0];
  const other = usable.find((version) => version !== active) || active;
  return {strategy: 'random', arms: [{name: 'control', version: active, weight: '50'}, {name: 'new', version: other, weight: '50'}],
    hash: '', hashOn: '', metric: 'accuracy', floor: '0.05', reason: '', force: false};
}

/** The form as the body that the server takes. What is no number is sent as it is, and the server says so. */
function wish(type, form) {
  const numberOr = (text) => (text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text);
  return {
    type, enabled: true, strategy: form.strategy,
    arms: form.arms.map(({name, version, weight}) => ({name: name.trim() || null, version, weight: numberOr(weight)})),
    ...(form.hash && form.strategy !== 'random' ? {hash_on: {[form.hash]: form.hashOn.trim()}} : {}),
    ...(form.strategy === 'weighted' ? {goal: {metric: form.metric, floor: numberOr(form.floor)}} : {}),
    ...(form.reason.trim() ? {reason: form.reason.trim()} : {}),
    ...(form.force ? {force: true} : {}),
  };
}

/**
 * @param model the type with its versions
 * @param running the experiment that is changed, or null
 * @param revision that was seen: whoever changed the type meanwhile is not overridden
 * @param onDone is given the experiment
 */
export function ExperimentForm({model, running, revision, api, onDone, onCancel}) {
  const [form, setForm] = useState(() => first(model, running));
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const set = (name) => (event) => setForm({...form,
    [name]: event.currentTarget.type === 'checkbox' ? event.currentTarget.checked : event.currentTarget.value});
  const setArm = (at, name, value) => setForm({...form, arms: form.arms.map((arm, i) => (i === at ? {...arm, [name]: value} : arm))});
  const usable = model.versions.filter((version) => version.state !== 'DELETED').map((version) => version.model_version);
  // Two arms with one version would measure the same.
  const free = usable.find((version) => !form.arms.some((arm) => arm.version === version));
  const sum = form.arms.reduce((all, arm) => all + (Number(arm.weight) || 0), 0);
  const wrong = (pointer) => problem?.errors?.find((error) => error.pointer === pointer)?.detail;
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onDone(await api('/ab-test/configure', {method: 'POST', body: wish(model.model_type, form), headers: revision > 0 ? {'If-Match': `"${revision}"`} : {}}));
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  };
  return html`<form class="card" onSubmit=${submit} aria-label="Experiment">
    <h2>${running ? 'Change the experiment' : `An experiment with ${model.model_type}`}</h2>
    ${problem && html`<div class="trouble" role="alert"><p>${sentence(problem.detail)}</p></div>`}
    <fieldset class="strategies"><legend>Who gets which version</legend>${Object.entries(STRATEGIES).map(([strategy, text]) => html`
      <label class="check" key=${strategy}><input type="radio" name="strategy" value=${strategy} checked=${form.strategy === strategy}
        onChange=${set('strategy')} /><span>${strategy}<span class="hint">${text}</span></span></label>`)}</fieldset>
    <fieldset><legend>Arms</legend>
      <div class="arms">${form.arms.map((arm, i) => html`<div class="arm" key=${i} role="group" aria-label=${`Arm ${i + 1}`}>
        <label class="field"><span>Name</span><input type="text" value=${arm.name} placeholder=${arm.version} autocomplete="off"
          onInput=${(event) => setArm(i, 'name', event.currentTarget.value)} />
          ${wrong(`/arms/${i}/name`) && html`<span class="hint bad-text">${wrong(`/arms/${i}/name`)}</span>`}</label>
        <label class="field"><span>Version</span><select value=${arm.version} onChange=${(event) => setArm(i, 'version', event.currentTarget.value)}>
          ${usable.map((version) => html`<option key=${version} value=${version}>${version}</option>`)}</select>
          ${wrong(`/arms/${i}/version`) && html`<span class="hint bad-text">${wrong(`/arms/${i}/version`)}</span>`}</label>
        <label class="field"><span>Weight</span><input type="text" inputmode="decimal" value=${arm.weight}
          onInput=${(event) => setArm(i, 'weight', event.currentTarget.value)} />
          <span class=${wrong(`/arms/${i}/weight`) ? 'hint bad-text' : 'hint'}>${wrong(`/arms/${i}/weight`) || percent(sum > 0 ? Number(arm.weight) / sum : null)}</span></label>
        <button type="button" class="quiet" disabled=${form.arms.length <= 2} aria-label=${`Remove arm ${i + 1}`}
          onClick=${() => setForm({...form, arms: form.arms.filter((_, k) => k !== i)})}>Remove</button>
        ${wrong(`/arms/${i}`) && html`<p class="bad-text small">${wrong(`/arms/${i}`)}</p>`}</div>`)}</div>
      <button type="button" disabled=${form.arms.length >= MOST_ARMS || free === undefined} title=${free === undefined ? 'Every version has an arm' : undefined}
        onClick=${() => setForm({...form, arms: [...form.arms, {name: '', version: free, weight: '10'}]})}>Add arm</button>
    </fieldset>
    ${form.strategy !== 'random' && html`<fieldset class="fields"><legend>Hash key</legend>
      <label class="field"><span>The same arm for equal values of</span><select value=${form.hash} onChange=${set('hash')}>
        <option value="">${form.strategy === 'weighted' ? 'nothing: each request draws' : 'the header X-Session-Id'}</option>
        <option value="header">a header</option><option value="input">a feature or input</option></select></label>
      ${form.hash && html`<label class="field"><span>Its name</span><input type="text" value=${form.hashOn} autocomplete="off" list="hash-names"
        onInput=${set('hashOn')} required />
        ${form.hash === 'input' && html`<datalist id="hash-names">${features(model).map((name) => html`<option key=${name} value=${name} />`)}</datalist>`}
        <span class="hint bad-text">${wrong('/hash_on') || wrong(`/hash_on/${form.hash}`) || ''}</span></label>`}</fieldset>`}
    ${form.strategy === 'weighted' && html`<fieldset class="fields"><legend>Goal</legend>
      <label class="field"><span>Metric</span><select value=${form.metric} onChange=${set('metric')}>${METRICS.map((metric) => html`
        <option key=${metric} value=${metric}>${metric.replace('_', ' ')}</option>`)}</select>
        <span class="hint">${form.metric === 'accuracy' || form.metric === 'reward' ? 'Larger is better' : 'Smaller is better'}; by the feedback on predictions</span></label>
      <label class="field"><span>Floor</span><input type="text" inputmode="decimal" value=${form.floor} onInput=${set('floor')} />
        <span class=${wrong('/goal/floor') ? 'hint bad-text' : 'hint'}>${wrong('/goal/floor') || 'The least share of an arm, from 0 to 1'}</span></label></fieldset>`}
    <div class="fields">
      <label class="field"><span>Reason <i>for the history</i></span><input type="text" value=${form.reason} autocomplete="off" onInput=${set('reason')} /></label></div>
    <label class="check"><input type="checkbox" checked=${form.force} onChange=${set('force')} /><span>Also with a version that breaks the contract
      <span class="hint">Other inputs or outputs than the active version; needs a reason</span></span></label>
    <div class="actions"><button type="submit" class="primary" disabled=${busy || sum <= 0}>${running ? 'Change it' : 'Begin'}</button>
      <button type="button" onClick=${onCancel}>Cancel</button></div>
  </form>`;
}

const features = (model) => (model.versions.find((version) => version.active) || model.versions[0])?.inputs
  .flatMap((input) => input.features?.map((feature) => feature.name) || [input.name]) || [];
