// A field for each input of a row; several rows, of which one is shown at a time.
import {html, useState} from './html.js';
import {Dialog} from './dialog.js';
import {emptyRow, gridOf, isBeyond} from './columns.js';
import {rowsOfCsv} from './csv.js';

/** How much of the accent the greatest value has: beyond it the digits would not be legible in both themes. */
const MOST_SHADE = 45;

/** What a field's label is referred to by. */
export const fieldId = (column) => `in-${column}`;

/**
 * @param columns of a row
 * @param rows texts by column
 * @param at the row that is shown
 * @param errors [{row, column, detail}]
 */
export function RowForm({columns, rows, at, onRows, onAt, errors, toast}) {
  const [pasting, setPasting] = useState(false);
  const grid = gridOf(columns);
  const row = rows[at];
  const set = (name, text) => onRows(rows.map((each, i) => (i === at ? {...each, [name]: text} : each)));
  const wrong = (name) => errors.find((error) => error.row === at && error.column === name)?.detail;
  const whole = errors.filter((error) => error.row === at && error.column === null);
  const add = () => {
    onRows([...rows, {...row}]);
    onAt(rows.length);
  };
  const remove = () => {
    onRows(rows.filter((_, i) => i !== at));
    onAt(Math.max(0, at - 1));
  };
  const take = (text) => {
    const {rows: read, notes} = rowsOfCsv(text, columns);
    onRows(read);
    onAt(0);
    setPasting(false);
    toast(`${read.length === 1 ? 'One row' : `${read.length} rows`} read${notes.length > 0 ? `; ${notes.join('; ')}` : ''}`);
  };
  return html`<div>
    <div class="rows-bar"><${RowNumbers} count=${rows.length} at=${at} onAt=${onAt} wrong=${new Set(errors.map((error) => error.row))} />
      <div class="actions">
        <button type="button" onClick=${add} title="A copy of this row">Add row</button>
        <button type="button" onClick=${remove} disabled=${rows.length === 1}>Remove row</button>
        <button type="button" onClick=${() => onRows(rows.map((each, i) => (i === at ? emptyRow(columns) : each)))}>Clear</button>
        <button type="button" onClick=${() => setPasting(true)}>Paste CSV</button></div></div>
    ${whole.map((error) => html`<p class="bad-text" key=${error.detail}>${error.detail}</p>`)}
    ${grid ? html`<${Picture} columns=${columns} grid=${grid} row=${row} set=${set} wrong=${wrong} />`
      : html`<div class="fields">${columns.map((each) => html`<${Cell} key=${each.name} column=${each} value=${row[each.name] ?? ''}
          onValue=${(text) => set(each.name, text)} wrong=${wrong(each.name)} />`)}</div>`}
    ${pasting && html`<${Paste} columns=${columns} onClose=${() => setPasting(false)} onText=${take} />`}
  </div>`;
}

/** With many rows a number to type is better than as many buttons. */
function RowNumbers({count, at, onAt, wrong}) {
  if (count <= 12) {
    return html`<div class="row-numbers" role="group" aria-label="Rows">${Array.from({length: count}, (_, i) => html`
      <button type="button" key=${i} aria-pressed=${i === at ? 'true' : 'false'} class=${wrong.has(i) ? 'wrong' : ''}
        aria-label=${`Row ${i + 1}${wrong.has(i) ? ', has an error' : ''}`} onClick=${() => onAt(i)}>${i + 1}</button>`)}</div>`;
  }
  return html`<label class="row-number">Row <input type="number" min="1" max=${count} value=${at + 1} onInput=${(event) => {
    const wanted = Number(event.currentTarget.value);
    if (Number.isInteger(wanted) && wanted >= 1 && wanted <= count) onAt(wanted - 1);
  }} /> of ${count}${wrong.size > 0 && html` <span class="bad-text">errors in ${[...wrong].sort((a, b) => a - b).slice(0, 5).map((i) => i + 1).join(', ')}</span>`}</label>`;
}

function Cell({column, value, onValue, wrong}) {
  const id = fieldId(column.name);
  const common = {
    id, name: column.name, value, 'aria-invalid': wrong ? 'true' : undefined, 'aria-describedby': `${id}-hint`,
    onInput: (event) => onValue(event.currentTarget.value),
  };
  const beyond = isBeyond(column, value);
  return html`<div class=${`field ${column.kind === 'json' ? 'full' : ''}`}>
    <label for=${id}><span class="label">${breakable(column.label ?? column.name)}</span></label>
    ${input(column, common)}
    <span id=${`${id}-hint`} class=${`hint ${wrong ? 'bad-text' : beyond ? 'warn-text' : ''}`} title=${column.title}>${wrong || column.hint}
      ${beyond && !wrong && ': beyond training'}</span></div>`;
}

/** Long names of features have underscores, at which a line may end. */
export const breakable = (name) => name.split('_').map((part, i) => (i === 0 ? part : html`_<wbr />${part}`));

function input(column, common) {
  const options = column.kind === 'choice' ? column.options : ['true', 'false'];
  switch (column.kind) {
    case 'choice':
    case 'boolean':
      return html`<select ...${common}><option value="">${column.nullable ? 'missing' : 'choose'}</option>
        ${options.map((word) => html`<option key=${word} value=${word}>${word}</option>`)}</select>`;
    case 'json':
      return html`<textarea rows="5" spellcheck="false" ...${common}></textarea>`;
    case 'text':
      return html`<input type="text" autocomplete="off" list=${column.options?.length ? `${common.id}-list` : undefined} ...${common} />
        ${column.options?.length > 0 && html`<datalist id=${`${common.id}-list`}>${column.options.map((word) => html`<option value=${word} />`)}</datalist>`}`;
    default:
      return html`<input type="text" inputmode="decimal" autocomplete="off" placeholder=${column.nullable ? 'missing' : ''} ...${common} />`;
  }
}

/** Cells of a picture where they are, the darker the greater; the arrow keys go from cell to cell. */
function Picture({columns, grid, row, set, wrong}) {
  const span = columns.reduce((all, {span: each}) => (each ? [Math.min(all[0], each[0] ?? 0), Math.max(all[1], each[1] ?? 1)] : all), [0, 1]);
  const move = (event, i) => {
    const {selectionStart, selectionEnd, value} = event.currentTarget;
    const atStart = selectionStart === 0 && selectionEnd === 0;
    const atEnd = selectionStart === value.length;
    const step = {ArrowUp: -grid.width, ArrowDown: grid.width, ArrowLeft: atStart || selectionEnd > selectionStart ? -1 : 0,
      ArrowRight: atEnd || selectionEnd > selectionStart ? 1 : 0}[event.key];
    const target = step && columns[i + step];
    if (!target) return;
    event.preventDefault();
    const cell = document.getElementById(fieldId(target.name));
    cell.focus();
    cell.select();
  };
  return html`<div class="picture" style=${{gridTemplateColumns: `repeat(${grid.width}, minmax(0, 1fr))`}} role="group"
      aria-label=${`${grid.height} rows of ${grid.width} values, from ${span[0]} to ${span[1]} in training`}>
    ${columns.map((each, i) => {
      const text = row[each.name] ?? '';
      const level = Math.max(0, Math.min(1, (Number(text) - span[0]) / (span[1] - span[0]) || 0));
      return html`<input key=${each.name} id=${fieldId(each.name)} name=${each.name} type="text" inputmode="decimal" autocomplete="off"
        aria-label=${each.name} title=${wrong(each.name) || each.name} aria-invalid=${wrong(each.name) ? 'true' : undefined}
        style=${{'--level': `${Math.round(level * MOST_SHADE)}%`}} value=${text}
        onKeyDown=${(event) => move(event, i)} onInput=${(event) => set(each.name, event.currentTarget.value)} />`;
    })}</div>`;
}

function Paste({columns, onClose, onText}) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState('');
  const submit = (event) => {
    event.preventDefault();
    try {
      onText(text);
    } catch (failure) {
      setWrong(failure.message);
    }
  };
  return html`<${Dialog} title="Rows from a table" onClose=${onClose} wide>
    <form onSubmit=${submit}>
      <label class="field"><span>Paste from a spreadsheet or a CSV file</span>
        <textarea rows="9" spellcheck="false" value=${text} onInput=${(event) => setText(event.currentTarget.value)}
          placeholder=${`${columns.slice(0, 4).map((each) => each.name).join(',')}${columns.length > 4 ? ',…' : ''}`}></textarea>
        <span class="hint">With or without a heading; without one the values stand in the order of the inputs. All rows take the place
          of those in the form.</span></label>
      ${wrong && html`<p class="bad-text" role="alert">${wrong}</p>`}
      <div class="actions end"><button type="button" onClick=${onClose}>Cancel</button>
        <button type="submit" class="primary" disabled=${text.trim() === ''}>Use these rows</button></div>
    </form></${Dialog}>`;
}
