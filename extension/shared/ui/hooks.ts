import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api";
import { language, onLanguage } from "../i18n";
import { addKeys, type Key } from "../keys";

/** Keys of a screen while it is mounted. `run` always sees the newest state; `inputs` say when labels change. */
export function useKeys(keys: Key[], inputs: unknown[]): void {
  const newest = useRef(keys);
  newest.current = keys;
  useEffect(() => {
    const stable = keys.map((key, index) => ({
      ...key,
      run: (event: KeyboardEvent) => newest.current[index]?.run(event),
    }));
    return addKeys(stable);
  }, inputs);
}

/**
 * For questions whose answers may overtake each other: each takes its turn when it is asked, and its answer counts while
 * that is the last one.
 */
export function useTurns(): () => () => boolean {
  const last = useRef(0);
  return useCallback(() => {
    const mine = ++last.current;
    return () => mine === last.current;
  }, []);
}

/** The language, and a new drawing when it changes. */
export function useLanguage(): string {
  const [code, setCode] = useState(language());
  useEffect(() => onLanguage(() => setCode(language())), []);
  return code;
}

export interface Loaded<T> {
  value: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => void;
  set: (value: T) => void;
}

/** Load something when `inputs` change; what was there stays on screen meanwhile, and a late answer is dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, inputs: unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value: T | undefined; error: ApiError | undefined; loading: boolean }>({
    value: undefined,
    error: undefined,
    loading: true,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setState((old) => ({ ...old, loading: true }));
    load(abort.signal).then(
      (value) => abort.signal.aborted || setState({ value, error: undefined, loading: false }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
        setState((old) => ({ value: old.value, error: known, loading: false }));
      },
    );
    return () => abort.abort();
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const set = useCallback((value: T) => setState((old) => ({ ...old, value })), []);
  return { ...state, reload, set };
}
