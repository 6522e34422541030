// What an operator does to versions. Each asks first, does it, and says how it went; true where something changed.
import {html} from './html.js';
import {ask} from './dialog.js';
import {path} from './api.js';
import {sentence} from './empty.js';

const REASON = {name: 'reason', label: 'Reason', hint: 'Stays in the history.'};

/** @param seen the revision of the routing on the screen: whoever changed it meanwhile is not overruled unseen */
const insisting = (seen) => (seen > 0 ? {'If-Match': `"${seen}"`} : {});

async function done(work, toast, news) {
  try {
    const answer = await work();
    toast(typeof news === 'function' ? news(answer) : news);
    return true;
  } catch (problem) {
    toast(problem);
    return false;
  }
}

/** Makes a version the active one; asks again where that breaks the type's contract. */
export async function activate({api, toast}, type, version, {active, revision}) {
  const named = version === '@latest' ? 'the latest version' : `version ${version}`;
  const answer = await ask({
    title: version === '@latest' ? `Follow the latest version of ${type}?` : `Activate ${type} ${version}?`,
    text: html`<p>Requests for <b>${type}</b> are answered by ${named}${active ? html` instead of <b>${active}</b>` : ''},
      on every server. It is loaded first; no request waits for that.</p>`,
    action: 'Activate', fields: [REASON],
  });
  if (!answer) return false;
  const send = (body) => api(path`/models/${type}/${version}/activate`, {method: 'POST', body, headers: insisting(revision)});
  const news = (now) => (now.active_version ? `${type} ${now.active_version} is active` : `${type} follows its latest version`);
  try {
    toast(news(await send({reason: answer.reason || undefined})));
    return true;
  } catch (problem) {
    if (problem.code !== 'incompatible_signature') {
      toast(problem);
      return false;
    }
    const sure = await ask({
      title: `${type} ${version} breaks the contract of its type`,
      text: html`<p>${sentence(problem.detail)}</p><p>Callers that send what they send now may get errors or other answers.</p>`,
      action: 'Activate all the same', danger: true, fields: [{...REASON, required: true, value: answer.reason}],
    });
    return sure ? done(() => send({reason: sure.reason, force: true}), toast, news) : false;
  }
}

/** Goes back to the version that was active before. */
export async function rollBack({api, toast}, type, {active, previous, revision}) {
  const answer = await ask({
    title: `Roll ${type} back to ${previous}?`,
    text: html`<p>Version <b>${previous}</b> answers again instead of <b>${active}</b>, on every server.</p>`,
    action: 'Roll back', fields: [REASON],
  });
  return Boolean(answer) && done(() => api(path`/models/${type}/rollback`,
    {method: 'POST', body: {reason: answer.reason || undefined}, headers: insisting(revision)}), toast,
  (now) => `${type} is back at ${now.active_version}`);
}

/** Loads a version on this server. */
export const load = ({api, toast}, type, version) =>
  done(() => api(path`/models/${type}/${version}/load`, {method: 'POST'}), toast, `${type} ${version} is loaded`);

/** Takes a version out of this server's memory. */
export async function unload({api, toast}, type, version, {active}) {
  if (version === active) {
    const answer = await ask({title: `Unload ${type} ${version}?`, action: 'Unload',
      text: 'It is the active version: the next request loads it again, and waits for that.'});
    if (!answer) return false;
  }
  return done(() => api(path`/models/${type}/${version}/unload`, {method: 'POST'}), toast, `${type} ${version} is unloaded`);
}

/** Deletes a version, which has to be typed. */
export async function remove({api, toast}, type, version, {revision}) {
  const answer = await ask({
    title: `Delete ${type} ${version}?`,
    text: html`<p>It is not served any more, on any server. Until its files are removed, by default after seven days, it can be
      restored here.</p>`,
    action: 'Delete', danger: true, typeName: `${type}/${version}`, fields: [REASON],
  });
  if (!answer) return false;
  const query = answer.reason ? `?reason=${encodeURIComponent(answer.reason)}` : '';
  return done(() => api(path`/models/${type}/${version}` + query, {method: 'DELETE', headers: insisting(revision)}), toast,
    `${type} ${version} is deleted, and can be restored`);
}

/** Takes a deletion back. */
export async function restore({api, toast}, type, version, {revision}) {
  const answer = await ask({title: `Restore ${type} ${version}?`, text: 'It can be asked for again; it does not become active.',
    action: 'Restore', fields: [REASON]});
  return Boolean(answer) && done(() => api(path`/models/${type}/${version}/restore`,
    {method: 'POST', body: {reason: answer.reason || undefined}, headers: insisting(revision)}), toast, `${type} ${version} is back`);
}

/** Gives a version a name of its own, or an existing name to another version. */
export async function setAlias({api, toast}, type, versions, {revision, name = '', version = versions[0]}) {
  const answer = await ask({
    title: name ? `Let @${name} name another version?` : `A name for a version of ${type}`,
    text: name ? null : html`<p>An alias stands wherever a version may stand: <code>${type}/@champion</code>.</p>`,
    action: 'Set', fields: [
      ...(name ? [] : [{name: 'alias', label: 'Alias', required: true, placeholder: 'champion'}]),
      {name: 'version', label: 'Version', type: 'select', options: versions, value: version, required: true}, REASON],
  });
  if (!answer) return false;
  const alias = name || answer.alias.trim().replace(/^@/, '');
  return done(() => api(path`/models/${type}/aliases/${alias}`, {method: 'PUT',
    body: {version: answer.version, reason: answer.reason || undefined}, headers: insisting(revision)}), toast,
  `@${alias} is ${type} ${answer.version}`);
}

/** Takes a name away. */
export async function removeAlias({api, toast}, type, alias, {revision}) {
  const answer = await ask({title: `Remove @${alias} from ${type}?`, text: 'Requests for it fail from then on.', action: 'Remove',
    danger: true});
  return Boolean(answer) && done(() => api(path`/models/${type}/aliases/${alias}`, {method: 'DELETE', headers: insisting(revision)}),
    toast, `@${alias} is gone`);
}
