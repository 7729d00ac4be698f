/** All networks whose pages we know. A network of its own host name comes before those told by what is in the page. */
import { bluesky } from "./bluesky";
import { hackernews } from "./hackernews";
import { mastodon } from "./mastodon";
import { practice } from "./practice";
import type { Site } from "./types";

export const SITES: readonly Site[] = [hackernews, bluesky, practice, mastodon];

/** What a page at `host` may be: the site of that very host, else those that are told by what is in the page. */
export function sitesAt(host: string): Site[] {
  const own = SITES.filter(({ hosts }) => hosts.includes(host));
  return own.length > 0 ? own : SITES.filter(({ hosts, test }) => hosts.length === 0 && test !== null);
}
