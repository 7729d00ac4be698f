/** Saved searches as filters of the list, and back. */
import { useEffect } from "preact/hooks";
import type { Client } from "../../../shared/api";
import { type Loaded, useLoad } from "../../../shared/ui/hooks";
import { type Filter, NO_FILTER, STATES, type TabId } from "../filter";
import { addWord } from "./words";

export interface SavedSearch {
  id: string;
  name: string;
  query: string;
  /** As `GET /mentions` takes them. */
  filters: Record<string, string>;
  position: number;
  version: number;
}

export function useSearches(client: Client, brand_id: string): Loaded<SavedSearch[]> {
  const list = useLoad(
    async () => (await client.get<{ items: SavedSearch[] }>("/searches", { brand_id })).items,
    [client, brand_id],
  );
  useEffect(
    () => client.onChange((kinds) => kinds.some((kind) => /^(search\.|$)/.test(kind)) && list.reload()),
    [client],
  );
  return list;
}

/** The list a saved search shows; the tab stays unless the search names states. */
export function filterOf(
  { id, query, filters }: Omit<SavedSearch, "name" | "version" | "position">,
  now: Filter,
): Filter {
  const { status = "", language, sentiment, intent, tag, about_us } = filters;
  const folded = about_us === "probably_not";
  const tabs = Object.entries(STATES) as [TabId, string[]][];
  const [tab] = tabs.find(([name, states]) => name !== "to_answer" && status && states.join(",") === status) ?? [];
  const words = [
    language && `lang:${language}`,
    sentiment && `is:${sentiment}`,
    intent && `is:${intent}`,
    tag && `tag:"${tag}"`,
    status && !tab && !folded && `is:(${status.split(",").join(" OR ")})`,
    about_us === "yes" && "-is:not-us -is:probably-not",
    about_us === "no" && "is:not-us",
  ].filter((word): word is string => Boolean(word));
  return {
    ...NO_FILTER,
    grouped: now.grouped,
    tab: filters.to_answer === "true" ? "to_answer" : (tab ?? now.tab),
    q: words.reduce(addWord, query.trim()),
    keyword_id: filters.keyword_id ?? "",
    network: filters.network ?? "",
    source_kind: filters.source_kind ?? "",
    assignee: filters.assignee ?? "",
    folded,
    search_id: id,
  };
}

/** What is kept of a list: its words and filters. The tab is left out, so that a search looks in whichever is open. */
export function searchOf({ q, keyword_id, network, source_kind, assignee, folded }: Filter): {
  query: string;
  filters: Record<string, string>;
} {
  const filters = { keyword_id, network, source_kind, assignee, ...(folded && { about_us: "probably_not" }) };
  return { query: q, filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) };
}

/** Whether the list still shows what the search says. */
export function isChanged(search: SavedSearch, filter: Filter): boolean {
  const saved = searchOf(filterOf(search, filter));
  const now = searchOf(filter);
  const names = new Set([...Object.keys(saved.filters), ...Object.keys(now.filters)]);
  const other = [...names].some((name) => saved.filters[name] !== now.filters[name]);
  return other || saved.query.replace(/\s+/g, " ") !== now.query.replace(/\s+/g, " ");
}

/** What a changed search is saved as: states it named stay named. */
export function changedSearch(search: SavedSearch, filter: Filter): ReturnType<typeof searchOf> {
  const { status, to_answer } = search.filters;
  const tab = filterOf(search, filter).tab;
  const kept = tab === filter.tab ? { ...(status && { status }), ...(to_answer && { to_answer }) } : {};
  const { query, filters } = searchOf(filter);
  return { query, filters: { ...filters, ...kept } };
}
