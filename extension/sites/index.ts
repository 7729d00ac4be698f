/** All networks whose pages we know. A network of its own host name comes before those told by what is in the page. */
import bluesky from "./bluesky.json";
import { namesHost } from "./find";
import hackernews from "./hackernews.json";
import mastodon from "./mastodon.json";
import practice from "./practice.json";
import type { Site } from "./types";

// What TypeScript makes of JSON knows no unions; schema.json and its test hold the files to the type.
export const SITES = [hackernews, bluesky, practice, mastodon] as unknown as readonly Site[];

/** What a page at `host` may be: the site of that very host, else those that are told by what is in the page. */
export function sitesAt(host: string, sites: readonly Site[] = SITES): Site[] {
  const own = sites.filter(({ hosts }) => namesHost(hosts, host));
  const here = own.length > 0 ? own : sites.filter(({ hosts, test }) => hosts.length === 0 && test !== null);
  return here.map((site) => ({ ...site, notes: [], checked: [] }));
}
