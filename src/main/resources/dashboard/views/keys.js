// Keys: who may do what, and how much.
import {html, useState} from '../parts/html.js';
import {path} from '../parts/api.js';
import {Dialog, ask} from '../parts/dialog.js';
import {useLoad} from '../parts/load.js';
import {Loading, Trouble} from '../parts/empty.js';
import {Table} from '../parts/table.js';
import {Badge} from '../parts/state.js';
import {Copy} from '../parts/copy.js';
import {NewKey} from '../parts/new-key.js';
import {Audit} from '../parts/audit.js';
import {useTypes} from '../parts/types.js';
import {ago, digits, time} from '../parts/format.js';

const STATES = {valid: 'good', expired: 'warn', revoked: 'plain'};

export default function Keys({api, toast, live, who}) {
  const keys = useLoad((signal) => api('/api-keys', {signal}), []);
  const types = useTypes(api, live);
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState(null);
  const [only, setOnly] = useState(null);
  const [all, setAll] = useState(false);
  const [news, setNews] = useState(0);
  const changed = () => {
    keys.reload();
    setNews((n) => n + 1);
  };
  const rotate = async (key) => {
    const answer = await ask({
      title: `Another secret for ${key.name || key.id}?`, action: 'Rotate',
      text: 'The new secret is shown once. The old one stays valid for a while, so that programs can be changed over.',
      fields: [{name: 'overlap', label: 'Hours that the old one stays valid', type: 'number', value: '24', required: true, hint: '0 ends it at once; at most 720'},
        {name: 'reason', label: 'Reason'}],
    });
    if (!answer) return;
    try {
      setShown({title: 'The new secret', made: await api(path`/api-keys/${key.id}/rotate`, {method: 'POST',
        body: {overlap_hours: Number(answer.overlap), ...(answer.reason.trim() ? {reason: answer.reason.trim()} : {})}})});
    } catch (problem) {
      toast(problem);
    }
    changed();
  };
  const revoke = async (key) => {
    const answer = await ask({
      title: `Revoke ${key.name || key.id}?`, action: 'Revoke', danger: true, typeName: key.id,
      text: `${key.id === who.id ? 'This is the key that you use here. ' : ''}It is refused from then on, for good: a revoked key cannot be brought back.`,
      fields: [{name: 'reason', label: 'Reason'}],
    });
    if (!answer) return;
    try {
      const reason = answer.reason.trim();
      await api(`${path`/api-keys/${key.id}`}${reason ? `?reason=${encodeURIComponent(reason)}` : ''}`, {method: 'DELETE'});
      toast(`${key.name || key.id} is revoked`);
    } catch (problem) {
      toast(problem);
    }
    changed();
  };
  const listed = (keys.data?.keys || []).filter((key) => all || key.state !== 'revoked');
  const hidden = (keys.data?.keys || []).length - listed.length;
  return html`
    <div class="head"><h1>Keys</h1><button type="button" class="primary" onClick=${() => setMaking(true)}>New key</button></div>
    ${keys.problem && html`<${Trouble} problem=${keys.problem} retry=${keys.reload} />`}
    ${!keys.data && !keys.problem && html`<${Loading} />`}
    ${keys.data && html`<section class="card" aria-label="Keys">
      <${Table} label="Keys" rows=${listed} rowKey=${(key) => key.id} columns=${[
        {key: 'name', label: 'Name', sort: (key) => key.name || key.id, render: (key) => html`<div><b>${key.name || key.id}</b>${key.id === who.id && html` <${Badge} kind="accent">yours</${Badge}>`}
          <div class="small muted"><code>${key.id}</code></div></div>`},
        {key: 'state', label: 'State', render: (key) => html`<span class="badges"><${Badge} kind=${STATES[key.state]}>${key.state}</${Badge}>
          ${key.source === 'file' && html`<${Badge} title="Changed in the file of keys, not here">from a file</${Badge}>`}
          ${key.previous_valid_until && html`<${Badge} kind="warn" title=${`The secret before the rotation is valid until ${time(key.previous_valid_until)}`}>two secrets</${Badge}>`}</span>`},
        {key: 'roles', label: 'Roles', render: (key) => key.roles.join(', ')},
        {key: 'types', label: 'Types', render: (key) => (key.types.length > 0 ? key.types.join(', ') : html`<span class="muted">all</span>`)},
        {key: 'limits', label: 'Limits', render: (key) => html`<${Limits} limits=${key.limits} />`},
        {key: 'expires', label: 'Expires', sort: (key) => key.expires_at, render: (key) => (key.expires_at ? html`<span title=${time(key.expires_at)}>${ago(key.expires_at)}</span>` : html`<span class="muted">never</span>`)},
        {key: 'used', label: 'Last use', sort: (key) => key.last_used_at, render: (key) => html`<span title=${time(key.last_used_at)}>${key.last_used_at ? ago(key.last_used_at) : html`<span class="muted">not known</span>`}</span>`},
        {key: 'acts', label: '', cls: 'acts', render: (key) => html`<span class="actions end-inline">
          <button type="button" onClick=${() => setOnly(key.id)} aria-label=${`Changes of ${key.id}`}>Changes</button>
          ${key.source !== 'file' && key.state === 'valid' && html`<button type="button" onClick=${() => rotate(key)} aria-label=${`Rotate ${key.id}`}>Rotate</button>`}
          ${key.source !== 'file' && key.state !== 'revoked' && html`<button type="button" class="danger-text" onClick=${() => revoke(key)} aria-label=${`Revoke ${key.id}`}>Revoke</button>`}</span>`},
      ]} />
      ${(hidden > 0 || all) && html`<p class="small"><button type="button" class="link" onClick=${() => setAll(!all)}>
        ${all ? 'Without revoked keys' : `Show ${hidden} revoked`}</button></p>`}</section>`}
    <${Audit} only=${only} onOnly=${setOnly} news=${news} api=${api} />
    ${making && html`<${NewKey} types=${types} api=${api} onClose=${() => setMaking(false)} onMade=${(key) => {
      setMaking(false);
      setShown({title: 'The key', made: key});
      changed();
    }} />`}
    ${shown && html`<${Secret} ...${shown} onClose=${() => setShown(null)} />`}`;
}

function Limits({limits}) {
  const told = Object.entries(limits || {}).filter(([, limit]) => limit)
    .map(([name, limit]) => `${digits(limit.per_second)} ${name}/s${limit.burst ? `, ${digits(limit.burst)} at once` : ''}`);
  return told.length > 0 ? html`<span>${told.join('; ')}</span>` : html`<span class="muted">none</span>`;
}

/** Shown this once: the server keeps no more than its hash. */
function Secret({title, made, onClose}) {
  return html`<${Dialog} title=${title} onClose=${onClose} wide>
    <p>Copy it now. It is shown this once and stored nowhere: the server keeps its hash.</p>
    <div class="secret"><code>${made.key}</code><${Copy} text=${made.key} what="the key" /></div>
    <p class="small muted">${made.name || made.id}, with ${made.roles.join(', ')}${made.previous_valid_until ? `. The secret before is valid until ${time(made.previous_valid_until)}` : ''}.</p>
    <div class="actions end"><button type="button" class="primary" onClick=${onClose}>I have it</button></div>
  </${Dialog}>`;
}
