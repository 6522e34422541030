// A form for a model's inputs, its answer, and the call that made it.
import {html, useEffect, useMemo, useRef, useState} from '../parts/html.js';
import {path} from '../parts/api.js';
import {useLoad} from '../parts/load.js';
import {Empty, Loading, Trouble} from '../parts/empty.js';
import {State} from '../parts/state.js';
import {Call} from '../parts/call.js';
import {TypeChoice, VersionChoice} from '../parts/choice.js';
import {RowForm} from '../parts/row-form.js';
import {Steps, NO_STEPS, stepsText} from '../parts/steps.js';
import {Verdict} from '../parts/verdict.js';
import {areOrdered, columnsOf, emptyRow, fieldOf, inputsText, rowsOf} from '../parts/columns.js';
import {useTypes} from '../parts/types.js';
import * as draft from '../parts/draft.js';

export default function Try({api, params, go, address, toast, live, can}) {
  const type = params.type || '';
  const version = params.version || '';
  const mayRead = can('read', type || undefined);
  const types = useTypes(api, live, can('read'));
  const model = useLoad((signal) => (type && mayRead ? api(path`/models/${type}`, {signal}) : Promise.resolve(null)), [type, mayRead]);
  const experiment = useLoad((signal) => (type && mayRead ? api(`/ab-test/status?type=${encodeURIComponent(type)}`, {signal})
    .then((all) => all.experiments.find((each) => each.enabled) || null) : Promise.resolve(null)), [type, mayRead]);
  useEffect(() => {
    if (!type && types?.total > 0) go(['try', types.names[0]]);
  }, [type, types]);
  const waiting = mayRead && model.loading && model.data?.model_type !== type;
  const asked = version || (mayRead ? model.data?.active_version : '') || '@latest';
  const head = html`<div class="head"><h1>Try a model</h1></div>`;
  if (types && types.total === 0) {
    return html`${head}<${Empty} title="There is no model yet"><p>Push one, and it can be tried here: see <a href=${address('/models')}>Models</a>.</p></${Empty}>`;
  }
  return html`${head}
    <div class="card choose"><div class="filters">
      <${TypeChoice} api=${api} types=${types} value=${type} onValue=${(next) => go(next ? ['try', next] : '/try')} />
      <${VersionChoice} model=${mayRead ? model.data : null} value=${version} active=${activeWords(model.data, experiment.data)}
        onValue=${(next) => go(next ? ['try', type, next] : ['try', type])} />
      <${About} model=${model.data} version=${version} address=${address} /></div></div>
    ${model.problem && html`<${Trouble} problem=${model.problem} retry=${model.reload} />`}
    ${type && !waiting && !model.problem && html`<${Sheet} key=${type} type=${type} version=${version} asked=${asked} model=${model.data}
      experiment=${version ? null : experiment.data} api=${api} toast=${toast} can=${can} address=${address} />`}`;
}

function activeWords(model, experiment) {
  if (experiment) return `the experiment (${experiment.arms.map((arm) => arm.version).join(', ')})`;
  return model?.active_version ? `the active one (${model.active_version})` : 'the active one';
}

/** The version that is asked, as far as it is one. */
const chosen = (model, version) => model?.versions.find((each) => (version.startsWith('@')
  ? each.model_version === model.aliases?.[version.slice(1)] : version ? each.model_version === version : each.active));

function About({model, version, address}) {
  const found = chosen(model, version);
  if (!found) return null;
  return html`<div class="about"><${State} state=${found.state} /> <span class="muted">${found.runtime}, version </span>
    <a href=${address(['models', found.model_type, found.model_version])}>${found.model_version}</a></div>`;
}

/** The form and what comes of it. Stays while the version changes, so that versions can be compared on the same inputs. */
function Sheet({type, version, asked, model, experiment, api, toast, can, address}) {
  const schema = useLoad((signal) => api(path`/models/${type}/${asked}/schema`, {signal, headers: {Accept: 'application/schema+json'}}), [type, asked]);
  if (schema.problem) return html`<${Trouble} problem=${schema.problem} retry=${schema.reload} />`;
  if (!schema.data) return html`<${Loading} what="Loading the model" />`;
  return html`<${Form} schema=${schema.data} type=${type} version=${version} model=${model} experiment=${experiment} api=${api}
    toast=${toast} can=${can} address=${address} />`;
}

function Form({schema, type, version, model, experiment, api, toast, can, address}) {
  const columns = useMemo(() => columnsOf(schema), [schema]);
  const inOrder = useMemo(() => areOrdered(columns), [columns]);
  const shape = columns.map((each) => `${each.name} ${each.kind}`).join();
  const [rows, setRows] = useState([]);
  const [at, setAt] = useState(0);
  const [json, setJson] = useState(null);
  const [steps, setSteps] = useState(NO_STEPS);
  const [outcome, setOutcome] = useState(null);
  const [busy, setBusy] = useState(false);
  const result = useRef(null);
  const examples = schema.examples || [];

  const fill = (inputs) => {
    const read = inputs === undefined ? [emptyRow(columns)] : rowsOf(inputs, columns);
    setRows(read || [emptyRow(columns)]);
    setJson(read && columns.length > 0 ? null : JSON.stringify(inputs ?? [], null, 1));
    setAt(0);
    setOutcome(null);
  };
  useEffect(() => {
    const handed = draft.take(type);
    fill(handed ? handed.inputs : examples[0]?.inputs);
    setSteps(NO_STEPS);
  }, [shape]);

  // The text of the request, or what is wrong with it already.
  const request = useMemo(() => {
    try {
      const {text, headers} = stepsText(steps);
      const inputs = json !== null ? checked(json) : inputsText(rows, columns, inOrder);
      return {path: version ? path`/predict/${type}/${version}` : path`/predict/${type}`, body: `{"inputs": ${inputs}${text}}`, headers};
    } catch (problem) {
      return {problem};
    }
  }, [rows, json, steps, version, type, columns]);

  const errors = outcome?.problem?.errors || [];
  const places = errors.map((error) => ({...fieldOf(error.pointer, columns), detail: error.detail, pointer: error.pointer}));

  const predict = async (event) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    let next;
    try {
      if (request.problem) throw request.problem;
      const answer = await api(request.path, {method: 'POST', body: request.body, headers: request.headers, raw: true});
      next = {answer: await answer.json(), cache: answer.headers.get('X-Cache'), digest: answer.headers.get('X-Model-Digest'),
        request: answer.headers.get('X-Request-Id')};
    } catch (problem) {
      next = {problem};
      const first = problem.errors?.map((error) => fieldOf(error.pointer, columns)).find(Boolean);
      if (first && json === null) setAt(Math.min(first.row, rows.length - 1));
    }
    setOutcome(next);
    setBusy(false);
    // On a narrow screen the answer is below the form.
    requestAnimationFrame(() => result.current?.scrollIntoView({block: 'nearest'}));
  };
  const keyed = (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) predict(event);
  };
  const toJson = () => {
    try {
      setJson(inputsText(rows, columns, inOrder));
    } catch (problem) {
      setOutcome({problem});
    }
  };
  const toForm = () => {
    try {
      const read = rowsOf(JSON.parse(json), columns);
      if (!read) throw new Error('a form cannot show inputs of this shape');
      setRows(read);
      setAt(0);
      setJson(null);
    } catch (failure) {
      toast(`They stay JSON: ${failure.message}`, 'bad');
    }
  };
  if (rows.length === 0) return null;
  return html`<div class="bench">
    <form class="card" onSubmit=${predict} onKeyDown=${keyed} aria-label="Inputs">
      <div class="card-head"><h2>Inputs</h2><div class="actions">
        ${examples.length > 0 && html`<${Examples} examples=${examples} onChoose=${fill} />`}
        ${columns.length > 0 && html`<button type="button" onClick=${json === null ? toJson : toForm}>${json === null ? 'As JSON' : 'As a form'}</button>`}
      </div></div>
      ${json === null ? html`<${RowForm} columns=${columns} rows=${rows} at=${at} onRows=${setRows} onAt=${setAt} toast=${toast}
          errors=${places.filter((place) => place.row !== undefined)} />`
        : html`<label class="field"><span>Inputs as JSON</span><textarea class="json" rows="14" spellcheck="false" value=${json}
            aria-invalid=${errors.length > 0 ? 'true' : undefined} onInput=${(event) => setJson(event.currentTarget.value)}></textarea></label>`}
      <details class="options"><summary>Options</summary>
        <${Steps} schema=${schema} value=${steps} onValue=${setSteps} experiment=${experiment}
          errors=${Object.fromEntries(errors.map((error) => [error.pointer, error.detail]))} /></details>
      <div class="actions"><button type="submit" class="primary" aria-busy=${busy ? 'true' : undefined}>${busy ? 'Predicting…' : 'Predict'}</button>
        <span class="muted small">or Ctrl+Enter</span></div>
    </form>
    <div>
      <div ref=${result}><${Verdict} outcome=${outcome} model=${model} places=${json === null ? places : []} onPlace=${setAt} api=${api} toast=${toast}
        can=${can} address=${address} /></div>
      <${Call} call=${request.problem ? null : request} />
    </div></div>`;
}

function checked(json) {
  JSON.parse(json);
  return json.trim();
}

function Examples({examples, onChoose}) {
  if (examples.length === 1) return html`<button type="button" onClick=${() => onChoose(examples[0].inputs)}>Example</button>`;
  return html`<select aria-label="Fill in an example" value="" onChange=${(event) => {
    onChoose(examples[Number(event.currentTarget.value)].inputs);
    event.currentTarget.value = '';
  }}><option value="">Example…</option>${examples.map((_, i) => html`<option key=${i} value=${i}>Example ${i + 1}</option>`)}</select>`;
}
