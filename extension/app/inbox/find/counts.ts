/** What is counted beside the list: never before the list itself is there, so that it waits for no figure. */
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import type { Client, Query } from "../../../shared/api";
import { type Filter, whereOf } from "../filter";
import { type InboxStats, readStats, type StatsAnswer } from "../stats";
import type { MentionStore } from "../store";
import { FACETS } from "./facets";

export interface Counts {
  /** Of the tabs, under the same search. */
  stats: InboxStats | undefined;
  /** Of what the list holds; undefined until that is counted. */
  here: StatsAnswer | undefined;
  /** With facets where they were asked for; those of the list before until those of this one are there. */
  facets: StatsAnswer | undefined;
  reload: () => void;
}

export function useCounts(client: Client, brand_id: string, store: MentionStore, with_facets: boolean): Counts {
  const [turn, reload] = useReducer((n: number) => n + 1, 0);
  const [stats, setStats] = useState<InboxStats>();
  const [counted, setCounted] = useState<{ list: string; found: StatsAnswer }>();
  const { filter } = store.rows;
  const { state } = store.reading;
  const { tab, keyword_id, network, source_kind, assignee, q, folded, story_id } = filter;
  const narrowed = [keyword_id, network, source_kind, assignee, q].join("\n");
  const list = [narrowed, tab, folded, story_id].join("\n");
  const ready = state !== "loading";
  const tabs = useMemo(() => new Line(setStats), [store]);
  const rows = useMemo(() => new Line(setCounted), [store]);
  useEffect(() => {
    if (ready) tabs.ask(narrowed, (signal) => countTabs(client, brand_id, filter, signal));
  }, [store, ready, narrowed, turn]);
  useEffect(() => {
    if (!ready) return;
    const asked = { ...whereOf(brand_id, filter), ...(with_facets && { facets: FACETS.join(",") }) };
    rows.ask(`${list}\n${with_facets}`, async (signal) => ({
      list,
      found: await client.get<StatsAnswer>("/mentions/stats", asked, signal),
    }));
  }, [store, ready, list, with_facets, turn]);
  useEffect(
    () => () => {
      tabs.stop();
      rows.stop();
    },
    [store],
  );
  const here = counted?.list === list ? counted.found : undefined;
  return { stats, here, facets: counted?.found, reload: () => reload(undefined) };
}

interface Count<T> {
  /** What is counted: an answer to another question counts no more. */
  of: string;
  run: (signal: AbortSignal) => Promise<T>;
}

/**
 * One count after the other, and of those that wait the newest: a browser opens six connections to a server, and figures
 * that are slow to come must leave some to the list.
 */
class Line<T> {
  private waiting: Count<T> | undefined;
  private running: { of: string; abort: AbortController } | undefined;

  constructor(private readonly done: (found: T) => void) {}

  ask(of: string, run: Count<T>["run"]): void {
    this.waiting = { of, run };
    if (!this.running) void this.work();
    else if (this.running.of !== of) this.running.abort.abort();
  }

  stop(): void {
    this.waiting = undefined;
    this.running?.abort.abort();
  }

  private async work(): Promise<void> {
    while (this.waiting) {
      const { of, run } = this.waiting;
      const abort = new AbortController();
      this.waiting = undefined;
      this.running = { of, abort };
      const found = await run(abort.signal).catch(() => undefined);
      if (found !== undefined && !abort.signal.aborted) this.done(found);
    }
    this.running = undefined;
  }
}

async function countTabs(client: Client, brand_id: string, filter: Filter, signal: AbortSignal): Promise<InboxStats> {
  const { keyword_id, network, source_kind, assignee, q } = filter;
  const asked = { brand_id, keyword_id, network, source_kind, assignee, q };
  const count = (where: Query) => client.get<StatsAnswer>("/mentions/stats", where, signal);
  const all = await count({ ...asked, about_us: "yes,no", awake: true });
  const to_answer = await count({ ...asked, to_answer: true });
  const folded = await count(whereOf(brand_id, { ...filter, story_id: "", folded: true }));
  const stats = readStats(all, to_answer, folded.total);
  if (all.total > 0) return stats;
  // Nothing, or all of it put off until later?
  const { total } = await count({ ...asked, about_us: "yes,no" });
  return { ...stats, total };
}
