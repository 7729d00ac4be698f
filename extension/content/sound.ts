/**
 * An adapter as this browser can use it. Data from a server or taught by a person was checked by the background, which
 * has no document to try selectors on: here each is tried once, and one that cannot be read finds nothing from then on.
 */
import type { Site } from "../sites/types";

const NOTHING = ":not(*)";
const SELECTORS = new Set("css quotes skip answering between picture described missing describe".split(" "));

export function soundSite(site: Site): Site {
  return sound(site, "") as Site;
}

function sound(value: unknown, key: string): unknown {
  if (typeof value === "string") {
    if (SELECTORS.has(key)) return isSelector(value) ? value : NOTHING;
    if (key === "keep") return isPattern(value) ? value : "^\\b$"; // matches nothing
    return value;
  }
  if (Array.isArray(value)) return value.map((one) => sound(one, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sound(one, name)]));
}

const nowhere = document.createDocumentFragment();

function isSelector(css: string): boolean {
  try {
    nowhere.querySelector(css);
    return true;
  } catch {
    return false;
  }
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
