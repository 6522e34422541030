// How a version stands, as a badge and as a bar.
import {html} from './html.js';
import {bytes} from './format.js';

const KIND = {
  READY: 'good', FAILED: 'bad', DOWNLOADING: 'busy', LOADING: 'busy', WARMING: 'busy', DRAINING: 'busy',
  REGISTERED: 'plain', UNLOADED: 'plain', DELETED: 'plain',
};
const MEANING = {
  REGISTERED: 'Published, and not asked for here yet: the first request loads it',
  DOWNLOADING: 'Its files are being fetched and verified',
  LOADING: 'It waits for room in memory, or its runtime reads the files',
  WARMING: 'Loaded; its examples are being run',
  READY: 'In memory, and answers at once',
  DRAINING: 'Answers what it was asked before, and nothing new',
  UNLOADED: 'Was in memory, and is not any more: the next request loads it',
  FAILED: 'Could not be loaded',
  DELETED: 'Not served any more; can be restored while its files are there',
};

/** A word in a coloured frame. */
export function Badge({kind = 'plain', title, children}) {
  return html`<span class=${`badge ${kind}`} title=${title}>${children}</span>`;
}

/** The state of a version on this server. */
export function State({state}) {
  return html`<${Badge} kind=${KIND[state] || 'plain'} title=${MEANING[state]}>${state.toLowerCase()}</${Badge}>`;
}

export const isBusy = (state) => KIND[state] === 'busy';

/** How far a download is, or that something is being done whose end is not known. */
export function Progress({state, download, label}) {
  if (download && download.total_bytes > 0) {
    const part = Math.min(1, download.bytes / download.total_bytes);
    const text = `${bytes(download.bytes)} of ${bytes(download.total_bytes)}`;
    return html`<div class="progress"><progress value=${part} max="1" aria-label=${label || 'Download'}></progress>
      <span class="small muted">${text}</span></div>`;
  }
  if (!isBusy(state)) return null;
  return html`<div class="progress"><progress aria-label=${label || state.toLowerCase()}></progress></div>`;
}
