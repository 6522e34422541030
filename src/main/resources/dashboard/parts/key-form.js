// What stands there as long as nobody has said who they are.
import {html, useEffect, useRef, useState} from './html.js';
import {Loading, sentence} from './empty.js';

/**
 * @param pending whether a key is being tried
 * @param refusal why the last one was not taken, or null
 * @param use is given a key; retry tries the one that is there again
 */
export function KeyForm({pending, refusal, use, retry}) {
  const [text, setText] = useState('');
  const input = useRef(null);
  useEffect(() => input.current?.focus(), [pending]);
  if (pending) return html`<div class="gate"><${Loading} what="Opening" /></div>`;
  const unreachable = refusal && refusal.status !== 401 && refusal.status !== 403 && refusal.code !== 'bad_parameter';
  return html`<main class="gate"><div class="card">
    <div class="brand"><img src=${new URL('../icon.svg', import.meta.url).href} width="34" height="34" alt="" />
      <h1>Modelyard</h1></div>
    ${refusal && html`<div class="trouble" role="alert"><p>${sentence(refusal.detail)}</p>
      ${unreachable && html`<button type="button" onClick=${retry}>Try again</button>`}</div>`}
    <form onSubmit=${(event) => { event.preventDefault(); if (text.trim()) use(text.trim()); }}>
      <label class="field"><span>API key</span>
        <input ref=${input} type="password" name="key" autocomplete="off" spellcheck="false" placeholder="my_…" value=${text}
          onInput=${(event) => setText(event.currentTarget.value)} /></label>
      <button type="submit" class="primary block" disabled=${!text.trim()}>Open the dashboard</button>
    </form>
    <p class="small muted">The key stays in this tab and is forgotten when you close it.</p>
    <details class="small"><summary>Where do I find a key?</summary>
      <p>The first key of a new server is in its data directory, by default <code>.modelyard/admin.key</code>:</p>
      <pre>cat .modelyard/admin.key</pre>
      <p>Otherwise somebody with the role <code>admin</code> makes one, here under Keys or with <code>modelyard keys</code>.</p>
    </details>
  </div></main>`;
}
