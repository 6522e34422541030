// What stands where there is nothing to show: nothing there, not yet, not allowed, or not possible.
import {html} from './html.js';

/** Nothing is there; children say what to do about it. */
export function Empty({title, children}) {
  return html`<div class="empty"><h2>${title}</h2><div>${children}</div></div>`;
}

/** Something is on its way. */
export function Loading({what = 'Loading'}) {
  return html`<div class="loading" role="status"><span class="spinner" aria-hidden="true"></span> ${what}…</div>`;
}

/** The server refused, or was not reached. */
export function Trouble({problem, retry}) {
  if (problem.status === 403) return html`<${Empty} title="Not with this key"><p>${sentence(problem.detail)}</p></${Empty}>`;
  return html`<div class="trouble" role="alert">
    <p><strong>${titleOf(problem)}</strong></p>
    <p>${sentence(problem.detail)}</p>
    ${problem.errors.length > 0 && html`<ul>${problem.errors.map((error) => html`
      <li><code>${error.pointer}</code> ${error.detail}</li>`)}</ul>`}
    ${problem.requestId && html`<p class="muted small">Request <code>${problem.requestId}</code></p>`}
    ${retry && html`<button type="button" onClick=${retry}>Try again</button>`}
  </div>`;
}

const titleOf = (problem) => (problem.status === 0 ? 'No connection' : `${problem.status} ${problem.code}`);

/** The server's details begin in lower case, because they stand in lines of logs. */
export const sentence = (text) => (text ? text.charAt(0).toUpperCase() + text.slice(1) : '');
