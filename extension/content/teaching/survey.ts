/** What an adapter finds in this page, counted. */
import type { Site, Variant } from "../../sites/types";
import { isNested, learn, readPost, rowOf } from "../drawing/read";

export const VALUES = ["author", "url", "text", "row"] as const;
export type Value = (typeof VALUES)[number];

export interface Found {
  element: Element;
  variant: Variant;
  author: string;
  text: string;
  /** What could not be read. */
  missing: Value[];
}

/** Every post in the page, in its order. */
export function findPosts(site: Site): Found[] {
  learn(site);
  const found = new Map<Element, Found>();
  for (const variant of site.variants) {
    for (const element of document.querySelectorAll(variant.post.css)) {
      if (found.has(element) || isNested(element, site, variant)) continue;
      const { author, url, text } = readPost(element, site, variant);
      const values = { author, url, text, row: rowOf(element, variant) };
      found.set(element, { element, variant, author, text, missing: VALUES.filter((name) => !values[name]) });
    }
  }
  const following = Node.DOCUMENT_POSITION_FOLLOWING;
  return [...found.values()].sort((one, other) =>
    one.element.compareDocumentPosition(other.element) & following ? -1 : 1,
  );
}

/** How many posts have it. */
export const having = (posts: readonly Found[], value: Value): number =>
  posts.filter(({ missing }) => !missing.includes(value)).length;
