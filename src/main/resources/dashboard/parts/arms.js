// An experiment as it runs: its arms in a table, and over time.
import {html, useEffect} from './html.js';
import {Table} from './table.js';
import {Plot} from './plot.js';
import {Badge, State} from './state.js';
import {ago, count, digits, ms, percent, time} from './format.js';
import {columns, latency, rate, recall, remember} from './arm-history.js';

const METRICS = [['accuracy', 'Accuracy', percent], ['reward', 'Reward', digits], ['log_loss', 'Log loss', digits],
  ['rmse', 'RMSE', digits], ['mean_absolute_error', 'Absolute error', digits]];
const COLORS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];

export function Arms({experiment}) {
  const total = experiment.arms.reduce((sum, arm) => sum + (arm.figures?.requests || 0), 0);
  const metrics = METRICS.filter(([name]) => experiment.arms.some((arm) => arm.feedback && name in arm.feedback));
  const table = [
    {key: 'arm', label: 'Arm', render: (arm) => html`<span><i class=${`swatch ${COLORS[experiment.arms.indexOf(arm) % COLORS.length]}`}></i><b>${arm.name}</b></span>`},
    {key: 'version', label: 'Version', render: (arm) => html`<span>${arm.version} <${State} state=${arm.state} />
      ${experiment.enabled && !arm.gets_traffic && html`<div class="small"><${Badge} kind="warn">no traffic</${Badge}> <span class="muted">${arm.reason}</span></div>`}</span>`},
    {key: 'share', label: 'Share', number: true, render: (arm) => html`<span title="What it should get, and what it got since it has this version">
      ${percent(arm.share)}<div class="small muted">got ${percent(total > 0 ? (arm.figures?.requests || 0) / total : null)}</div></span>`},
    {key: 'requests', label: 'Requests', number: true, render: (arm) => count(arm.figures?.requests)},
    {key: 'errors', label: 'Errors', number: true, render: (arm) => html`<span class=${arm.figures?.errors > 0 ? 'bad-text' : ''}>${count(arm.figures?.errors)}</span>`},
    {key: 'rejected', label: 'Rejected', number: true, render: (arm) => count(arm.figures?.rejected)},
    {key: 'p50', label: 'p50', number: true, render: (arm) => ms(arm.figures?.latency_ms?.p50)},
    {key: 'p95', label: 'p95', number: true, render: (arm) => ms(arm.figures?.latency_ms?.p95)},
    {key: 'feedback', label: 'Feedback', number: true, render: (arm) => (arm.feedback ? `${count(arm.feedback.rows)} rows` : '–')},
    ...metrics.map(([name, label, format]) => ({key: name, label, number: true, render: (arm) => format(arm.feedback?.[name])})),
  ];
  return html`<${Table} label="Arms" columns=${table} rows=${experiment.arms} rowKey=${(arm) => arm.name} />
    ${!experiment.figures_known && html`<p class="note warn">The database with the figures cannot be read now; the experiment goes on.</p>`}`;
}

/** The log is asked for what happened so long before the page was opened. */
const RECALLED_MS = 15 * 60_000;

/** Plots of what happened while the page was open, and of what the log knows of the time before. */
export function ArmPlots({experiment, api, mayRecall}) {
  const samples = remember(experiment);
  useEffect(() => {
    if (!mayRecall) return;
    const since = new Date(Math.max(Date.parse(experiment.started_at), Date.now() - RECALLED_MS)).toISOString();
    api(`/logs?${new URLSearchParams({type: experiment.model_type, since, n_limit: 1000})}`)
      .then((page) => recall(experiment, page.logs), () => {});
  }, [experiment.id]);
  const names = experiment.arms.slice(0, COLORS.length).map((arm) => arm.name);
  const series = names.map((label, i) => ({label, color: COLORS[i]}));
  const metric = METRICS.find(([name]) => name === experiment.goal?.metric)
    || METRICS.find(([name]) => experiment.arms.some((arm) => arm.feedback && name in arm.feedback));
  const shares = [...columns(samples, names, got), ...columns(samples, names, (now) => now.share).slice(1)];
  const meant = series.map(({label, color}) => ({label: `${label} meant`, color, dash: true}));
  const to = samples.at(-1).at / 1000;
  const from = Math.min(samples[0].at / 1000, to - 60);
  const plot = (label, value, format, more = {}) => html`<div class="card"><${Plot} label=${label} data=${columns(samples, names, value)}
    series=${series} format=${format} from=${from} to=${to} ...${more} /></div>`;
  return html`<div class="plots">
    ${plot('Requests a second', rate('requests'), digits)}
    <div class="card"><${Plot} label="Share of the requests" data=${shares} series=${[...series, ...meant]} format=${percent} from=${from} to=${to} max=${1} /></div>
    ${plot('Mean latency', latency, ms)}
    ${plot('Errors a second', rate('errors'), digits)}
    ${metric && plot(`${metric[1]} by feedback`, (now) => now.feedback[metric[0]] ?? null, metric[2], metric[0] === 'accuracy' ? {max: 1} : {})}
  </div>
  ${experiment.arms.length > COLORS.length && html`<p class="small muted">The first ${COLORS.length} of ${experiment.arms.length} arms are drawn.</p>`}`;
}

/** The part of all requests so far that an arm had. */
function got(now, before, seconds, all) {
  const total = Object.values(all).reduce((sum, arm) => sum + (arm.requests || 0), 0);
  return total > 0 ? now.requests / total : null;
}

/** What kind of experiment it is, in a line. */
export function Kind({experiment}) {
  const {strategy, hash_on: on, goal} = experiment;
  const words = [strategy];
  if (on) words.push(`by ${on.header ? `the header ${on.header}` : on.input}`);
  if (goal) words.push(`for ${goal.metric.replace('_', ' ')}, floor ${percent(goal.floor)}`);
  if (goal?.reweighted_at) words.push(`weights of ${ago(goal.reweighted_at)}`);
  return html`<span>${words.join(', ')} · began <span title=${time(experiment.started_at)}>${ago(experiment.started_at)}</span>
    ${experiment.ended_at && html` · ended <span title=${time(experiment.ended_at)}>${ago(experiment.ended_at)}</span>`}</span>`;
}
