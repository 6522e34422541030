// The few pictures of the page, as strokes.
import {html} from './html.js';

const PATHS = {
  overview: 'M3 12h4l2-7 4 14 2-7h6',
  models: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  try: 'M7 5l11 7-11 7z',
  traffic: 'M4 6h5l6 12h5M4 18h5l2-4M13 10l2-4h5',
  logs: 'M5 6h14M5 12h14M5 18h9',
  registry: 'M5 6c0-4 14-4 14 0v12c0 4-14 4-14 0zM5 6c0 4 14 4 14 0M5 12c0 4 14 4 14 0',
  keys: 'M14.5 9.5a4 4 0 1 0-2.6 3.7L14 15.3h2v2h2v2h2.5v-3l-6.2-6.2',
  system: 'M4 5h16v10H4zM9 20h6M12 15v5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
};

export function Icon({name}) {
  return html`<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor"
    stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
