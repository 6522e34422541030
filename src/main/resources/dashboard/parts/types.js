// The names of all types, for choosing one.
import {useEffect, useState} from './html.js';

/**
 * Told by the live stream, which tells changes too; asked for where there is none.
 *
 * @returns names in order, or null while they are not known or may not be read
 */
export function useTypes(api, live) {
  const [asked, setAsked] = useState(null);
  const [, again] = useState(0);
  useEffect(() => live.subscribe(() => again((n) => n + 1)), [live]);
  const silent = live.models === null && (live.state === 'refused' || live.state === 'lost');
  useEffect(() => {
    if (silent) api('/models').then((all) => setAsked(all.models.map((each) => each.model_type).sort()), () => {});
  }, [silent]);
  return live.models ? [...new Set([...live.models.values()].map((each) => each.type))].sort() : asked;
}
