/** Which site a page belongs to: apart from the adapters, which the script of pages gets as data. */
import type { Site } from "./types";

/** The one of `sites` (as `sitesAt` gives them) that `doc` belongs to; null where we know nothing of it. */
export function siteOf(sites: readonly Site[], doc: ParentNode): Site | null {
  return (
    sites.find(({ hosts, test }) => hosts.length > 0 || (test !== null && doc.querySelector(test.css) !== null)) ?? null
  );
}
