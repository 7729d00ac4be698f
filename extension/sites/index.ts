/** All networks whose pages we know. A network of its own host name comes before those told by what is in the page. */
import { bluesky } from "./bluesky";
import { hackernews } from "./hackernews";
import { mastodon } from "./mastodon";
import { practice } from "./practice";
import type { Site } from "./types";

export const SITES: readonly Site[] = [hackernews, bluesky, practice, mastodon];

/** The site that `doc` at `host` belongs to; null where we know nothing of it. */
export function siteOf(host: string, doc: ParentNode): Site | null {
  return (
    SITES.find((site) => site.hosts.includes(host)) ??
    SITES.find((site) => site.hosts.length === 0 && site.test !== null && doc.querySelector(site.test.css) !== null) ??
    null
  );
}
