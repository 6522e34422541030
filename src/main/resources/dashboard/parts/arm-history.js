// How the arms of an experiment did while the page was open: the server tells sums, so what happens is the difference between two.

const KEPT = 450;
/** By the experiment's id; outlives the view, so that coming back shows what was. */
const histories = new Map();

/** Adds what the server tells now; returns all that is known of this experiment, oldest first. */
export function remember(experiment, now = Date.now()) {
  const samples = histories.get(experiment.id) || [];
  const last = samples.at(-1);
  if (!last || now - last.at >= 500) {
    samples.push({at: now, arms: Object.fromEntries(experiment.arms.map((arm) => [arm.name, {
      share: experiment.enabled ? arm.share : null, since: arm.since, requests: arm.figures?.requests ?? null, errors: arm.figures?.errors ?? null,
      p95: arm.figures?.latency_ms?.p95 ?? null, feedback: arm.feedback || {},
    }]))});
    if (samples.length > KEPT) samples.shift();
    histories.set(experiment.id, samples);
  }
  return samples;
}

/**
 * Columns for a plot.
 *
 * @param arms names in order
 * @param value (arm's sample, the one before or null, seconds between) => a number or null
 * @returns [times, values of the first arm, …]
 */
export function columns(samples, arms, value) {
  const times = samples.map((sample) => sample.at / 1000);
  return [times, ...arms.map((name) => samples.map((sample, i) => {
    const now = sample.arms[name];
    const before = i > 0 ? samples[i - 1].arms[name] : null;
    // An arm that was given another version begins anew.
    const same = before && now && before.since === now.since;
    return now ? value(now, same ? before : null, i > 0 ? (sample.at - samples[i - 1].at) / 1000 : 0) : null;
  }))];
}

/** Of a sum: how much was added each second. */
export const rate = (name) => (now, before, seconds) => (before && seconds > 0 && now[name] !== null && before[name] !== null
  ? Math.max(0, now[name] - before[name]) / seconds : null);
