// The names of all types, for choosing one.
import {useEffect, useRef, useState} from './html.js';

/** So many names are asked for at once; of more, those that are looked for. */
const MOST = 200;

/**
 * @param allowed whether the key may read them
 * @returns {names, total}, names in order; undefined while they are on their way, null where they may not or cannot be read
 */
export function useTypes(api, live, allowed = true) {
  const [types, setTypes] = useState(undefined);
  const [generation, setGeneration] = useState(live.generation);
  useEffect(() => live.subscribe(() => setGeneration(live.generation)), [live]);
  useEffect(() => {
    if (allowed) find(api, '', MOST).then(setTypes, () => setTypes((before) => before ?? null));
  }, [allowed, generation]);
  return allowed ? types : null;
}

const find = async (api, search, limit) => {
  const listing = await api(`/dashboard/types?${new URLSearchParams({search, limit})}`);
  return {names: listing.types.map((type) => type.model_type), total: listing.total};
};

/** Names that contain what is being typed; the last answer, however they overtake each other. */
export function useSearch(api) {
  const [names, setNames] = useState([]);
  const asked = useRef(0);
  const search = (text) => {
    const mine = ++asked.current;
    find(api, text, 20).then((found) => { if (mine === asked.current) setNames(found.names); }, () => {});
  };
  return [names, search];
}
