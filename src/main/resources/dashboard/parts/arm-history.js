// How the arms of an experiment did while the page was open: the server tells sums, so what happens is the difference between two.

const KEPT = 450;
const SLOT_MS = 5000;
/** By the experiment's id; outlives the view, so that coming back shows what was. */
const histories = new Map();

/** Adds what the server tells now; returns all that is known of this experiment, oldest first. */
export function remember(experiment, now = Date.now()) {
  const samples = histories.get(experiment.id) || [];
  const last = samples.at(-1);
  if (!last || now - last.at >= 500) {
    samples.push({at: now, arms: Object.fromEntries(experiment.arms.map((arm) => [arm.name, sampleOf(arm, experiment.enabled)]))});
    if (samples.length > KEPT) samples.shift();
    histories.set(experiment.id, samples);
  }
  return samples;
}

function sampleOf({share, since, figures, feedback}, enabled) {
  const answered = figures ? figures.requests - figures.errors - figures.rejected : null;
  return {share: enabled ? share : null, since, requests: figures?.requests ?? null, errors: figures?.errors ?? null, answered,
    // All their milliseconds together: what was added between two samples has a mean of its own.
    spent: answered === null ? null : (figures.latency_ms?.mean ?? 0) * answered, feedback: feedback || {}};
}

/**
 * Puts before what was seen what the log has of it: the sums as they were after each of its requests.
 *
 * @param rows of the log, the newest first
 */
export function recall(experiment, rows) {
  const samples = histories.get(experiment.id);
  const first = samples?.[0];
  if (!first || first.recalled) return;
  first.recalled = true;
  const sums = Object.fromEntries(Object.entries(first.arms).map(([name, arm]) => [name, {...arm}]));
  const before = [];
  let slot = Math.floor(first.at / SLOT_MS);
  for (const row of rows) {
    const at = Date.parse(row.at);
    const sum = row.experiment === experiment.id ? sums[row.arm] : null;
    if (!sum || sum.requests === null || at >= first.at || at < Date.parse(sum.since)) continue;
    // What lies between two requests is drawn too: nothing happened.
    for (; slot > Math.floor(at / SLOT_MS) && before.length < KEPT; slot--) {
      before.push({at: slot * SLOT_MS, arms: Object.fromEntries(Object.entries(sums).map(([name, arm]) =>
        [name, {...arm, share: null, feedback: {}}]))});
    }
    sum.requests--;
    if (row.status >= 500) sum.errors--;
    if (row.status < 400) {
      sum.answered--;
      sum.spent -= row.timing_ms.total;
    }
  }
  samples.unshift(...before.reverse());
}

/**
 * Columns for a plot.
 *
 * @param arms names in order
 * @param value (arm's sample, the one before or null, seconds between, samples of all arms) => a number or null
 * @returns [times, values of the first arm, …]
 */
export function columns(samples, arms, value) {
  const times = samples.map((sample) => sample.at / 1000);
  return [times, ...arms.map((name) => samples.map((sample, i) => {
    const now = sample.arms[name];
    const before = i > 0 ? samples[i - 1].arms[name] : null;
    // An arm that was given another version begins anew.
    const same = before && now && before.since === now.since;
    return now ? value(now, same ? before : null, i > 0 ? (sample.at - samples[i - 1].at) / 1000 : 0, sample.arms) : null;
  }))];
}

/** The mean latency of what was answered between two samples. */
export function latency(now, before) {
  const answered = before && now.answered !== null && before.answered !== null ? now.answered - before.answered : 0;
  return answered > 0 ? Math.max(0, now.spent - before.spent) / answered : null;
}

/** Of a sum: how much was added each second. */
export const rate = (name) => (now, before, seconds) => (before && seconds > 0 && now[name] !== null && before[name] !== null
  ? Math.max(0, now[name] - before[name]) / seconds : null);
