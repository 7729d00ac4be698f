/** The round as the extension speaks of it: a brand's list of pages, opened one by one in one tab of the person's. */

/** A page of the round as the server knows it (`/round`). */
export interface RoundPage {
  id: string;
  brand_id: string;
  url: string;
  name: string;
  network: string;
  position: number;
  remind_days: number;
  last_visited_at: string | null;
  /** Not visited today, by the brand's clock. */
  left: boolean;
  overdue: boolean;
  visits: number;
  last_posts: number;
  last_fresh: number;
  per_visit: number;
  version: number;
}

/** A page that a round could begin with (`/round/offers`). */
export interface RoundOffer {
  network: string;
  place: string;
  what: string;
  name: string;
  url: string;
  ticked: boolean;
}

/** Where a round stands, for the bar on the page and for popup and panel. */
export interface RoundView {
  brand_id: string;
  brand: string;
  /** Of the page that is open. */
  page_id: string;
  name: string;
  url: string;
  /** 3 of 8 */
  at: number;
  of: number;
  /** When it was visited last before this round; null = never. */
  last_visited_at: string | null;
  /** Visited at this round: collected, or marked as seen. */
  visited: boolean;
  /** The tab shows the page of the round, and not where a site led it: at this address. */
  here: boolean;
  address: string;
  /** The tab is there; false: it was closed, and the round can be taken up again. */
  open: boolean;
  /** Where the person moved the bar, in parts of the window; null = nowhere yet. */
  place: { x: number; y: number } | null;
}

/** What became of one collected post. `fresh`: nobody knew it before this visit. */
export interface Took {
  outcome: "created" | "known" | "refused";
  fresh: boolean;
}

export interface Collected {
  took: Took[];
  created: number;
  known: number;
}

/** What popup, panel and app ask. */
export interface RoundState {
  /** Of the brand in use; null while the server is away. */
  pages: RoundPage[] | null;
  /** Of the brand in use, running or paused. */
  view: RoundView | null;
  /** Sites of today's pages where the toolbar is not on: they can only be looked at. */
  off: { host: string; pattern: string }[];
}

/** Addresses of people and sites that lead to the same page of maps. */
const MAPS = /^\/maps\/(search|place)\//;

const bare = (host: string) => host.replace(/^(www|m|mobile)\./, "");

/**
 * Whether a tab at `address` shows the page `url` of a round. Sites add to an address and lead from one spelling to
 * another; a log-in is another path, another search another value of what the page asks for.
 */
export function isPageOf(url: string, address: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(address)) return false;
  const [wanted, there] = [new URL(url), new URL(address)];
  if (bare(wanted.hostname) !== bare(there.hostname)) return false;
  const [path, its] = [wanted.pathname, there.pathname].map((one) => one.replace(/\/+$/, "").toLowerCase());
  const below = path !== "" && its!.startsWith(`${path}/`);
  if (its !== path && !below && !(MAPS.test(path!) && MAPS.test(its!))) return false;
  return [...wanted.searchParams].every(([name, value]) => {
    const now = there.searchParams.get(name);
    return now === null || now === value;
  });
}
