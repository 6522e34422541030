// What one view hands to the next: inputs of the log that are to be tried. In memory alone, since inputs are nobody else's business.
let kept = null;

export const keep = (draft) => { kept = draft; };

/** What was kept for a type, once; null where there is nothing. */
export function take(type) {
  const draft = kept && kept.type === type ? kept : null;
  if (draft) kept = null;
  return draft;
}
