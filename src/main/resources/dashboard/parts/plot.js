// Lines over time, or bars. uPlot draws them; this keeps them in the page's colours and as wide as there is room.
import {html, useEffect, useRef} from './html.js';
import {onTheme} from './theme.js';

let library = null;

/** Loaded with the first plot: most views have none. */
function uplot() {
  library ??= new Promise((done, failed) => {
    const base = new URL('../vendor/', import.meta.url);
    const style = Object.assign(document.createElement('link'), {rel: 'stylesheet', href: new URL('uplot.css', base).href});
    const script = Object.assign(document.createElement('script'), {src: new URL('uplot.js', base).href});
    script.onload = () => done(window.uPlot);
    script.onerror = () => failed(new Error('the library for plots could not be loaded'));
    document.head.append(style, script);
  });
  return library;
}

/**
 * @param label what is shown, for those who do not see it and for the legend's heading
 * @param data [x, y1, y2 …] as arrays; x in seconds of the Unix clock, or plain numbers with time=false; gaps are null
 * @param series [{label, color: 'c1' … 'c6' | 'good' | 'warn' | 'bad', fill, dash, bars, format(value)}]
 * @param format of the y axis
 * @param height in pixels
 * @param log whether the y axis goes by powers of ten: for what spans several of them
 * @param from, to of the x axis; the data's own where they are not said
 */
export function Plot({label, data, series, format = String, height = 150, time = true, from, to, min = 0, max, log = false}) {
  const host = useRef(null);
  const plot = useRef(null);
  const latest = useRef(null);
  latest.current = {data, series, format, height, time, from, to, min, max, log};
  const shape = JSON.stringify([series.map((s) => [s.label, s.color, s.fill, s.dash, s.bars]), height, time, log]);

  useEffect(() => {
    let gone = false;
    const build = async () => {
      const Library = await uplot();
      if (gone || !host.current) return;
      plot.current?.destroy();
      plot.current = new Library(options(Library, latest, host.current.clientWidth), latest.current.data, host.current);
    };
    build().catch((failure) => { if (host.current) host.current.textContent = failure.message; });
    const resize = new ResizeObserver(() => {
      const width = host.current?.clientWidth;
      if (width && plot.current && plot.current.width !== width) plot.current.setSize({width, height: latest.current.height});
    });
    resize.observe(host.current);
    const themes = onTheme(() => { if (plot.current) build(); });
    return () => {
      gone = true;
      resize.disconnect();
      themes();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => { plot.current?.setData(data); });

  const last = series.map((s, i) => `${s.label} ${(s.format || format)(lastOf(data[i + 1]))}`).join(', ');
  return html`<figure class="plot">
    <figcaption><span class="plot-title">${label}</span><span class="legend">${series.map((s, i) => html`
      <span key=${s.label} class="legend-item"><i class=${`swatch ${s.color}${s.dash ? ' dash' : ''}`}></i>${s.label}
        <b>${(s.format || format)(lastOf(data[i + 1]))}</b></span>`)}</span></figcaption>
    <div ref=${host} class="plot-host" style=${{height: `${height}px`}} role="img" aria-label=${`${label}: ${last}`}></div>
  </figure>`;
}

function lastOf(values) {
  for (let i = (values?.length ?? 0) - 1; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return values[i];
  return null;
}

function options(Library, latest, width) {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const now = () => latest.current;
  const {series, height, time, log} = now();
  const font = `11px ${style.getPropertyValue('--font').trim() || 'sans-serif'}`;
  const grid = {stroke: color('line-soft'), width: 1};
  const axis = {stroke: color('muted'), grid, ticks: {show: false}, font};
  const hour = (seconds) => new Date(seconds * 1000).toTimeString().slice(0, 5);
  return {
    width, height, padding: [8, 6, 0, 0],
    legend: {show: false},
    cursor: {y: false, points: {size: 6}, drag: {x: false, y: false}},
    scales: {
      x: {time, range: (u, lo, hi) => [now().from ?? lo, now().to ?? hi]},
      y: log ? {distr: 3, log: 10, range: (u, lo, hi) => decades(lo, hi)}
        : {range: (u, lo, hi) => [now().min ?? lo, now().max ?? roomy(hi, now().min ?? lo)]},
    },
    axes: [{...axis, space: 70, size: 26, incrs: time ? [60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 86_400] : undefined,
      values: (u, ticks) => ticks.map(time ? hour : String)},
      {...axis, size: 58, space: 34, splits: log ? (u, i, lo, hi) => powers(lo, hi) : undefined, values: (u, ticks) => ticks.map((tick) => (tick === null ? null : now().format(tick)))}],
    series: [{}, ...series.map((s) => ({
      label: s.label, stroke: color(s.color), width: 1.5, dash: s.dash ? [4, 4] : undefined,
      fill: s.fill ? `${color(s.color)}22` : undefined, points: {show: true, size: 3, filter: (u, i) => alone(u.data[i])}, spanGaps: false,
      paths: s.bars ? Library.paths.bars({size: [0.8, 40]}) : undefined,
    }))],
    hooks: {setCursor: [(u) => hover(u, now())]},
  };
}

/** A little room above, and never a scale without height. */
const roomy = (hi, lo) => (hi === null || hi === undefined || hi <= lo ? lo + 1 : lo + (hi - lo) * 1.1);

/** The values without neighbours, which no line shows. */
const alone = (values) => values.reduce((found, value, i) => {
  const gap = (at) => values[at] === null || values[at] === undefined;
  return gap(i) || !gap(i - 1) || !gap(i + 1) ? found : [...found, i];
}, []);

/** The powers of ten from one to another. */
function powers(lo, hi) {
  const first = Math.round(Math.log10(lo));
  return Array.from({length: Math.round(Math.log10(hi)) - first + 1}, (_, i) => 10 ** (first + i));
}

/** The powers of ten around what there is. */
const decades = (lo, hi) => (lo > 0 ? [10 ** Math.floor(Math.log10(lo)), 10 ** Math.ceil(Math.log10(Math.max(hi, lo * 1.01)))] : [0.1, 100]);

/** Tells the values under the pointer in the figure's tip. */
function hover(u, {series, format, time}) {
  let tip = u.over.querySelector('.tip');
  const i = u.cursor.idx;
  if (i === null || i === undefined || u.cursor.left < 0) {
    tip?.remove();
    return;
  }
  if (!tip) {
    tip = Object.assign(document.createElement('div'), {className: 'tip'});
    u.over.append(tip);
  }
  const x = u.data[0][i];
  const lines = [time ? new Date(x * 1000).toLocaleTimeString('en-GB') : String(x),
    ...series.map((s, k) => `${s.label} ${(s.format || format)(u.data[k + 1][i])}`)];
  tip.textContent = lines.join('\n');
  const left = u.cursor.left > u.over.clientWidth / 2;
  tip.style.left = left ? '' : `${u.cursor.left + 10}px`;
  tip.style.right = left ? `${u.over.clientWidth - u.cursor.left + 10}px` : '';
}
