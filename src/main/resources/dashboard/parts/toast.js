// Short news at the edge of the page: that something was done, or why not.
import {html, useEffect, useState} from './html.js';
import {sentence} from './empty.js';

const LONG_ENOUGH_MS = 6000;
let shown = [];
let next = 1;
let changed = () => {};

/** toast('Version 2 is active'); toast(problem) for what was thrown; kind is 'good' or 'bad'. */
export function toast(news, kind = news instanceof Error ? 'bad' : 'good') {
  const item = {id: next++, kind, text: news instanceof Error ? sentence(news.detail || news.message) : news,
    requestId: news.requestId};
  shown = [...shown.slice(-3), item];
  changed();
  if (kind !== 'bad') setTimeout(() => dismiss(item.id), LONG_ENOUGH_MS);
}

function dismiss(id) {
  shown = shown.filter((item) => item.id !== id);
  changed();
}

/** Where they appear; once in the page. Failures stay until they are dismissed. */
export function Toasts() {
  const [, again] = useState(0);
  useEffect(() => {
    changed = () => again((n) => n + 1);
    return () => { changed = () => {}; };
  }, []);
  return html`<div class="toasts" role="status" aria-live="polite">${shown.map((item) => html`
    <div class=${`toast ${item.kind}`} key=${item.id}>
      <div>${item.text}${item.requestId && html`<div class="small muted">Request <code>${item.requestId}</code></div>`}</div>
      <button type="button" class="quiet icon" aria-label="Dismiss" onClick=${() => dismiss(item.id)}>×</button>
    </div>`)}</div>`;
}
