// Choosing a type and a version. Whoever may not read the list of models types their names.
import {html} from './html.js';
import {useSearch} from './types.js';

/**
 * @param types as useTypes tells them
 * @param all the words for no type in particular, or null where one must be named
 */
export function TypeChoice({types, value, onValue, api, all = null}) {
  if (types === undefined) {
    return html`<label class="field"><span>Type</span><select disabled><option>${value || all || ''}</option></select></label>`;
  }
  if (!types || types.total > types.names.length) return html`<${TypeSearch} known=${types !== null} value=${value} onValue=${onValue} api=${api} all=${all} />`;
  return html`<label class="field"><span>Type</span><select name="type" value=${value} onChange=${(event) => onValue(event.currentTarget.value)}>
    ${all && html`<option value="">${all}</option>`}
    ${(!all || value) && !types.names.includes(value) && html`<option value=${value}>${value || 'choose'}</option>`}
    ${types.names.map((type) => html`<option key=${type} value=${type}>${type}</option>`)}</select></label>`;
}

/** Of very many types those are offered that contain what is being typed. */
function TypeSearch({known, value, onValue, api, all}) {
  const [names, search] = useSearch(api);
  return html`<label class="field"><span>Type</span><input type="text" name="type" list="types" value=${value} autocomplete="off" spellcheck="false"
      placeholder=${all || ''} onInput=${(event) => known && search(event.currentTarget.value)}
      onChange=${(event) => onValue(event.currentTarget.value.trim())} />
    <datalist id="types">${names.map((type) => html`<option key=${type} value=${type} />`)}</datalist></label>`;
}

/**
 * @param model the type with its versions, or null where it is not known
 * @param active the words for the version that answers where none is named, or null where one must be
 */
export function VersionChoice({model, value, onValue, active = null, label = 'Version'}) {
  if (!model) {
    return html`<label class="field"><span>${label}</span><input type="text" name="version" value=${value} autocomplete="off" spellcheck="false"
      placeholder=${active || ''} onChange=${(event) => onValue(event.currentTarget.value.trim())} /></label>`;
  }
  const aliases = Object.entries(model.aliases || {});
  const versions = model.versions.filter((version) => version.state !== 'DELETED');
  return html`<label class="field"><span>${label}</span><select name="version" value=${value} onChange=${(event) => onValue(event.currentTarget.value)}>
    ${active && html`<option value="">${active}</option>`}
    <optgroup label="Aliases">${aliases.map(([alias, version]) => html`<option key=${alias} value=${`@${alias}`}>@${alias} (${version})</option>`)}
      <option value="@latest">@latest</option></optgroup>
    <optgroup label="Versions">${versions.map((version) => html`<option key=${version.model_version} value=${version.model_version}>
      ${version.model_version}${version.active ? ' (active)' : ''}</option>`)}</optgroup></select></label>`;
}
