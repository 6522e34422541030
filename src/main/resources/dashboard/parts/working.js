// Something that takes a while and must not be begun twice.
import {useState} from './html.js';

/**
 * @returns [working, run]: the name of what is being done, or null; run(name, work) does work(tools) unless something is being done, and
 * then `after` where it says that something changed. It counts as being done from its first request on, not while a question is open.
 */
export function useWorking({api, toast}, after) {
  const [working, setWorking] = useState(null);
  const run = async (name, work) => {
    if (working !== null) return;
    const tools = {toast, api: (...request) => {
      setWorking(name);
      return api(...request);
    }};
    try {
      if (await work(tools)) await after();
    } finally {
      setWorking(null);
      requestAnimationFrame(() => {
        // What had the focus may be gone with what was done.
        if (document.activeElement === document.body) document.getElementById('main').focus({preventScroll: true});
      });
    }
  };
  return [working, run];
}
