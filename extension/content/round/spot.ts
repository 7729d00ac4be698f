/** Where the bar of the round stands: where the person put it, else in the corner where least of the page can be pressed. */

interface Size {
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}

const EDGE = 16; // px
const PRESSED = "a[href], button, input, textarea, select, summary, [role='button'], [role='link'], [contenteditable]";

/** A point of the window as parts of it, and back, so that the bar stays in the window whatever its size. */
export const asParts = ({ x, y }: Point, size: Size, view: Size): Point => ({
  x: x / Math.max(1, view.width - size.width),
  y: y / Math.max(1, view.height - size.height),
});

export const fromParts = ({ x, y }: Point, size: Size, view: Size): Point => ({
  x: clamp(x * (view.width - size.width), view.width - size.width),
  y: clamp(y * (view.height - size.height), view.height - size.height),
});

export const clamp = (at: number, most: number): number => Math.max(0, Math.min(at, Math.max(0, most)));

/** The corners, those first that pages use least. One look at the page, when the bar comes. */
export function freeCorner(size: Size, view: Size, isOurs: (element: Element) => boolean): Point {
  const right = Math.max(0, view.width - size.width - EDGE);
  const low = Math.max(0, view.height - size.height - EDGE);
  const corners = [
    { x: Math.min(EDGE, right), y: low },
    { x: right, y: low },
    { x: right, y: Math.min(EDGE, low) },
    { x: Math.min(EDGE, right), y: Math.min(EDGE, low) },
  ];
  const counted = corners.map((corner) => ({ corner, under: pressedUnder(corner, size, isOurs) }));
  return counted.reduce((best, one) => (one.under < best.under ? one : best)).corner;
}

/** So fine is what lies under the bar looked at: a link in small print is not missed. */
const GRID = { x: 20, y: 12 }; // px

/** How many things that can be pressed lie under the bar. A whole post that is a link has room beside it. */
function pressedUnder({ x, y }: Point, { width, height }: Size, isOurs: (element: Element) => boolean): number {
  const found = new Set<Element>();
  for (let left = 0; left <= width; left += GRID.x) {
    for (let top = 0; top <= height; top += GRID.y) {
      const element = document.elementsFromPoint(x + left, y + top).find((one) => !isOurs(one));
      const pressed = element?.closest(PRESSED);
      if (pressed) found.add(pressed);
    }
  }
  return [...found].filter((one) => one.getBoundingClientRect().height <= 2 * height).length;
}
