/** Measures a post's row on the page. Reads only, so that many posts cost one layout. */
import { zoomOf } from "../toolbar/host";
import type { Box } from "../toolbar/place";
import { isOurs } from "../toolbar/tag";
import type { Measured } from "../toolbar/toolbar";

const CONTROLS = "a, button, [role='button'], summary, time";
/** Where a row has none of those. */
const OTHERS = "img, svg, span";
/** A control wider than this may be a cell of a grid: only what stands in it counts. */
const WIDE = 56; // px

/** `isText`: the row is what the post says. Then there is room behind its last word, as far as the post goes. */
export function measureRow(row: Element, host: Element, post: Element, isText = false): Measured {
  const { x, y } = host.getBoundingClientRect();
  const frame = frameOf(isText ? post : row, post);
  const leftwards = getComputedStyle(row).direction === "rtl";
  const lines = isText ? linesOf(row) : [];
  const buttons = lines.length > 0 ? lines : buttonsOf(row, frame, leftwards);
  return { origin: { x, y }, buttons, limit: leftwards ? frame.left : frame.right, leftwards, zoom: zoomOf(host) };
}

/** The room the row has: its nearest ancestor that is a block, inside the post, inside the window. */
function frameOf(row: Element, post: Element): Box {
  let at = row;
  while (at !== post && at.parentElement && getComputedStyle(at).display.startsWith("inline")) at = at.parentElement;
  const { left, right, top, bottom } = at.getBoundingClientRect();
  return { left: Math.max(left, 4), top, bottom, right: Math.min(right, document.documentElement.clientWidth - 4) };
}

/** Every piece of every line. Ours has no size. */
function linesOf(text: Element): Box[] {
  const range = document.createRange();
  range.selectNodeContents(text);
  return [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
}

function buttonsOf(row: Element, frame: Box, leftwards: boolean): Box[] {
  for (const css of [CONTROLS, OTHERS]) {
    const boxes = [...row.querySelectorAll(css)].flatMap((control) => (isOurs(control) ? [] : boxOf(control)));
    if (boxes.length > 0) return boxes;
  }
  return [leftwards ? { ...frame, left: frame.right } : { ...frame, right: frame.left }];
}

function boxOf(control: Element): Box[] {
  const box = control.getBoundingClientRect();
  if (box.width === 0 || box.height === 0) return [];
  if (box.width < WIDE || !control.firstChild) return [box];
  const range = document.createRange();
  range.selectNodeContents(control);
  const inner = range.getBoundingClientRect();
  return [inner.width > 0 && inner.width < box.width - WIDE / 2 ? inner : box];
}
