// One of several panels; the arrow keys go from tab to tab.
import {html, useRef} from './html.js';

/** @param tabs [{id, label}]; children are the panel of the one that is chosen */
export function Tabs({label, tabs, chosen, onChoose, children}) {
  const list = useRef(null);
  const keyed = (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const at = (tabs.findIndex((tab) => tab.id === chosen) + step + tabs.length) % tabs.length;
    onChoose(tabs[at].id);
    list.current.querySelectorAll('[role=tab]')[at].focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${keyed}>${tabs.map((tab) => html`
      <button type="button" role="tab" key=${tab.id} id=${`tab-${tab.id}`} aria-selected=${tab.id === chosen ? 'true' : 'false'}
        aria-controls="panel" tabindex=${tab.id === chosen ? 0 : -1} onClick=${() => onChoose(tab.id)}>${tab.label}</button>`)}</div>
    <div role="tabpanel" id="panel" aria-labelledby=${`tab-${chosen}`}>${children}</div>`;
}
