// What names mean: the default type, and the aliases of a type.
import {html} from './html.js';
import {path} from './api.js';
import {ask} from './dialog.js';
import {useLoad} from './load.js';
import {Table} from './table.js';

/** What POST /predict means. */
export function DefaultType({types, api, toast, who, can}) {
  const registry = useLoad((signal) => api('/registry', {signal}), []);
  if (!registry.data || !types) return null;
  // Of very many types only the first are here; that another one is meant now must show all the same.
  const named = types.names.includes(registry.data.default_type) || !registry.data.default_type ? types.names : [registry.data.default_type, ...types.names];
  const now = registry.data.default_type || '';
  // It concerns everybody, so a key for some types alone may not.
  const allowed = can('operate') && who.types.length === 0;
  const change = async (event) => {
    const type = event.currentTarget.value;
    try {
      await api('/registry/default-type', {method: 'PUT', body: {type}});
      toast(`POST /predict means ${type} now`);
    } catch (problem) {
      toast(problem);
    }
    registry.reload();
  };
  return html`<label class="field default-type"><span>Default type</span><select name="default-type" value=${now} disabled=${!allowed} onChange=${change}>
    ${!now && html`<option value="">none</option>`}${named.map((type) => html`<option key=${type} value=${type}>${type}</option>`)}</select>
    <span class="hint">What <code>POST /predict</code> means</span></label>`;
}

export function Aliases({model, api, toast, can, reload}) {
  const type = model.model_type;
  const allowed = can('operate', type);
  const versions = model.versions.filter((version) => version.state !== 'DELETED').map((version) => version.model_version);
  const act = async (work, done) => {
    try {
      await work();
      toast(done);
    } catch (problem) {
      toast(problem);
    }
    reload();
  };
  const put = async (alias) => {
    const answer = await ask({
      title: alias ? `Let @${alias} mean another version` : 'New alias', action: 'Set',
      fields: [...(alias ? [] : [{name: 'alias', label: 'Alias', required: true, placeholder: 'champion'}]),
        {name: 'version', label: 'Version', type: 'select', options: versions, value: alias ? model.aliases[alias] : versions[0]},
        {name: 'reason', label: 'Reason'}],
    });
    if (!answer) return;
    const name = alias || answer.alias.trim().replace(/^@/, '');
    await act(() => api(path`/models/${type}/aliases/${name}`, {method: 'PUT',
      body: {version: answer.version, ...(answer.reason ? {reason: answer.reason} : {})}}), `@${name} means version ${answer.version}`);
  };
  const remove = async (alias) => {
    const sure = await ask({title: `Remove @${alias}?`, text: `Requests to /predict/${type}/@${alias} are answered with 404 from then on.`,
      action: 'Remove', danger: true});
    if (sure) await act(() => api(path`/models/${type}/aliases/${alias}`, {method: 'DELETE'}), `@${alias} is gone`);
  };
  return html`<section class="card" aria-label="Aliases"><div class="card-head"><h2>Aliases of ${type}</h2>
      ${allowed && html`<button type="button" onClick=${() => put(null)}>New alias</button>`}</div>
    <${Table} label="Aliases" rows=${Object.entries(model.aliases)} rowKey=${([alias]) => alias}
      empty="None. An alias is a name for a version that can be moved: /predict/…/@champion." columns=${[
        {key: 'alias', label: 'Alias', render: ([alias]) => html`<code>@${alias}</code>`},
        {key: 'version', label: 'Version', render: ([, version]) => version},
        {key: 'acts', label: '', cls: 'acts', render: ([alias]) => allowed && html`<span class="actions end-inline">
          <button type="button" onClick=${() => put(alias)}>Move</button>
          <button type="button" class="danger-text" onClick=${() => remove(alias)}>Remove</button></span>`},
      ]} /></section>`;
}
