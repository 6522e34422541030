// Text that is taken along.
import {html, useEffect, useRef, useState} from './html.js';

/** A button that puts text on the clipboard, and says that it did. */
export function Copy({text, label = 'Copy', what = ''}) {
  const [done, setDone] = useState(null);
  const timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (event) => {
    const button = event.currentTarget;
    setDone(await put(text, button.closest('dialog') || document.body) ? 'Copied' : 'Not possible: select it and copy');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(null), 2500);
  };
  return html`<button type="button" class="copy" onClick=${copy} aria-label=${what ? `${label} ${what}` : undefined}>
    ${done || label}<span class="hidden" role="status">${done || ''}</span></button>`;
}

/** Browsers have a clipboard only on https and on this machine; elsewhere there is the old way, which needs a field in reach. */
async function put(text, host) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement('textarea'), {value: text, readOnly: true, className: 'hidden'});
    const focused = document.activeElement;
    host.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    focused?.focus();
    return done;
  }
}

/** Something long of which the beginning is enough to know it again. */
export function Short({text, length = 12, what}) {
  return html`<span class="short"><code title=${text}>${text.length > length ? `${text.slice(0, length)}…` : text}</code>
    <${Copy} text=${text} what=${what} /></span>`;
}
