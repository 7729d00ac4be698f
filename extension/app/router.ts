/** Pages of the app live behind `#/page?params`: the same addresses in the extension's tab and at /-/app. */
import { useEffect, useState } from "preact/hooks";

export type PageName =
  | "today"
  | "inbox"
  | "compose"
  | "replies"
  | "links"
  | "listening"
  | "sources"
  | "alerts"
  | "rules"
  | "settings"
  | "welcome";
export type Params = Record<string, string>;

export interface Route {
  page: PageName;
  params: Params;
}

const PAGES = new Set([
  "today",
  "inbox",
  "compose",
  "replies",
  "links",
  "listening",
  "sources",
  "alerts",
  "rules",
  "settings",
  "welcome",
]);

/** Other names that popup, menus and old bookmarks use. */
const ALIASES: Record<string, { page: PageName; params?: Params }> = {
  start: { page: "welcome" },
  pair: { page: "welcome", params: { step: "pair" } },
  keywords: { page: "listening" },
  posts: { page: "compose" },
  calendar: { page: "compose" },
};

/** `#/compose?text=a` → compose with `{text: "a"}`; anything unknown → today. */
export function readRoute(hash: string): Route {
  const [name = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const params = Object.fromEntries(new URLSearchParams(query));
  const alias = ALIASES[name];
  if (alias) return { page: alias.page, params: { ...alias.params, ...params } };
  return { page: PAGES.has(name) ? (name as PageName) : "today", params };
}

export function writeRoute(page: string, params: Params = {}): string {
  const given = Object.entries(params).filter(([, value]) => value !== "");
  const query = new URLSearchParams(given).toString();
  return `#/${page}${query ? `?${query}` : ""}`;
}

/** The route of the address bar, and how to change it: `go` adds to the history, `setParams` replaces. */
export function useRoute(): {
  route: Route;
  go: (page: string, params?: Params) => void;
  setParams: (p: Params) => void;
} {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const read = () => setRoute(readRoute(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  const go = (page: string, params: Params = {}) => {
    location.hash = writeRoute(page, params);
  };
  const setParams = (params: Params) => {
    history.replaceState(null, "", writeRoute(readRoute(location.hash).page, params));
    setRoute(readRoute(location.hash));
  };
  return { route, go, setParams };
}
