/**
 * The posts that the person sees or has scrolled past, read at their click and not before: what the page has in its list
 * and shows, with its upper edge above the lower end of the window (and of the pane that it scrolls in). What lies
 * further down nobody has looked at; what the page took away again is gone (docs/decisions).
 */
import type { PagePost } from "../../shared/messages";
import type { Site, Variant } from "../../sites/types";
import { isNested, learn, readPost } from "../drawing/read";

/** More than this one click does not take: the nearest to where the person is. */
export const MOST = 400;

export interface InSight {
  element: Element;
  variant: Variant;
  post: PagePost;
}

/** In the page's order. Posts whose address or words cannot be read are left out. */
export function postsInSight(site: Site): InSight[] {
  learn(site);
  const ends = new Map<Element, number>();
  const found = new Map<Element, Variant>();
  for (const variant of site.variants) {
    for (const element of document.querySelectorAll(variant.post.css)) {
      if (!found.has(element) && !isNested(element, site, variant) && isInSight(element, ends))
        found.set(element, variant);
    }
  }
  const following = Node.DOCUMENT_POSITION_FOLLOWING;
  return [...found]
    .sort(([one], [other]) => (one.compareDocumentPosition(other) & following ? -1 : 1))
    .map(([element, variant]) => ({ element, variant, post: readPost(element, site, variant) }))
    .filter(({ post: { url, author, text } }) => url && (author || text))
    .slice(-MOST);
}

function isInSight(element: Element, ends: Map<Element, number>): boolean {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false }))
    return false;
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
  // Moved out of the page at the side or above its beginning: nobody could see it.
  if (width < 2 || height < 2 || right <= 0 || left >= innerWidth || bottom + scrollY <= 0) return false;
  return top < endOf(element.parentElement, ends);
}

/** Where what stands in `element` is cut at its lower end: by the window, or by a pane around it. */
function endOf(element: Element | null, ends: Map<Element, number>): number {
  if (!element || element === document.body || element === document.documentElement) return innerHeight;
  const known = ends.get(element);
  if (known !== undefined) return known;
  const outer = endOf(element.parentElement, ends);
  const cut = getComputedStyle(element).overflowY !== "visible";
  const end = cut ? Math.min(outer, element.getBoundingClientRect().bottom) : outer;
  ends.set(element, end);
  return end;
}
