// Which version answers requests that name none: experiments, and how their arms do.
import {html, useEffect, useState} from '../parts/html.js';
import {path} from '../parts/api.js';
import {ask} from '../parts/dialog.js';
import {useLoad} from '../parts/load.js';
import {Empty, Loading, Trouble} from '../parts/empty.js';
import {Badge} from '../parts/state.js';
import {Table} from '../parts/table.js';
import {count, percent} from '../parts/format.js';
import {TypeChoice} from '../parts/choice.js';
import {useTypes} from '../parts/types.js';
import {Arms, ArmPlots, Kind} from '../parts/arms.js';
import {ExperimentForm} from '../parts/experiment-form.js';

const EVERY_MS = 2000;

export default function Traffic({api, params, go, address, toast, live, can}) {
  const types = useTypes(api, live);
  const type = params.type || '';
  return html`
    <div class="head"><h1>${type ? html`Traffic of ${type}` : 'Traffic'}</h1>
      <p class="sub">Which version answers the requests that name none.</p></div>
    <div class="card choose"><div class="filters">
      <${TypeChoice} api=${api} types=${types} value=${type} all="all experiments" onValue=${(next) => go(next ? ['traffic', next] : '/traffic')} /></div></div>
    ${type ? html`<${OfType} key=${type} type=${type} api=${api} toast=${toast} can=${can} address=${address} />`
      : html`<${All} api=${api} address=${address} types=${types} />`}`;
}

function All({api, address, types}) {
  const status = usePolled(api, '/ab-test/status');
  if (status.problem && !status.data) return html`<${Trouble} problem=${status.problem} retry=${status.reload} />`;
  if (!status.data) return html`<${Loading} />`;
  const {experiments} = status.data;
  if (experiments.length === 0) {
    return html`<${Empty} title="No experiment has run yet"><p>An experiment gives the requests of a type to several of its versions, and
      measures which one does better.</p>${types?.total > 0 && html`<p>Choose a type to begin one.</p>`}</${Empty}>`;
  }
  return html`<section class="card" aria-label="Experiments"><h2>Experiments</h2><${Table} label="Experiments" rows=${experiments} rowKey=${(each) => each.id}
    columns=${[
      {key: 'type', label: 'Type', render: (each) => html`<a href=${address(['traffic', each.model_type])}>${each.model_type}</a>`},
      {key: 'state', label: 'State', render: (each) => html`<${Running} experiment=${each} />`},
      {key: 'kind', label: 'Strategy', render: (each) => html`<${Kind} experiment=${each} />`},
      {key: 'arms', label: 'Arms', render: (each) => each.arms.map((arm) => `${arm.name} ${percent(arm.share)}`).join(', ')},
      {key: 'requests', label: 'Requests', number: true, render: (each) => count(each.arms.reduce((sum, arm) => sum + (arm.figures?.requests || 0), 0))},
    ]} /></section>`;
}

const Running = ({experiment}) => html`<${Badge} kind=${experiment.enabled ? 'good' : 'plain'}>${experiment.enabled ? 'running' : 'ended'}</${Badge}>`;

function OfType({type, api, toast, can, address}) {
  const model = useLoad((signal) => api(path`/models/${type}`, {signal}), [type]);
  const status = usePolled(api, `/ab-test/status?type=${encodeURIComponent(type)}`);
  const [editing, setEditing] = useState(null);
  const problem = model.problem || (status.data ? null : status.problem);
  if (problem) return html`<${Trouble} problem=${problem} retry=${() => { model.reload(); status.reload(); }} />`;
  if (!model.data || !status.data) return html`<${Loading} />`;
  const experiment = status.data.experiments[0] || null;
  const allowed = can('operate', type);
  const reload = () => Promise.all([model.reload(), status.reload()]);
  const end = async () => {
    const answer = await ask({
      title: 'End the experiment?', text: `From then on one version answers the requests for ${type}. The figures stay.`, action: 'End it', danger: true,
      fields: [{name: 'version', label: 'Which one', type: 'select', value: '', options: [
        {value: '', label: `the active one (${model.data.active_version ?? 'none'})`},
        ...experiment.arms.filter((arm) => arm.version !== model.data.active_version)
          .map((arm) => ({value: arm.version, label: `activate ${arm.version} (arm ${arm.name})`}))]},
      {name: 'reason', label: 'Reason'}],
    });
    if (!answer) return;
    const reason = answer.reason.trim() ? {reason: answer.reason.trim()} : {};
    try {
      await api('/ab-test/configure', {method: 'POST', body: {type, enabled: false, ...reason}});
      if (answer.version) await api(path`/models/${type}/${answer.version}/activate`, {method: 'POST', body: reason});
      toast(answer.version ? `The experiment has ended, and version ${answer.version} is active` : 'The experiment has ended');
    } catch (failure) {
      toast(failure);
    }
    reload();
  };
  return html`
    ${status.problem && html`<p class="note warn">What you see is from before: ${status.problem.detail}</p>`}
    ${editing !== null ? html`<${ExperimentForm} model=${model.data} running=${editing.experiment} revision=${editing.revision} api=${api}
        onCancel=${() => setEditing(null)} onDone=${() => {
          setEditing(null);
          toast(editing.experiment ? 'The experiment is changed' : 'The experiment has begun');
          reload();
        }} />`
      : html`<section class="card" aria-label="Experiment"><div class="card-head">
          <h2>${experiment ? 'Experiment' : 'No experiment'} ${experiment && html`<${Running} experiment=${experiment} />`}</h2>
          ${allowed && html`<div class="actions">
            ${experiment?.enabled ? html`<button type="button" onClick=${() => setEditing({experiment, revision: experiment.revision})}>Change</button>
                <button type="button" class="danger-text" onClick=${end}>End</button>`
              : html`<button type="button" class="primary" onClick=${async () => {
                // What runs elsewhere may have changed the type since this was opened.
                const {revision} = await api(path`/models/${type}`).catch(() => model.data);
                setEditing({experiment: null, revision});
              }}>Begin an experiment</button>`}</div>`}</div>
        ${experiment ? html`<p class="muted small"><${Kind} experiment=${experiment} /> · id <code>${experiment.id}</code></p><${Arms} experiment=${experiment} />`
          : html`<p>${model.data.active_version ? html`Version <a href=${address(['models', type, model.data.active_version])}>${model.data.active_version}</a> answers all requests${model.data.follows_latest ? ': the latest one is followed' : ''}.` : 'No version can answer.'}</p>`}
        ${experiment && !experiment.enabled && html`<p class="muted">Version ${model.data.active_version} answers all requests.</p>`}</section>`}
    ${experiment?.enabled && html`<${ArmPlots} experiment=${experiment} api=${api} mayRecall=${can('logs', type)} />`}`;
}

/** Asked again every two seconds while the page can be seen. */
function usePolled(api, address) {
  const state = useLoad((signal) => api(address, {signal}), [address]);
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) state.reload(); }, EVERY_MS);
    return () => clearInterval(timer);
  }, [address]);
  return state;
}
