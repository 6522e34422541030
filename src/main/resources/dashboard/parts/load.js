// Something that is asked of the server when a view opens, and again when what it depends on changes.
import {useCallback, useEffect, useRef, useState} from './html.js';

/**
 * @param work (signal) => a promise
 * @param deps as for an effect
 * @returns {data, problem, loading, reload}; what was there stays while it is asked again
 */
export function useLoad(work, deps) {
  const [state, setState] = useState({data: null, problem: null, loading: true});
  const current = useRef(null);
  const run = useCallback(async () => {
    current.current?.abort();
    const abort = new AbortController();
    current.current = abort;
    setState((before) => ({...before, loading: true}));
    try {
      const data = await work(abort.signal);
      if (!abort.signal.aborted) setState({data, problem: null, loading: false});
    } catch (problem) {
      if (!abort.signal.aborted) setState((before) => ({data: before.data, problem, loading: false}));
    }
  }, deps);
  useEffect(() => {
    run();
    return () => current.current?.abort();
  }, [run]);
  return {...state, reload: run};
}

/** A value that follows another when that has been still for a while: for filters that are being typed. */
export function useSettled(value, wait = 200) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}
