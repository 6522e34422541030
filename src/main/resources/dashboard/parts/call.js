// The call of a prediction, to be copied into a program.
import {html, useState} from './html.js';
import {Copy} from './copy.js';
import {Tabs} from './tabs.js';
import {LANGUAGES, snippet} from './snippets.js';

/** @param call {path, body, headers}, or null while there is none */
export function Call({call}) {
  const [language, setLanguage] = useState('curl');
  const chosen = LANGUAGES.find((each) => each.id === language);
  const text = call ? snippet(language, {url: location.origin + call.path, body: call.body, headers: call.headers}) : '';
  return html`<section class="card" aria-label="The call">
    <div class="card-head"><h2>The call</h2>${call && html`<${Copy} text=${text} what=${`the ${chosen.label} call`} />`}</div>
    <${Tabs} label="Language" tabs=${LANGUAGES} chosen=${language} onChoose=${setLanguage}>
      ${call ? html`<p class="small muted">${chosen.needs} Save it as <code>${chosen.file}</code>, put the key into <code>MODELYARD_KEY</code>,
          and run <code>${chosen.run}</code>. It has 30 seconds, and tries again only where the server says that this is worth it.</p>
        <pre class="code" tabindex="0" aria-label=${`${chosen.label} call`}>${text}</pre>`
        : html`<p class="muted">The inputs cannot be sent as they are.</p>`}
    </${Tabs}>
  </section>`;
}
