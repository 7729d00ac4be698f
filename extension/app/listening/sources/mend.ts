/** What can be done about a source that does not answer as it should: by its error alone. Pure. */
import type { Source } from "../../../shared/types";

/**
 * `poll`: ask now · `find`: look for its feed on its site · `access`: give what lets us in · `pick`: choose on the page
 * again · `open`: see the page oneself · `account`: log in again.
 */
export type Mend = "poll" | "find" | "access" | "pick" | "open" | "account";

const MENDS: Record<string, Mend[]> = {
  not_found: ["find", "open"],
  gone: ["find", "open"],
  not_a_feed: ["find", "open"],
  unauthorized: ["access", "open"],
  forbidden: ["access", "open"],
  nothing_picked: ["pick", "open"],
  no_titles: ["pick", "open"],
  no_links: ["pick", "open"],
  bad_selector: ["pick", "open"],
  script_page: ["open"],
  not_a_page: ["open"],
  alerts_page: ["open"],
  robots: ["open"],
  too_large: ["open"],
  blocked: ["open"],
  comes_by_itself: [],
};

/** Kinds whose feed can be looked for on its site. */
const READ_AS_FEEDS = ["feed", "podcast"];

/** The first is the likeliest; what is always offered (remove) is not among them. */
export function mendsOf({ last_error, state, kind }: Pick<Source, "last_error" | "state" | "kind">): Mend[] {
  if (!last_error) return state === "gone" && READ_AS_FEEDS.includes(kind) ? ["find"] : [];
  if (isAccount(kind)) return last_error === "unauthorized" ? ["account"] : ["poll", "account"];
  return (MENDS[last_error] ?? ["poll", "open"]).filter((mend) => {
    if (mend === "find") return READ_AS_FEEDS.includes(kind);
    return mend !== "pick" || kind === "page";
  });
}

/** What is said to a connected account: comes and goes with it. */
export function isAccount(kind: string): boolean {
  return kind.endsWith("_account");
}
