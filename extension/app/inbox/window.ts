/** Which rows of a long list are drawn: rows are 52 px high, only the selected one may be taller. Pure sums. */

export const ROW_PX = 52;
const SPARE_ROWS = 8;

export interface Heights {
  count: number;
  /** Index of the row that is unfolded, -1 = none. */
  unfolded: number;
  /** Its height. */
  unfolded_px: number;
}

function extra({ unfolded, unfolded_px }: Heights): number {
  return unfolded >= 0 ? unfolded_px - ROW_PX : 0;
}

/** Distance of a row's top from the list's top, in px. */
export function topOf(index: number, heights: Heights): number {
  return index * ROW_PX + (heights.unfolded >= 0 && index > heights.unfolded ? extra(heights) : 0);
}

export function heightOf(index: number, heights: Heights): number {
  return index === heights.unfolded ? heights.unfolded_px : ROW_PX;
}

export function totalPx(heights: Heights): number {
  return heights.count * ROW_PX + extra(heights);
}

/** The row that covers `y`. */
export function rowAt(y: number, heights: Heights): number {
  const folded = Math.floor(y / ROW_PX);
  if (heights.unfolded < 0 || folded <= heights.unfolded) return Math.max(0, folded);
  return Math.max(heights.unfolded, Math.floor((y - extra(heights)) / ROW_PX));
}

/** First row to draw, and the one after the last. */
export function spanAt(scroll_top: number, height_px: number, heights: Heights): [number, number] {
  const first = Math.max(0, rowAt(scroll_top, heights) - SPARE_ROWS);
  const last = Math.min(heights.count, rowAt(scroll_top + height_px, heights) + 1 + SPARE_ROWS);
  return [Math.min(first, last), last];
}

/** Where to scroll so that a row is wholly seen; the place it is at already, where it is. */
export function scrollFor(index: number, scroll_top: number, height_px: number, heights: Heights): number {
  const top = topOf(index, heights);
  const bottom = top + heightOf(index, heights);
  if (top < scroll_top) return top;
  if (bottom > scroll_top + height_px) return Math.min(top, bottom - height_px);
  return scroll_top;
}
