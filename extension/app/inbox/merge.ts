/** What freshly read rows do to the list that is on screen. Pure. */
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
  const fresh = freshOf(old, page.items, isStale);
  if (page.next_cursor === null) return { items: fresh, cut: true };
  const ids = new Set(page.items.map(({ id }) => id));
  let meeting = -1;
  for (const [index, { id }] of old.entries()) if (ids.has(id)) meeting = index;
  if (meeting < 0) return { items: fresh, cut: true };
  return { items: [...fresh, ...old.slice(meeting + 1)], cut: false };
}

/** A stretch from the middle, read again: it takes the place of what it was; where it meets nothing, nothing changes. */
export function mergeStretch(
  old: Mention[],
  stretch: { items: Mention[]; more_above?: boolean; next_cursor: string | null },
  isStale: (mention: Mention) => boolean,
): Mention[] {
  const ids = new Set(stretch.items.map(({ id }) => id));
  let first = -1;
  let last = -1;
  for (const [index, { id }] of old.entries()) {
    if (!ids.has(id)) continue;
    if (first < 0) first = index;
    last = index;
  }
  if (first < 0) return old;
  if (!stretch.more_above) first = 0;
  if (stretch.next_cursor === null) last = old.length - 1;
  return [...old.slice(0, first), ...freshOf(old, stretch.items, isStale), ...old.slice(last + 1)];
}

function freshOf(old: Mention[], items: Mention[], isStale: (mention: Mention) => boolean): Mention[] {
  const stale = items.filter(isStale);
  if (stale.length === 0) return items;
  const ids = new Set(stale.map(({ id }) => id));
  const shown = new Map(old.filter(({ id }) => ids.has(id)).map((mention) => [mention.id, mention]));
  return items
    .map((mention) => (ids.has(mention.id) ? shown.get(mention.id) : mention))
    .filter((mention) => mention !== undefined);
}
