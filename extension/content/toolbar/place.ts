/** Where things go: the free room in a post's own row, and floating parts beside what they belong to. Pure. */

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Spot {
  x: number;
  y: number;
  /** How much room there is to the right of `x`. */
  room: number;
}

const AFTER = 4; // px between the last button and ours
const BEFORE = 2;

/**
 * The place for something `width` wide in a row: behind the last of its buttons, else in the rightmost gap between two
 * of them that is wide enough, close to the right one. `limit` is where the row's room ends. Null: there is none.
 */
export function fit(buttons: Box[], limit: number, width: number, height: number): Spot | null {
  const row = lastLine(buttons);
  const last = row.at(-1);
  if (!last) return null;
  const y = (last.top + last.bottom) / 2 - height / 2;
  if (limit - last.right >= width + AFTER) return { x: last.right + AFTER, y, room: limit - last.right - AFTER };
  for (let n = row.length - 1; n > 0; n--) {
    const left = row[n - 1]!.right;
    const right = row[n]!.left;
    if (right - left >= width + AFTER + BEFORE) return { x: right - BEFORE - width, y, room: width };
  }
  return null;
}

/** The same in a row that runs from right to left; `limit` is its left end. */
export function fitLeftwards(buttons: Box[], limit: number, width: number, height: number): Spot | null {
  const mirrored = buttons.map(({ left, right, top, bottom }) => ({ left: -right, right: -left, top, bottom }));
  const spot = fit(mirrored, -limit, width, height);
  return spot && { ...spot, x: -spot.x - width };
}

/** The buttons of the line that the last one stands in, from left to right, overlapping ones as one. */
function lastLine(buttons: Box[]): Box[] {
  const last = buttons.at(-1);
  if (!last) return [];
  const same = buttons
    .filter(({ top, bottom }) => Math.min(bottom, last.bottom) - Math.max(top, last.top) > 0)
    .sort((one, other) => one.left - other.left);
  const merged: Box[] = [];
  for (const box of same) {
    const before = merged.at(-1);
    if (before && box.left <= before.right + 1) {
      before.right = Math.max(before.right, box.right);
      before.top = Math.min(before.top, box.top);
      before.bottom = Math.max(before.bottom, box.bottom);
    } else merged.push({ left: box.left, right: box.right, top: box.top, bottom: box.bottom });
  }
  return merged;
}

export interface Size {
  width: number;
  height: number;
}

const EDGE = 8; // px kept free at the window's edges
const SHIFT = 48; // px that a panel may slide up over its own anchor

/**
 * The left upper corner of something that floats by `anchor`: below it, so that what is answered stays readable; a
 * little higher where the window ends; above only where below is far too small. Always inside the window.
 */
export function float(anchor: Box, size: Size, view: Size, align: "left" | "right", gap = 4): { x: number; y: number } {
  const x = align === "left" ? anchor.left : anchor.right - size.width;
  const below = anchor.bottom + gap;
  const over = below + size.height - (view.height - EDGE);
  const y = over > SHIFT && anchor.top > view.height - anchor.bottom ? anchor.top - gap - size.height : below;
  return { x: between(EDGE, x, view.width - size.width - EDGE), y: between(EDGE, y, view.height - size.height - EDGE) };
}

function between(low: number, value: number, high: number): number {
  return Math.round(Math.max(low, Math.min(value, high)));
}
