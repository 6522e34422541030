// What a row of a model's inputs is made of, and how rows become the text of a request. Nothing here touches the page.

/** So many values without names have a field each; more are a list. */
const MOST_NAMELESS = 100;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The columns of a row, from the JSON Schema of a prediction's body: its features, or its inputs where those have none.
 *
 * A single list of values that have no names is told value by value too, as long as these are not too many for a form.
 *
 * @returns [{name, label: where the name is but a place, kind: 'number' | 'integer' | 'boolean' | 'choice' | 'text' | 'json', nullable, options, hint, title, span}]
 */
export function columnsOf(schema) {
  const forms = schema.properties.inputs.anyOf || [schema.properties.inputs];
  const row = forms.find((form) => form.type === 'object');
  const columns = Object.entries(row?.properties || {});
  if (columns.length === 1) {
    const [name, {type, items, prefixItems, minItems, maxItems}] = columns[0];
    const scalar = prefixItems || (items && ![].concat(items.type).includes('array'));
    if (type === 'array' && scalar && minItems === maxItems && maxItems <= MOST_NAMELESS) {
      return Array.from({length: maxItems}, (_, i) => ({...column(String(i), prefixItems?.[i] || items), label: `${name}[${i}]`}));
    }
  }
  return columns.map(([name, value]) => column(name, value));
}

function column(name, value) {
  // A feature that is an input of its own may also be written as a list of one.
  const plain = value.anyOf ? value.anyOf.find((form) => ![].concat(form.type).includes('array')) || value.anyOf[0] : value;
  const types = [].concat(plain.type || []);
  const nullable = types.includes('null');
  const common = {name, nullable, ...described(plain.description || value.description || '')};
  if (plain.enum) return {...common, kind: 'choice', options: plain.enum.filter((word) => word !== null)};
  if (types.includes('array')) return {...common, kind: 'json', hint: common.hint || shapeOf(plain)};
  if (types.includes('integer')) return {...common, kind: 'integer'};
  if (types.includes('number')) return {...common, kind: 'number'};
  if (types.includes('boolean')) return {...common, kind: 'boolean'};
  return {...common, kind: 'text', options: plain.examples || []};
}

/** A description, 'in mm; in training from 30 to 60', in short; and the span of training by itself. */
function described(text) {
  const found = /^(?:in (?!training from)(.*?))?(?:; )?(?:in training from (\S+) to (\S+))?$/.exec(text);
  if (!found || (!found[1] && !found[2])) return {hint: text, span: null};
  const [, unit, from, to] = found;
  const bounds = [from, to].map((bound) => (bound === undefined || bound === 'any' ? null : Number(bound)));
  const range = from === undefined ? '' : bounds.map((bound) => bound ?? 'any').join(' to ');
  return {hint: [range, unit].filter(Boolean).join(' '), title: text, span: from === undefined ? null : bounds};
}

/** Whether a value is beyond all that the model was trained with: it is answered all the same, but not to be trusted much. */
export function isBeyond(column, text) {
  if (!column.span || text.trim() === '' || Number.isNaN(Number(text))) return false;
  const [from, to] = column.span;
  return (from !== null && Number(text) < from) || (to !== null && Number(text) > to);
}

function shapeOf(schema) {
  const axes = [];
  let at = schema;
  while (at && at.type === 'array') {
    axes.push(at.maxItems ?? 'any');
    at = at.items || at.prefixItems?.[0];
  }
  return `nested lists of ${[].concat(at?.type || 'value')[0]}s, ${axes.join(' × ')}`;
}

/** {height, width} where the columns are the cells of a picture, named …_0_0 to …_n_m in this order; else null. */
export function gridOf(columns) {
  const cells = columns.map((each) => /^(.*?)_?(\d+)_(\d+)$/.exec(each.name));
  if (columns.length < 4 || cells.some((cell, i) => !cell || cell[1] !== cells[0][1] || columns[i].kind !== 'number')) return null;
  const width = Math.max(...cells.map((cell) => Number(cell[3]))) + 1;
  const height = columns.length / width;
  const inOrder = cells.every((cell, i) => Number(cell[2]) === Math.floor(i / width) && Number(cell[3]) === i % width);
  return inOrder && Number.isInteger(height) && width <= 32 && height <= 32 ? {height, width} : null;
}

/** Whether rows are written as lists: where the names of the columns say nothing but their places. */
export const areOrdered = (columns) => columns.some((each) => each.label) || gridOf(columns) !== null;

export const emptyRow = (columns) => Object.fromEntries(columns.map((each) => [each.name, '']));

const textOf = (value) => (value === null || value === undefined ? ''
  : typeof value === 'object' ? JSON.stringify(value) : String(value));

/**
 * The rows of a request's inputs as texts by column.
 *
 * @returns null where the inputs have a form that columns cannot show
 */
export function rowsOf(inputs, columns) {
  const names = new Set(columns.map((each) => each.name));
  const whole = columns.length === 1 && columns[0].kind === 'json';
  const byName = (row) => (Object.keys(row).every((name) => names.has(name))
    ? {...emptyRow(columns), ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]))} : null);
  const inOrder = (row) => (row.length === columns.length
    ? Object.fromEntries(columns.map((each, i) => [each.name, textOf(row[i])])) : null);
  const one = (row) => {
    if (row && typeof row === 'object' && !Array.isArray(row)) return byName(row);
    if (whole) return {[columns[0].name]: textOf(row)};
    if (Array.isArray(row)) return inOrder(row);
    return columns.length === 1 ? {[columns[0].name]: textOf(row)} : null;
  };
  const all = (rows) => {
    const read = rows.map(one);
    return read.length > 0 && read.every(Boolean) ? read : null;
  };
  if (Array.isArray(inputs)) {
    const flat = inputs.every((value) => value === null || typeof value !== 'object');
    return flat && columns.length > 1 ? all([inputs]) : all(inputs);
  }
  if (!inputs || typeof inputs !== 'object') return null;
  const values = Object.values(inputs);
  const scalars = columns.filter((each) => each.kind !== 'json');
  if (scalars.length === columns.length && values.every((value) => value === null || typeof value !== 'object')) return all([inputs]);
  if (values.length === 1 && Array.isArray(values[0])) return all(values[0]);
  if (Object.keys(inputs).every((name) => names.has(name)) && values.every(Array.isArray)
    && values.every((value) => value.length === values[0].length)) {
    return all(values[0].map((_, i) => Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value[i]]))));
  }
  return null;
}

/** A field's text as JSON. A number is passed on digit by digit; what is none is sent as it is, and the server says so. */
export function literal(each, text) {
  const bare = text.trim();
  if (each.kind === 'text') return text === '' && each.nullable ? 'null' : JSON.stringify(text);
  if (bare === '') return 'null';
  if (each.kind === 'number' || each.kind === 'integer') return NUMBER.test(bare) ? bare : JSON.stringify(text);
  if (each.kind === 'boolean') return bare === 'true' || bare === 'false' ? bare : JSON.stringify(text);
  if (each.kind === 'json') return JSON.stringify(JSON.parse(bare));
  return JSON.stringify(text);
}

/**
 * The inputs of a request as JSON, a row a line.
 *
 * @param inOrder rows as lists in the order of the columns, for columns whose names say nothing
 * @throws {InputError} at a field whose text is no JSON where it must be
 */
export function inputsText(rows, columns, inOrder) {
  const lines = rows.map((row, i) => {
    const values = columns.map((each) => {
      try {
        return literal(each, row[each.name] ?? '');
      } catch (failure) {
        throw new InputError(`/inputs/${i}/${each.name}`, `this is not JSON: ${failure.message}`);
      }
    });
    return inOrder ? `[${values.join(', ')}]`
      : `{${values.map((value, k) => `${JSON.stringify(columns[k].name)}: ${value}`).join(', ')}}`;
  });
  return `[\n  ${lines.join(',\n  ')}\n]`;
}

/** Something that need not be sent to be known as wrong; looks like a problem of the server. */
export class InputError extends Error {
  constructor(pointer, detail) {
    super(detail);
    this.status = 422;
    this.code = 'invalid_input';
    this.detail = detail;
    this.errors = [{pointer, detail}];
  }
}

/** Where the pointer of an error leads: {row, column} with column null for a whole row, or null for somewhere else. */
export function fieldOf(pointer, columns) {
  const [, first, row, ...rest] = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (first !== 'inputs' || !/^\d+$/.test(row ?? '')) return null;
  const named = columns.find((each) => each.name === rest[0])
    || (/^\d+$/.test(rest[0] ?? '') && columns.length > 1 ? columns[Number(rest[0])] : null)
    || (columns.length === 1 ? columns[0] : null);
  return {row: Number(row), column: named ? named.name : null};
}
