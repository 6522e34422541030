// Where the time of a prediction went.
import {html} from './html.js';
import {ms} from './format.js';

const PARTS = [['preprocessing', 'c1'], ['queue', 'c2'], ['inference', 'c3'], ['postprocessing', 'c4']];

/** @param timing timing_ms of an answer or of a row of the log */
export function Timing({timing}) {
  const parts = PARTS.map(([name, color]) => ({name, color, value: timing[name] ?? 0}));
  const rest = timing.total - parts.reduce((sum, part) => sum + part.value, 0);
  // Rounding is no part of its own.
  if (rest > timing.total / 100) parts.push({name: 'other', color: 'rest', value: rest});
  const whole = Math.max(timing.total, 1e-6);
  const told = parts.map((part) => `${part.name} ${ms(part.value)}`).join(', ');
  return html`<div class="timing">
    <div class="timing-bar" role="img" aria-label=${`Took ${ms(timing.total)}: ${told}`}>${parts.map((part) => html`
      <i key=${part.name} class=${part.color} style=${{width: `${(part.value / whole) * 100}%`}}></i>`)}</div>
    <div class="legend"><span class="legend-item">in all<b>${ms(timing.total)}</b></span>${parts.map((part) => html`
      <span class="legend-item" key=${part.name}><i class=${`swatch ${part.color}`}></i>${part.name}<b>${ms(part.value)}</b></span>`)}</div>
    ${timing.steps && html`<div class="small muted">Steps: ${Object.entries(timing.steps)
      .map(([step, value]) => `${step} ${ms(value)}`).join(', ')}</div>`}
  </div>`;
}
