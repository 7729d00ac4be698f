/** Which site a page belongs to: apart from the adapters, which the script of pages gets as data. */
import type { Site } from "./types";

/** Whether one of `hosts` ("quai.example", "*.quai.example") names this host. */
export function namesHost(hosts: readonly string[], host: string): boolean {
  return hosts.some((one) => one === host || (one.startsWith("*.") && host.endsWith(one.slice(1))));
}

/** The one of `sites` (as `sitesAt` gives them) that `doc` belongs to; null where we know nothing of it. */
export function siteOf(sites: readonly Site[], doc: ParentNode): Site | null {
  return sites.find(({ hosts, test }) => (test ? holds(doc, test.css) : hosts.length > 0)) ?? null;
}

function holds(doc: ParentNode, css: string): boolean {
  try {
    return doc.querySelector(css) !== null;
  } catch {
    return false; // an adapter that this browser cannot read is none
  }
}
