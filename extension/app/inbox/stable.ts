import { useMemo, useRef } from "preact/hooks";

type Acts = Record<string, (...args: unknown[]) => unknown>;

/**
 * The same functions at every drawing, which call the newest ones: rows are drawn once and only again when they change,
 * so what they call must not change. `newest` has the same names each time.
 */
export function useStable<T extends object>(newest: T): T {
  const held = useRef(newest);
  held.current = newest;
  return useMemo(() => {
    const call =
      (name: string) =>
      (...args: unknown[]) =>
        (held.current as Acts)[name]!(...args);
    return Object.fromEntries(Object.keys(newest).map((name) => [name, call(name)])) as T;
  }, []);
}
