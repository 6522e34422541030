// What the server tells while the page is open. EventSource cannot send a key, so the stream is read with fetch.
import {useEffect, useState} from './html.js';
import {problemOf} from './api.js';

/** So many seconds of the past are kept in the page. */
const KEPT = 900;
/** The server says something every second; after this much silence the connection is taken for dead. */
const SILENCE_MS = 12_000;
const LONGEST_WAIT_MS = 10_000;
const COLUMNS = ['t', 'requests', 'refused', 'failed', 'cached', 'p50', 'p95', 'p99', 'in_flight'];

const nothing = () => Object.fromEntries(COLUMNS.map((column) => [column, []]));

/**
 * The newest of everything: state ('off', 'connecting', 'open', 'lost', 'refused'), problem, hello, samples (columns by name, one
 * value a second), top, models (a Map of 'type/version' to its state), registry, system. Changes are told to subscribers.
 */
export class Live {
  state = 'off';
  problem = null;
  hello = null;
  samples = nothing();
  top = null;
  models = null;
  registry = null;
  system = null;
  /** Goes up whenever types, versions or their states change: a reason to ask for lists again. */
  generation = 0;
  #listeners = new Set();
  #abort = null;
  #wait = 0;
  #timer = 0;
  #unauthorized;

  constructor(unauthorized) {
    this.#unauthorized = unauthorized;
  }

  /** Calls back after every change; returns how to stop that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(key) {
    this.stop();
    this.#connect(key);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
    this.#wait = 0;
    Object.assign(this, {state: 'off', problem: null, hello: null, samples: nothing(), top: null, models: null,
      registry: null, system: null});
    this.#tell();
  }

  async #connect(key) {
    const abort = new AbortController();
    this.#abort = abort;
    if (this.state === 'off') this.state = 'connecting';
    this.#tell();
    let watchdog = 0;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort('silence'), SILENCE_MS);
    };
    try {
      alive();
      const answer = await fetch('/events', {headers: {'X-API-Key': key, Accept: 'text/event-stream'},
        signal: abort.signal, cache: 'no-store', credentials: 'omit'});
      if (!answer.ok) throw await problemOf(answer);
      await this.#read(answer.body, alive);
      throw new Error('the stream ended');
    } catch (failure) {
      if (this.#abort !== abort) return;
      this.#failed(failure, key);
    } finally {
      clearTimeout(watchdog);
    }
  }

  async #read(body, alive) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      alive();
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) this.#event(part);
      if (parts.length > 0) this.#tell();
    }
  }

  #event(text) {
    let name = 'message';
    let data = '';
    for (const line of text.split('\n')) {
      if (line.startsWith('event:')) name = line.slice(6).trim();
      else if (line.startsWith('data:')) data += line.slice(5).trim();
    }
    if (data) this.#take(name, JSON.parse(data));
  }

  #take(name, data) {
    switch (name) {
      case 'hello':
        this.hello = data;
        this.samples = {...nothing(), ...data.past};
        this.state = 'open';
        this.problem = null;
        this.#wait = 0;
        break;
      case 'sample':
        for (const column of COLUMNS) {
          const values = this.samples[column];
          values.push(data[column] ?? null);
          if (values.length > KEPT) values.shift();
        }
        break;
      case 'models': {
        if (data.whole || !this.models) this.models = new Map();
        for (const model of data.models) this.models.set(`${model.type}/${model.version}`, model);
        this.generation++;
        break;
      }
      case 'registry':
        if (this.registry?.snapshot_id !== data.snapshot_id) this.generation++;
        this.registry = data;
        break;
      case 'top':
        this.top = data.models;
        break;
      case 'system':
        this.system = data;
        break;
      default:
        // A newer server may have more to tell.
    }
  }

  #failed(failure, key) {
    if (failure.status === 401) {
      this.#unauthorized(key, failure);
      return;
    }
    const refused = failure.status === 403 || failure.status === 429;
    this.state = refused ? 'refused' : 'lost';
    this.problem = failure.status ? failure : null;
    this.#tell();
    if (failure.status === 403) return;
    this.#wait = refused ? 30_000 : Math.min(LONGEST_WAIT_MS, this.#wait * 2 || 1000);
    this.#timer = setTimeout(() => this.#connect(key), this.#wait * (0.75 + Math.random() / 2));
  }

  #tell() {
    this.#listeners.forEach((listener) => listener());
  }
}

/** What a component picks of the live values; it is drawn again when anything arrives. */
export function useLive(live, pick = (all) => all) {
  const [, again] = useState(0);
  useEffect(() => live.subscribe(() => again((n) => n + 1)), [live]);
  return pick(live);
}
