// Says what became true of a prediction: by this a version and an arm of an experiment are measured.
import {html, useState} from './html.js';
import {path} from './api.js';
import {plural} from './format.js';

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const MOST_ROWS = 20;

/**
 * @param id of the prediction
 * @param predictions what was told, a row each
 * @param words the labels that may be true, or null where they are not known
 * @param onGiven is called when the server has taken it
 */
export function Truth({id, predictions, words, api, toast, onGiven}) {
  const [truths, setTruths] = useState({});
  const [reward, setReward] = useState('');
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const rows = predictions.slice(0, MOST_ROWS);
  const said = rows.some((_, i) => (truths[i] ?? '') !== '') || reward !== '';

  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      if (rows.some((_, i) => (truths[i] ?? '') !== '')) {
        const outcomes = predictions.map((value, i) => valueOf(truths[i] ?? '', value));
        told(await api(path`/feedback/${id}`, {method: 'POST', body: {outcomes}}), toast);
      }
      if (reward !== '') told(await api(path`/feedback/${id}`, {method: 'POST', body: {reward: Number(reward)}}), toast);
      setTruths({});
      setReward('');
      onGiven?.();
    } catch (failure) {
      setProblem(failure);
    }
    setBusy(false);
  };

  return html`<form class="truth" onSubmit=${send} aria-label="What became true">
    <div class="truths">${rows.map((value, i) => html`<label class="field" key=${i}>
      <span>${predictions.length > 1 ? `Truth of row ${i + 1}` : 'The truth'}</span>
      <${TruthInput} words=${words} value=${truths[i] ?? ''}
        onValue=${(text) => setTruths((before) => ({...before, [i]: text}))} /></label>`)}
      <label class="field"><span>Reward <i>of the whole</i></span>
        <input type="text" inputmode="decimal" name="reward" value=${reward} placeholder="none"
          onInput=${(event) => setReward(event.currentTarget.value)} /></label>
    </div>
    ${predictions.length > MOST_ROWS && html`<p class="small muted">Of the other ${predictions.length - MOST_ROWS} rows the API can be told.</p>`}
    ${problem && html`<p class="bad-text" role="alert">${problem.detail}</p>`}
    <button type="submit" disabled=${!said || busy || (reward !== '' && !NUMBER.test(reward))}>Give feedback</button>
  </form>`;
}

function TruthInput({words, value, onValue}) {
  if (words && words.length <= 200) {
    return html`<select value=${value} onChange=${(event) => onValue(event.currentTarget.value)}>
      <option value="">not known yet</option>${words.map((word) => html`<option value=${word} key=${word}>${word}</option>`)}</select>`;
  }
  return html`<input type="text" value=${value} placeholder="not known yet" autocomplete="off"
    onInput=${(event) => onValue(event.currentTarget.value)} />`;
}

/** What was typed, as the kind of thing that was predicted: a label is text, also one that looks like a number. */
function valueOf(text, predicted) {
  const bare = text.trim();
  if (bare === '') return null;
  const label = predicted && typeof predicted === 'object' && 'label' in predicted;
  if (!label && (NUMBER.test(bare) || bare === 'true' || bare === 'false' || bare.startsWith('['))) {
    try {
      return JSON.parse(bare);
    } catch {
      return bare;
    }
  }
  return bare;
}

function told({scored, unscored, pending, reasons}, toast) {
  if (unscored > 0) {
    toast(`Taken, but ${plural(unscored, 'row')} cannot be scored: ${(reasons || []).join(', ').replaceAll('_', ' ')}`, 'bad');
  } else if (pending > 0) toast('Taken; it is scored as soon as the prediction is in the log');
  else toast(`Taken: ${plural(scored, 'row')} scored`);
}
