// Sends what was logged again, to another version.
import {html, useState} from './html.js';
import {path} from './api.js';
import {Trouble} from './empty.js';
import {VersionChoice} from './choice.js';
import {Comparison} from './compare.js';
import {Timing} from './timing.js';

/**
 * @param row of the log, with its inputs
 * @param model the type with its versions, or null where it is not known
 */
export function Resend({row, model, api}) {
  const others = (model?.versions || []).filter((version) => version.state !== 'DELETED' && version.model_version !== row.model_version);
  const [version, setVersion] = useState(others[0]?.model_version ?? '@latest');
  const [outcome, setOutcome] = useState(null);
  const [busy, setBusy] = useState(false);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      setOutcome({answer: await api(path`/predict/${row.model_type}/${version}`, {method: 'POST', body: {inputs: row.inputs}})});
    } catch (problem) {
      setOutcome({problem});
    }
    setBusy(false);
  };
  return html`<form onSubmit=${send} aria-label="Send it again">
    <div class="filters"><${VersionChoice} model=${model} value=${version} onValue=${setVersion} label="To version" />
      <div class="actions"><button type="submit" disabled=${busy || !version}>${busy ? 'Sending…' : 'Send again'}</button></div></div>
    <p class="small muted">With the same inputs and the manifest's own steps: what the request asked for beside its inputs is not in the log.</p>
    ${outcome?.problem && html`<${Trouble} problem=${outcome.problem} />`}
    ${outcome?.answer && html`
      ${row.predictions ? html`<${Comparison} before=${{title: `Logged, version ${row.model_version}`, predictions: row.predictions}}
          after=${{title: `Now, version ${outcome.answer.model_version}`, predictions: outcome.answer.predictions}} />`
        : html`<p>It was answered now, by version ${outcome.answer.model_version}.</p>`}
      <${Timing} timing=${outcome.answer.timing_ms} />`}
  </form>`;
}
