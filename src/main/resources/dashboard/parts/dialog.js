// Questions that must be answered before something is done. The browser's own dialog keeps the focus inside and closes on Escape.
import {html, render, useLayoutEffect, useRef, useState} from './html.js';

/** A dialog that is open while it is shown. */
export function Dialog({title, onClose, children, wide = false}) {
  const ref = useRef(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before && before.isConnected) before.focus();
    };
  }, []);
  return html`<dialog ref=${ref} class=${wide ? 'wide' : ''} aria-labelledby="dialog-title"
      onCancel=${(event) => { event.preventDefault(); onClose(); }}>
    <h2 id="dialog-title">${title}</h2>
    ${children}
  </dialog>`;
}

/**
 * Asks, and waits for the answer.
 *
 * @param title what is asked
 * @param text why one might not want it; a string or a template
 * @param action the word on the button that does it
 * @param danger whether it takes something away
 * @param typeName a name that has to be typed first; for deletions
 * @param fields further questions: [{name, label, type: 'text' | 'checkbox' | 'number' | 'select', options, value, required, hint}]
 * @returns an object of the fields' values, or null where the answer is no
 */
export function ask(question) {
  return new Promise((answered) => {
    const host = document.createElement('div');
    document.body.append(host);
    const end = (answer) => {
      render(null, host);
      host.remove();
      answered(answer);
    };
    render(html`<${Question} ...${question} end=${end} />`, host);
  });
}

function Question({title, text, action = 'OK', danger = false, typeName = null, fields = [], end}) {
  const [values, setValues] = useState(() => Object.fromEntries(fields.map((field) =>
    [field.name, field.value ?? (field.type === 'checkbox' ? false : '')])));
  const [typed, setTyped] = useState('');
  const set = (name, value) => setValues((before) => ({...before, [name]: value}));
  const ready = (!typeName || typed.trim() === typeName)
    && fields.every((field) => !field.required || String(values[field.name]).trim() !== '');
  const submit = (event) => {
    event.preventDefault();
    if (ready) end(values);
  };
  return html`<${Dialog} title=${title} onClose=${() => end(null)}>
    <form onSubmit=${submit} novalidate>
      ${text && html`<div class="prose">${typeof text === 'string' ? html`<p>${text}</p>` : text}</div>`}
      ${fields.map((field) => html`<${Field} key=${field.name} field=${field} value=${values[field.name]}
        onValue=${(value) => set(field.name, value)} />`)}
      ${typeName && html`<label class="field"><span>Type <code>${typeName}</code> to confirm</span>
        <input type="text" name="confirm" autocomplete="off" spellcheck="false" autocapitalize="off" value=${typed}
          onInput=${(event) => setTyped(event.currentTarget.value)} /></label>`}
      <div class="actions end">
        <button type="button" onClick=${() => end(null)}>Cancel</button>
        <button type="submit" class=${danger ? 'danger' : 'primary'} disabled=${!ready}>${action}</button>
      </div>
    </form>
  </${Dialog}>`;
}

/** One labelled input; also for forms outside of dialogs. */
export function Field({field, value, onValue}) {
  const hint = field.hint && html`<span class="hint">${field.hint}</span>`;
  if (field.type === 'checkbox') {
    return html`<label class="check"><input type="checkbox" name=${field.name} checked=${value}
      onChange=${(event) => onValue(event.currentTarget.checked)} /><span>${field.label}${hint}</span></label>`;
  }
  if (field.type === 'select') {
    return html`<label class="field"><span>${field.label}</span><select name=${field.name} value=${value}
      onChange=${(event) => onValue(event.currentTarget.value)}>${field.options.map((option) => html`
        <option value=${option.value ?? option}>${option.label ?? option}</option>`)}</select>${hint}</label>`;
  }
  return html`<label class="field"><span>${field.label}${!field.required && html` <i>optional</i>`}</span>
    <input type=${field.type || 'text'} name=${field.name} value=${value} placeholder=${field.placeholder}
      autocomplete="off" onInput=${(event) => onValue(event.currentTarget.value)} />${hint}</label>`;
}
