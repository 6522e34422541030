// Rows that were pasted from a spreadsheet or a CSV file (RFC 4180, and with tabs or semicolons between the values).

/**
 * @param columns as columnsOf gives them
 * @returns {rows, notes}: texts by column, and what was left out or is missing
 * @throws {Error} with what is wrong where it cannot be read
 */
export function rowsOfCsv(text, columns) {
  const lines = cells(text.replace(/^\uFEFF/, '').replace(/\s+$/, ''));
  if (lines.length === 0) throw new Error('there is nothing to read');
  const names = columns.map((each) => each.name);
  const known = lines[0].filter((cell) => names.includes(cell.trim())).length;
  const header = known > 0 && known >= lines[0].length / 2 ? lines[0].map((cell) => cell.trim()) : null;
  const data = header ? lines.slice(1) : lines;
  if (data.length === 0) throw new Error('there is a heading, and no row below it');
  const order = header || names;
  const notes = [];
  if (header) {
    const unknown = header.filter((name) => !names.includes(name));
    const missing = names.filter((name) => !header.includes(name));
    if (unknown.length > 0) notes.push(`left out, because the model has no such input: ${some(unknown)}`);
    if (missing.length > 0) notes.push(`not in the heading, so left empty: ${some(missing)}`);
  }
  const rows = data.map((line, i) => {
    if (line.length !== order.length) {
      throw new Error(`line ${i + (header ? 2 : 1)} has ${line.length} values, and ${header ? 'the heading' : 'the model'} has ${order.length}`);
    }
    const row = Object.fromEntries(names.map((name) => [name, '']));
    line.forEach((cell, k) => { if (order[k] in row) row[order[k]] = cell.trim(); });
    return row;
  });
  return {rows, notes};
}

const some = (names) => (names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`);

function cells(text) {
  if (text === '') return [];
  const first = text.split('\n', 1)[0];
  const separator = ['\t', ';', ','].find((each) => first.includes(each)) || ',';
  const lines = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (char === '"' && cell.trim() === '') {
      cell = '';
      quoted = true;
    } else if (char === separator || char === '\n') {
      lines.at(-1).push(cell);
      cell = '';
      if (char === '\n') lines.push([]);
    } else if (char !== '\r') cell += char;
  }
  lines.at(-1).push(cell);
  return lines.filter((line) => line.length > 1 || line[0].trim() !== '');
}
