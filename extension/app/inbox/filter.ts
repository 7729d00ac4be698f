/** What a list of mentions shall hold, and what the server is asked for then. Pure. */
import type { MentionStatus } from "../../shared/types";

export type TabId = "to_answer" | "new" | "open" | "done" | "all";

export interface Filter {
  tab: TabId;
  keyword_id: string;
  network: string;
  source_kind: string;
  /** A member's id; what is one's own or nobody's is asked in words (`is:mine`). */
  assignee: string;
  q: string;
  /** What is probably not about us, instead of all the rest. */
  folded: boolean;
  /** Only what says the same as one mention; "" = all. */
  story_id: string;
  /** One row for all that say the same. */
  grouped: boolean;
  /** The saved search this was opened from, "" = none. It may have been changed since. */
  search_id: string;
}

export const NO_FILTER: Filter = {
  tab: "new",
  keyword_id: "",
  network: "",
  source_kind: "",
  assignee: "",
  q: "",
  folded: false,
  story_id: "",
  grouped: true,
  search_id: "",
};

/** A change of what is asked for: of two in a row the second knows of the first, whose list may not be there yet. */
export type Narrow = (now: Filter) => Filter;

/** What the server is asked for under a filter; the same words select what a bulk change touches. */
export function whereOf(brand_id: string, filter: Filter): Record<string, string | boolean> {
  const { tab, keyword_id, network, source_kind, assignee, q, folded, story_id } = filter;
  const where: Record<string, string | boolean> = { brand_id, keyword_id, network, source_kind, assignee, q };
  if (story_id) return { brand_id, story_id };
  if (folded) return { ...where, status: "new,open", about_us: "probably_not" };
  if (tab === "to_answer") return { ...where, to_answer: true };
  return { ...where, status: STATES[tab].join(","), about_us: "yes,no" };
}

/** Whether rows of this list stand for their whole story: never where each person waits for an answer of their own. */
export function isGrouped({ tab, grouped, folded, story_id }: Filter): boolean {
  return grouped && tab !== "to_answer" && !folded && !story_id;
}

/** The states a tab shows; none named = all. */
export const STATES: Record<TabId, MentionStatus[]> = {
  to_answer: ["new", "open"],
  new: ["new"],
  open: ["open"],
  done: ["done", "replied"],
  all: [],
};

/** Whether only some of a tab is shown. */
export function isNarrowed({ q, keyword_id, network, source_kind, assignee }: Filter): boolean {
  return Boolean(q || keyword_id || network || source_kind || assignee);
}

/** Whether two filters look at the same list, one by other words or filters than the other. */
export function isSameList(one: Filter, other: Filter): boolean {
  return (["tab", "folded", "story_id", "grouped"] as const).every((name) => one[name] === other[name]);
}
