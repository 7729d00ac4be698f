/** What a fresh first page does to the list that is on screen. Pure. */
import type { Mention, Page } from "../../shared/types";

/**
 * The fresh page on top, then what was below it. `cut` is true where the two do not meet (so much is new that the old
 * rest would leave a gap): then the page stands alone. Where `isStale(row)` holds (a change of ours is under way, or was
 * made since the page was asked for), what is on screen stays, and what we took away stays away.
 */
export function mergeFirstPage(
  old: Mention[],
  page: Page<Mention>,
  isStale: (mention: Mention) => boolean,
): { items: Mention[]; cut: boolean } {
  const shown = new Map(old.map((mention) => [mention.id, mention]));
  const fresh = page.items
    .map((mention) => (isStale(mention) ? shown.get(mention.id) : mention))
    .filter((mention) => mention !== undefined);
  if (page.next_cursor === null) return { items: fresh, cut: true };
  const ids = new Set(page.items.map(({ id }) => id));
  let meeting = -1;
  for (const [index, { id }] of old.entries()) if (ids.has(id)) meeting = index;
  if (meeting < 0) return { items: fresh, cut: true };
  return { items: [...fresh, ...old.slice(meeting + 1)], cut: false };
}
