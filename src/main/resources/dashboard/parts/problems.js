// What is wrong, and what to do about it: the same list wherever it is shown.
import {bytes, count, duration, plural} from './format.js';

const STALE_MS = 60_000;
const DISK_LOW = 0.05;

/** @returns [{key, kind: 'bad' | 'warn', title, detail, advice, href}], the worst first */
export function problems({registry, models, system, address}) {
  const found = [];
  const add = (kind, key, title, detail, advice, href) => found.push({kind, key, title, detail, advice, href});
  if (registry?.failing) {
    add('bad', 'store', 'The store does not answer', registry.last_error ?? '',
      `What was read before goes on being served (last read ${duration(registry.stale_ms)} ago). Changes wait until it is back.`,
      '#/registry');
  } else if (registry?.stale_ms > STALE_MS) {
    add('warn', 'stale', 'The registry is old', `The store was last read ${duration(registry.stale_ms)} ago.`,
      'Sync now, and look at the log of the server.', '#/registry');
  }
  for (const model of models?.values() ?? []) {
    if (model.state === 'FAILED') {
      add('bad', `failed ${model.type}/${model.version}`, `${model.type} ${model.version} cannot be loaded`, model.reason ?? '',
        'Requests for it fail until it loads. Push a version that works, or activate another one.',
        address(['models', model.type, model.version]));
    }
  }
  if (registry?.quarantined > 0) {
    add('warn', 'quarantine', `${plural(registry.quarantined, 'document')} in quarantine`,
      'What could not be read harms nothing else, and is not served.', 'The reasons are under Registry.', '#/registry');
  }
  if (system?.log.last_error) {
    add('bad', 'log', 'Predictions are not being logged', system.log.last_error,
      `${count(system.log.queued_rows)} rows wait in memory. See that the database is there and has room.`, '#/system');
  }
  if (system?.log.dropped > 0) {
    add('warn', 'dropped', `${plural(system.log.dropped, 'prediction')} not logged`,
      'The request log could not keep up, or was not there, since this server started.', '', '#/system');
  }
  if (system?.artifacts.unmended > 0) {
    add('bad', 'artifacts', 'Files in the artifact cache are damaged',
      `${plural(system.artifacts.unmended, 'file')} could not be fetched again yet.`, 'See that the store answers and the disk is sound.',
      '#/system');
  }
  if (system?.disk.total_bytes > 0 && system.disk.free_bytes / system.disk.total_bytes < DISK_LOW) {
    add('warn', 'disk', 'The disk is nearly full', `${bytes(system.disk.free_bytes)} are free.`,
      'Models that are not here yet may not fit. Make room, or give the data directory another disk.', '#/system');
  }
  return found.sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'bad' ? -1 : 1));
}
