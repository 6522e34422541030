// The shell: who is there, where in the page, and what surrounds every view.
import {html, render, useEffect, useMemo, useRef, useState} from './parts/html.js';
import {createApi} from './parts/api.js';
import {Live, useLive} from './parts/live.js';
import {Empty, Loading, Trouble} from './parts/empty.js';
import {Icon} from './parts/icon.js';
import {KeyForm} from './parts/key-form.js';
import {Toasts, toast} from './parts/toast.js';
import * as session from './parts/session.js';
import * as theme from './parts/theme.js';

/** Every view: where it is, what its module is called, the role it needs, and where it stands in the navigation. */
const ROUTES = [
  {path: '/', view: 'overview', title: 'Overview', role: 'read', nav: true},
  {path: '/models', view: 'models', title: 'Models', role: 'read', nav: true},
  {path: '/models/:type', view: 'models', title: 'Models', role: 'read'},
  {path: '/models/:type/:version', view: 'models', title: 'Models', role: 'read'},
  {path: '/try', view: 'try', title: 'Try', role: 'predict', nav: true},
  {path: '/try/:type', view: 'try', title: 'Try', role: 'predict'},
  {path: '/try/:type/:version', view: 'try', title: 'Try', role: 'predict'},
  {path: '/traffic', view: 'traffic', title: 'Traffic', role: 'read', nav: true},
  {path: '/traffic/:type', view: 'traffic', title: 'Traffic', role: 'read'},
  {path: '/logs', view: 'logs', title: 'Logs', role: 'logs', nav: true},
  {path: '/logs/:id', view: 'logs', title: 'Logs', role: 'logs'},
  {path: '/registry', view: 'registry', title: 'Registry', role: 'read', nav: true},
  {path: '/keys', view: 'keys', title: 'Keys', role: 'admin', nav: true},
  {path: '/system', view: 'system', title: 'System', role: 'read', nav: true},
];

/** The place that the address names: {route, params, query}, or null. */
function place() {
  const [path, search = ''] = (location.hash.replace(/^#/, '') || '/').split('?');
  const parts = path.split('/').filter(Boolean);
  for (const route of ROUTES) {
    const pattern = route.path.split('/').filter(Boolean);
    if (pattern.length !== parts.length) continue;
    const params = {};
    const fits = pattern.every((word, i) => {
      if (!word.startsWith(':')) return word === parts[i];
      params[word.slice(1)] = decodeURIComponent(parts[i]);
      return true;
    });
    if (fits) return {route, params, query: Object.fromEntries(new URLSearchParams(search))};
  }
  return null;
}

/**
 * Goes to a view.
 *
 * @param to '/models/digits', or an array of parts that are escaped: ['models', type, version]
 * @param query what stands after the question mark; what is empty is left out
 */
function go(to, query = {}) {
  location.hash = address(to, query);
}

/** The same as text, for links: href=${address(['models', type])}. */
export function address(to, query = {}) {
  const path = Array.isArray(to) ? `/${to.map(encodeURIComponent).join('/')}` : to;
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '' && value !== null
    && value !== undefined)).toString();
  return `#${path}${search ? `?${search}` : ''}`;
}

function App() {
  const [who, setWho] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const [at, setAt] = useState(place);
  const {api, live} = useMemo(() => {
    const unauthorized = (used, problem) => {
      if (used !== session.key()) return;
      session.forget();
      setWho(null);
      setRefusal(used ? problem : null);
    };
    return {api: createApi({key: session.key, unauthorized}), live: new Live(unauthorized)};
  }, []);

  const enter = async () => {
    setRefusal(null);
    try {
      setWho(await api('/api-keys/self'));
    } catch (problem) {
      if (problem.status !== 401) setRefusal(problem);
    }
  };

  useEffect(() => {
    const moved = () => setAt(place());
    addEventListener('hashchange', moved);
    const code = session.takeCode();
    if (code) {
      moved();
      api('/api-keys/self/code', {method: 'POST', body: {code}})
        .then((answer) => { session.keep(answer.key); return enter(); }, setRefusal);
    } else if (session.key()) {
      enter();
    }
    return () => removeEventListener('hashchange', moved);
  }, []);

  useEffect(() => {
    if (who && session.can(who, 'read')) live.start(session.key());
    else live.stop();
  }, [who]);

  const leave = () => {
    session.forget();
    setWho(null);
    setRefusal(null);
  };
  const use = (text) => { session.keep(text); return enter(); };

  if (!who) {
    return html`<${KeyForm} pending=${Boolean(session.key()) && !refusal} refusal=${refusal} use=${use} retry=${enter} />
      <${Toasts} />`;
  }
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById('main').focus(); }}>
      Skip to the content</a>
    <${Frame} who=${who} at=${at} live=${live} leave=${leave}>
      <${View} key=${at ? `${at.route.view}` : 'none'} at=${at} who=${who} api=${api} live=${live} />
    </${Frame}>
    <${Toasts} />`;
}

function Frame({who, at, live, leave, children}) {
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [at]);
  return html`<div class="frame">
    <header class="side"><div class="pin">
      <div class="brand"><a href="#/"><img src=${new URL('icon.svg', import.meta.url).href} width="26" height="26" alt="" />
        Modelyard</a>
        <button type="button" class="menu quiet icon" aria-expanded=${open} aria-controls="nav"
          onClick=${() => setOpen(!open)}><${Icon} name="menu" /><span class="hidden">Menu</span></button>
      </div>
      <div id="nav" class=${`drawer ${open ? 'open' : ''}`}>
        <nav aria-label="Views"><ul>${ROUTES.filter((route) => route.nav).map((route) => {
          const allowed = session.can(who, route.role);
          const here = at?.route.view === route.view;
          return html`<li key=${route.path}><a href=${`#${route.path}`} aria-current=${here ? 'page' : undefined}
              class=${allowed ? '' : 'locked'} title=${allowed ? undefined : `needs the role ${route.role}`}>
            <${Icon} name=${route.view} />${route.title}${!allowed && html`<span class="lock"><${Icon} name="lock" />
              <span class="hidden">needs the role ${route.role}</span></span>`}</a></li>`;
        })}</ul></nav>
        <div class="foot">
          <${Connection} live=${live} />
          <${Theme} />
          <div class="who"><span title=${`Roles: ${who.roles.join(', ')}`}>Key <b>${who.name || who.id}</b></span>
            <button type="button" class="link" onClick=${leave}>Use another</button></div>
        </div>
      </div>
    </div></header>
    <div class="content">
      <${Lost} live=${live} />
      <main id="main" tabindex="-1">${children}</main>
    </div>
  </div>`;
}

function Connection({live}) {
  const state = useLive(live, (all) => all.state);
  const words = {open: 'Live', lost: 'Not connected', connecting: 'Connecting', off: 'Not live', refused: 'Not live'};
  return html`<div class="connection"><i class=${`dot ${state}`}></i>${words[state]}</div>`;
}

/** Says that what is on the page is not live any more. */
function Lost({live}) {
  const {state, problem} = useLive(live);
  if (state === 'lost') {
    return html`<div class="banner bad" role="alert"><strong>The server does not answer.</strong> What you see is from before;
      this page goes on trying to reach it.</div>`;
  }
  if (state === 'refused' && problem?.status === 429) {
    return html`<div class="banner warn" role="status"><strong>Not live.</strong> ${problem.detail}</div>`;
  }
  return null;
}

function Theme() {
  const [now, setNow] = useState(theme.chosen());
  return html`<label class="theme"><span>Colours</span><select value=${now} onChange=${(event) => {
    theme.choose(event.currentTarget.value);
    setNow(event.currentTarget.value);
  }}><option value="system">as the system</option><option value="light">light</option>
    <option value="dark">dark</option></select></label>`;
}

const modules = new Map();

function View({at, who, api, live}) {
  const name = at?.route.view;
  const [, again] = useState(0);
  const first = useRef(true);
  const allowed = at && session.can(who, at.route.role);
  useEffect(() => {
    document.title = at ? `${at.route.title} · Modelyard` : 'Modelyard';
    if (!allowed || modules.has(name)) return;
    import(`./views/${name}.js`).then((module) => modules.set(name, {View: module.default}),
      (failure) => modules.set(name, {failure})).then(() => again((n) => n + 1));
  }, [name, allowed]);
  useEffect(() => {
    if (!first.current) document.getElementById('main').focus({preventScroll: true});
    first.current = false;
    scrollTo(0, 0);
  }, [location.hash.split('?')[0]]);
  if (!at) {
    return html`<${Empty} title="There is no such page"><p><a href="#/">Go to the overview</a></p></${Empty}>`;
  }
  if (!allowed) {
    return html`<h1>${at.route.title}</h1><${Empty} title=${`This needs the role ‘${at.route.role}’`}>
      <p>The key <b>${who.name || who.id}</b> has ${who.roles.length > 0 ? who.roles.join(', ') : 'no role'}. Whoever has a
        key with the role <code>admin</code> can make another.</p></${Empty}>`;
  }
  const loaded = modules.get(name);
  if (!loaded) return html`<${Loading} />`;
  if (loaded.failure) {
    return html`<${Empty} title="This view could not be loaded"><p>The server may have been updated since this page was opened.</p>
      <p><button type="button" class="primary" onClick=${() => location.reload()}>Load the page again</button></p></${Empty}>`;
  }
  return html`<${loaded.View} api=${api} params=${at.params} query=${at.query} go=${go} address=${address} toast=${toast}
    live=${live} who=${who} can=${(role, type) => session.can(who, role, type)} />`;
}

theme.apply();
const root = document.getElementById('app');
root.textContent = '';
render(html`<${App} />`, root);
