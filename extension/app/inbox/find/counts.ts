/** What is counted beside the list: never before the list itself is there, so that it waits for no figure. */
import { useEffect, useReducer, useState } from "preact/hooks";
import type { Client } from "../../../shared/api";
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
  useEffect(() => {
    if (!ready) return;
    const abort = new AbortController();
    void countTabs(client, brand_id, filter, abort.signal).then(
      (found) => abort.signal.aborted || setStats(found),
      () => undefined,
    );
    return () => abort.abort();
  }, [store, ready, narrowed, turn]);
  useEffect(() => {
    if (!ready) return;
    const abort = new AbortController();
    const asked = { ...whereOf(brand_id, filter), ...(with_facets && { facets: FACETS.join(",") }) };
    void client.get<StatsAnswer>("/mentions/stats", asked, abort.signal).then(
      (found) => abort.signal.aborted || setCounted({ list, found }),
      () => undefined,
    );
    return () => abort.abort();
  }, [store, ready, list, with_facets, turn]);
  const here = counted?.list === list ? counted.found : undefined;
  return { stats, here, facets: counted?.found, reload: () => reload(undefined) };
}

async function countTabs(client: Client, brand_id: string, filter: Filter, signal: AbortSignal): Promise<InboxStats> {
  const { keyword_id, network, source_kind, assignee, q } = filter;
  const asked = { brand_id, keyword_id, network, source_kind, assignee, q };
  const [all, to_answer, folded] = await Promise.all([
    client.get<StatsAnswer>("/mentions/stats", { ...asked, about_us: "yes,no", awake: true }, signal),
    client.get<StatsAnswer>("/mentions/stats", { ...asked, to_answer: true }, signal),
    client.get<StatsAnswer>("/mentions/stats", whereOf(brand_id, { ...filter, story_id: "", folded: true }), signal),
  ]);
  const stats = readStats(all, to_answer, folded.total);
  if (all.total > 0) return stats;
  // Nothing, or all of it put off until later?
  const { total } = await client.get<StatsAnswer>("/mentions/stats", { ...asked, about_us: "yes,no" }, signal);
  return { ...stats, total };
}
