/** Measures a post's row on the page. Reads only, so that many posts cost one layout. */
import { isOurs } from "./toolbar/host";
import type { Box } from "./toolbar/place";
import type { Measured } from "./toolbar/toolbar";

const CONTROLS = "a, button, [role='button'], summary, time, img, svg, span";
/** A control whose padding is wider than this on a side is a cell of a grid: only what stands in it counts. */
const PADDING = 16; // px

export function measureRow(row: Element, host: Element, post: Element): Measured {
  const { x, y } = host.getBoundingClientRect();
  const frame = frameOf(row, post);
  return { origin: { x, y }, buttons: buttonsOf(row, frame), limit: frame.right };
}

/** The room the row has: its nearest ancestor that is a block, inside the post, inside the window. */
function frameOf(row: Element, post: Element): Box {
  let at = row;
  while (at !== post && at.parentElement && getComputedStyle(at).display.startsWith("inline")) at = at.parentElement;
  const { left, right, top, bottom } = at.getBoundingClientRect();
  return { left, top, bottom, right: Math.min(right, document.documentElement.clientWidth - 4) };
}

function buttonsOf(row: Element, frame: Box): Box[] {
  const boxes: Box[] = [];
  const range = document.createRange();
  for (const control of row.querySelectorAll(CONTROLS)) {
    if (isOurs(control)) continue;
    const box = control.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    range.selectNodeContents(control);
    const inner = control.childNodes.length > 0 ? range.getBoundingClientRect() : box;
    const loose = box.width - inner.width > 2 * PADDING;
    const { left, right, top, bottom } = loose && inner.width > 0 ? inner : box;
    if (right - left < 0.6 * (frame.right - frame.left) || control.matches("a, button"))
      boxes.push({ left, right, top, bottom });
  }
  if (boxes.length > 0) return boxes;
  const { left, right, top, bottom } = row.getBoundingClientRect();
  return [{ left, right: Math.min(right, left), top, bottom }];
}
