// Rows with columns. On a narrow screen every row becomes a block with the columns' names before the values.
import {html, useState} from './html.js';
import {count} from './format.js';

/**
 * @param label says to those who do not see it what the table holds
 * @param columns [{key, label, render(row), number: right-aligned, grow, sort(row): a value to order by}]
 * @param rows of this page, or all; with pageSize they are paged here
 * @param rowKey names a row
 * @param empty stands there where there are none
 */
export function Table({label, columns, rows, rowKey, empty = 'Nothing here.', pageSize = 50, rowClass}) {
  const [page, setPage] = useState(0);
  const [order, setOrder] = useState(null);
  const sorted = order ? ordered(rows, columns[order.column], order.down) : rows;
  const pages = Math.max(1, Math.ceil(sorted.length / pageSize));
  const at = Math.min(page, pages - 1);
  const visible = sorted.slice(at * pageSize, (at + 1) * pageSize);
  if (rows.length === 0) return html`<p class="muted none">${empty}</p>`;
  return html`
    <div class="scroll"><table aria-label=${label}>
      <thead><tr>${columns.map((column, i) => html`
        <th scope="col" class=${cls(column)} key=${column.key}
            aria-sort=${order?.column === i ? (order.down ? 'descending' : 'ascending') : undefined}>
          ${column.sort ? html`<button type="button" class="sort" onClick=${() => setOrder(nextOrder(order, i))}>
            ${column.label}<span aria-hidden="true">${order?.column === i ? (order.down ? ' ↓' : ' ↑') : ''}</span>
          </button>` : column.label || html`<span class="hidden">Actions</span>`}
        </th>`)}</tr></thead>
      <tbody>${visible.map((row) => html`<tr key=${rowKey(row)} class=${rowClass?.(row)}>${columns.map((column) => html`
        <td class=${cls(column)} data-label=${column.label} key=${column.key}>${column.render(row)}</td>`)}</tr>`)}</tbody>
    </table></div>
    ${pages > 1 && html`<${Pager} page=${at} pages=${pages} total=${rows.length} onPage=${setPage} />`}`;
}

const cls = (column) => [column.number && 'number', column.grow && 'grow', column.cls].filter(Boolean).join(' ');

function nextOrder(order, column) {
  if (order?.column !== column) return {column, down: false};
  return order.down ? null : {column, down: true};
}

function ordered(rows, column, down) {
  const compare = (a, b) => {
    const [x, y] = [column.sort(a), column.sort(b)];
    if (x === y) return 0;
    if (x === null || x === undefined) return 1;
    if (y === null || y === undefined) return -1;
    return (x < y ? -1 : 1) * (down ? -1 : 1);
  };
  return [...rows].sort(compare);
}

/** From page to page. */
export function Pager({page, pages, total, onPage}) {
  return html`<nav class="pager" aria-label="Pages">
    <button type="button" disabled=${page === 0} onClick=${() => onPage(page - 1)}>Previous</button>
    <span>Page ${count(page + 1)} of ${count(pages)}<span class="muted"> · ${count(total)} in all</span></span>
    <button type="button" disabled=${page >= pages - 1} onClick=${() => onPage(page + 1)}>Next</button>
  </nav>`;
}
