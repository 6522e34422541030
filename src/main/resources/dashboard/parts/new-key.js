// Makes a key.
import {html, useState} from './html.js';
import {Dialog} from './dialog.js';
import {sentence} from './empty.js';

const ROLES = [
  ['predict', 'asks for predictions, and says what became true'], ['read', 'sees models, their state and metrics'],
  ['logs', 'reads what was asked and answered'], ['publish', 'sends new versions'],
  ['operate', 'activates, rolls back, deletes, sets up experiments'], ['admin', 'all of that, and keys'],
];
const EXPIRIES = [['30', '30 days'], ['90', '90 days'], ['365', 'a year'], ['', 'never']];
const LIMITS = [['requests', 'Requests a second'], ['rows', 'Predicted rows a second']];

/** @param types {names, total} for the choice, or null; onMade is given the key, which the server tells this once */
export function NewKey({types, api, onMade, onClose}) {
  const [form, setForm] = useState({name: '', roles: ['predict'], types: [], expires: '365', requests: '', requestsBurst: '', rows: '', rowsBurst: ''});
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const admin = form.roles.includes('admin');
  const toggle = (list, value) => (list.includes(value) ? list.filter((each) => each !== value) : [...list, value]);
  const set = (name) => (event) => setForm({...form, [name]: event.currentTarget.value});
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onMade(await api('/api-keys', {method: 'POST', body: wish(form)}));
    } catch (failure) {
      setProblem(failure);
      setBusy(false);
    }
  };
  return html`<${Dialog} title="New key" onClose=${onClose} wide><form onSubmit=${submit} aria-label="New key">
    ${problem && html`<div class="trouble" role="alert"><p>${sentence(problem.detail)}</p></div>`}
    <label class="field"><span>Name</span><input type="text" name="name" value=${form.name} autocomplete="off" placeholder="web shop" required onInput=${set('name')} />
      <span class="hint">Who or what uses it</span></label>
    <fieldset><legend>Roles</legend><div class="fields">${ROLES.map(([role, text]) => html`<label class="check" key=${role}>
      <input type="checkbox" name=${role} checked=${form.roles.includes(role)} onChange=${() => setForm({...form, roles: toggle(form.roles, role)})} />
      <span>${role}<span class="hint">${text}</span></span></label>`)}</div></fieldset>
    <fieldset disabled=${admin}><legend>Types</legend>
      ${admin ? html`<p class="small muted">An admin cannot be limited to types.</p>` : types && types.total <= 30 ? html`<div class="fields">${types.names.map((type) => html`<label class="check" key=${type}>
          <input type="checkbox" checked=${form.types.includes(type)} onChange=${() => setForm({...form, types: toggle(form.types, type)})} /><span>${type}</span></label>`)}</div>
        <span class="hint">None is chosen: all types, also those to come.</span>`
        : html`<label class="field"><span>Only these, separated by spaces <i>all where it is empty</i></span><input type="text" value=${form.types.join(' ')} spellcheck="false"
          onChange=${(event) => setForm({...form, types: event.currentTarget.value.split(/[\s,]+/).filter(Boolean)})} /></label>`}</fieldset>
    <div class="fields">
      <label class="field"><span>Expires after</span><select value=${form.expires} onChange=${set('expires')}>${EXPIRIES.map(([value, label]) => html`
        <option key=${value} value=${value}>${label}</option>`)}</select></label>
      ${LIMITS.map(([name, label]) => html`<${Amount} key=${name} name=${name} label=${label} placeholder="no limit" value=${form[name]} onInput=${set(name)} />
        ${form[name] !== '' && html`<${Amount} name=${`${name}Burst`} label="At once" placeholder="what a second adds" value=${form[`${name}Burst`]}
          onInput=${set(`${name}Burst`)} />`}`)}</div>
    <div class="actions end"><button type="button" onClick=${onClose}>Cancel</button>
      <button type="submit" class="primary" disabled=${busy || form.roles.length === 0 || form.name.trim() === '' || !LIMITS.every(([name]) => isAmount(form[name]) && isAmount(form[`${name}Burst`]))}>Make the key</button></div>
  </form></${Dialog}>`;
}

/** Nothing, or a number above 0. */
const isAmount = (text) => text.trim() === '' || Number(text) > 0;

function Amount({name, label, placeholder, value, onInput}) {
  return html`<label class="field"><span>${label} <i>optional</i></span>
    <input type="text" inputmode="decimal" name=${name} value=${value} placeholder=${placeholder} aria-invalid=${isAmount(value) ? undefined : 'true'} onInput=${onInput} />
    ${!isAmount(value) && html`<span class="hint bad-text" role="alert">must be a number above 0</span>`}</label>`;
}

function wish(form) {
  const limits = Object.fromEntries(LIMITS.filter(([name]) => form[name].trim() !== '').map(([name]) => [name, {
    per_second: Number(form[name]), ...(form[`${name}Burst`].trim() !== '' ? {burst: Number(form[`${name}Burst`])} : {}),
  }]));
  return {
    name: form.name.trim(), roles: form.roles,
    ...(form.types.length > 0 && !form.roles.includes('admin') ? {types: form.types} : {}),
    ...(form.expires ? {expires_in_days: Number(form.expires)} : {}),
    ...(Object.keys(limits).length > 0 ? {limits} : {}),
  };
}
