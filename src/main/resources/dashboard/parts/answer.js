// What a model predicted, as a table with bars.
import {html, useState} from './html.js';
import {Table} from './table.js';
import {percent, plural} from './format.js';

/** So many bars a row are shown at once, and fewer where there are several rows. */
const MOST_BARS = 10;
const FEW_BARS = 5;

/** A number with as many digits as a float32 has. */
export const number = (value) => String(Number(value.toPrecision(7)));

/** One prediction in a few words, for lists. */
export function brief(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return number(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.slice(0, 3).map(brief).join(', ')}${value.length > 3 ? ', …' : ''}]`;
  if ('label' in value) return value.label === null ? 'no class' : String(value.label);
  return Object.entries(value).map(([name, part]) => `${name} ${brief(part)}`).join(', ');
}

/** The labels of a model's outputs by the output's name. */
export const labelsOf = (model) => Object.fromEntries((model?.outputs || []).filter((output) => output.labels)
  .map((output) => [output.name, output.labels]));

/**
 * @param predictions one for each row
 * @param labels by output, as labelsOf gives them, or null where they are not known
 */
export function Predictions({predictions, labels}) {
  const outputs = outputsOf(predictions[0], labels);
  const columns = [
    {key: 'row', label: 'Row', cls: 'slim', render: ({i}) => i + 1},
    ...outputs.flatMap(({name, title, words}) => {
      const of = (row) => (name === null ? row.value : row.value?.[name]);
      const detailed = predictions.some((value) => barsOf(of({value}), words).length > 0);
      return [
        {key: `${name}-told`, label: title || 'Prediction', render: (row) => html`<${Told} value=${of(row)} />`},
        detailed && {key: `${name}-bars`, label: `${title ? `${title}: ` : ''}${isClass(of({value: predictions[0]})) ? 'Probabilities' : 'Values'}`,
          cls: outputs.length > 1 ? 'grow' : 'broad', render: (row) => html`<${Bars} bars=${barsOf(of(row), words)} most=${predictions.length > 1 ? FEW_BARS : MOST_BARS} />`},
      ].filter(Boolean);
    }),
  ];
  return html`<${Table} label="Predictions" columns=${columns} rows=${predictions.map((value, i) => ({value, i}))}
    rowKey=${(row) => row.i} pageSize=${20} />`;
}

const isClass = (value) => Boolean(value) && typeof value === 'object' && ('label' in value || 'top_k' in value);

function outputsOf(first, labels) {
  const byName = first && typeof first === 'object' && !Array.isArray(first) && !isClass(first);
  if (byName) return Object.keys(first).map((name) => ({name, title: name, words: labels?.[name]}));
  return [{name: null, title: '', words: labels ? Object.values(labels)[0] : null}];
}

function Told({value}) {
  const sure = isClass(value) && typeof value.confidence === 'number';
  // Their bars stand beside them.
  if (Array.isArray(value) && value.length > 1 && barsOf(value).length > 0) return html`<span class="muted">${plural(value.length, 'value')}</span>`;
  return html`<span class="told"><b>${brief(value)}</b>${sure && html` <span class="muted nowrap">${percent(value.confidence)}</span>`}
    ${isClass(value) && value.labels && html` <span class="small muted">${value.labels.join(', ')}</span>`}</span>`;
}

function barsOf(value, words) {
  if (Array.isArray(value)) {
    if (value.every((one) => one && typeof one === 'object' && 'probability' in one)) {
      return value.map((one) => ({name: one.label ?? words?.[one.index] ?? String(one.index), value: one.probability}));
    }
    return value.every((one) => typeof one === 'number') ? value.map((one, i) => ({name: words?.[i] ?? String(i), value: one})) : [];
  }
  if (!isClass(value)) return [];
  if (Array.isArray(value.top_k)) return barsOf(value.top_k, words);
  return Array.isArray(value.probabilities) ? barsOf(value.probabilities, words) : [];
}

/** A probability; how small a very small one is says nobody anything. */
const part = (value) => (value > 0 && value < 1e-4 ? '< 0.01 %' : percent(value));

/** Horizontal bars; of many only the greatest, until all are asked for. */
export function Bars({bars, most: room = MOST_BARS}) {
  const [all, setAll] = useState(false);
  if (bars.length === 0) return null;
  const shown = all || bars.length <= room ? bars : [...bars].sort((a, b) => b.value - a.value).slice(0, FEW_BARS);
  const most = Math.max(...bars.map((bar) => Math.abs(bar.value)));
  const share = bars.every((bar) => bar.value >= 0 && bar.value <= 1);
  const whole = share ? 1 : most || 1;
  const best = Math.max(...bars.map((bar) => bar.value));
  return html`<div><ul class="bars">${shown.map((bar) => html`<li key=${bar.name} class=${bar.value === best ? 'best' : ''}>
      <span class="bar-name">${bar.name}</span>
      <span class="bar-track" aria-hidden="true"><i class=${bar.value < 0 ? 'below' : ''}
        style=${{width: `${(Math.abs(bar.value) / whole) * 100}%`}}></i></span>
      <span class="bar-value">${share ? part(bar.value) : number(bar.value)}</span></li>`)}</ul>
    ${bars.length > room && html`<button type="button" class="link small" onClick=${() => setAll(!all)}>
      ${all ? 'Only the greatest' : `All ${bars.length}`}</button>`}</div>`;
}
