/** Sources of a brand, page by page as they come, and kept up with what changes. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../../shared/api";
import type { Page, Source } from "../../../shared/types";

const PAGE = 200;
/** Polls of many feeds tell of many changes: the list is read again at most this often. */
const AGAIN_MS = 3_000;

export interface Sources {
  items: Source[];
  /** How many are the searches of keywords, which stand with their keyword. */
  searches: number;
  /** Everything was read once. */
  whole: boolean;
  error: ApiError | undefined;
  reload: () => void;
  /** One was changed here: shown at once. */
  put: (source: Source) => void;
  drop: (id: string) => void;
}

/** `searches_too`: those of keywords are among the items. */
export function useSources(client: Client, brand_id: string, searches_too = false): Sources {
  const [items, setItems] = useState<Source[]>([]);
  const [searches, setSearches] = useState(0);
  const [whole, setWhole] = useState(false);
  const [error, setError] = useState<ApiError>();
  const busy = useRef(false);
  const wanted = useRef(false);
  const ended = useRef(false);
  /** Something changed since the last reading began. */
  const missed = useRef(false);
  /** Runs for as long as the list is not to be read again. */
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const reload = useCallback(async () => {
    if (busy.current) {
      wanted.current = true;
      return;
    }
    busy.current = true;
    wanted.current = false;
    const found: Source[] = [];
    let others = 0;
    try {
      let cursor: string | null = null;
      do {
        const page: Page<Source> = await client.get<Page<Source>>("/sources", { brand_id, limit: PAGE, cursor });
        if (ended.current) return;
        const own = page.items.filter(({ keyword_id }) => !keyword_id);
        found.push(...(searches_too ? page.items : own));
        others += page.items.length - own.length;
        cursor = page.next_cursor;
        setItems((old) => (old.length > found.length && cursor ? old : [...found]));
      } while (cursor);
      setSearches(others);
      setWhole(true);
      setError(undefined);
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      setError(thrown);
    } finally {
      busy.current = false;
      if (wanted.current && !ended.current) {
        missed.current = true;
        timer.current ??= setTimeout(again, AGAIN_MS);
      }
    }
  }, [client, brand_id, searches_too]);

  const again = () => {
    timer.current = undefined;
    if (!missed.current) return;
    missed.current = false;
    void reload();
    timer.current = setTimeout(again, AGAIN_MS);
  };

  useEffect(() => {
    ended.current = false;
    void reload();
    const stop = client.onChange((kinds) => {
      if (!kinds.some((kind) => /^(source\.|$)/.test(kind))) return;
      missed.current = true;
      if (timer.current === undefined) again();
    });
    return () => {
      ended.current = true;
      clearTimeout(timer.current);
      timer.current = undefined;
      stop();
    };
  }, [reload]);

  const put = useCallback((source: Source) => {
    setItems((old) =>
      old.some(({ id }) => id === source.id)
        ? old.map((one) => (one.id === source.id ? source : one))
        : [...old, source],
    );
  }, []);
  const drop = useCallback((id: string) => setItems((old) => old.filter((one) => one.id !== id)), []);
  return { items, searches, whole, error, reload: () => void reload(), put, drop };
}
