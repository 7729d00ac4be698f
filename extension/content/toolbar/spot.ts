/** Finds room beside a text box where nothing of the page would be covered. */
import { isOurs } from "./tag";

const GAP = 4; // px
/** Nothing that one presses is narrower. */
const STEP = 24; // px
const CONTROL =
  "a, button, input, textarea, select, label, img, svg, video, [role='button'], [role='link'], [tabindex]";
const NEVER_GROUND = "button, input, textarea, select, img, svg, video";

/**
 * Where something of this size may stand without covering a control or a word: below the box at its right or left end.
 * As an offset from the box's left lower corner; null when there is no such place.
 */
export function findSpot(
  box: Element,
  { width, height }: { width: number; height: number },
): { x: number; y: number } | null {
  const { left, right, bottom } = box.getBoundingClientRect();
  for (const x of [right - width, left]) {
    if (x < 0 || x + width > document.documentElement.clientWidth || bottom + GAP + height > innerHeight) continue;
    if (isFree(x, bottom + GAP, width, height, box)) return { x: x - left, y: GAP };
  }
  return null;
}

/** Whether nothing that one reads or presses stands there, but for `box` and what it stands in. */
export function isFree(x: number, y: number, width: number, height: number, box?: Element): boolean {
  const steps = Math.max(4, Math.ceil(width / STEP));
  for (let n = 0; n <= steps; n++) {
    const dx = 2 + ((width - 4) * n) / steps;
    for (const dy of [2, height / 2, height - 2]) {
      const hit = document.elementsFromPoint(x + dx, y + dy).find((one) => !isOurs(one));
      if (!hit) continue;
      if (box?.contains(hit)) return false;
      const control = hit.closest(CONTROL);
      // A whole post may be one big link: what is as wide as that is ground, not a button.
      const ground = control && control.clientWidth >= 2 * width && !control.matches(NEVER_GROUND);
      if (control && !control.contains(box ?? null) && !ground) return false;
      if (holdsWordsAt(hit, x, y, width, height)) return false;
    }
  }
  return true;
}

/** Whether text directly in this element lies where we would stand. */
function holdsWordsAt(element: Element, x: number, y: number, width: number, height: number): boolean {
  const range = document.createRange();
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !(node as Text).data.trim()) continue;
    range.selectNode(node);
    for (const box of range.getClientRects()) {
      if (box.left < x + width && box.right > x && box.top < y + height && box.bottom > y) return true;
    }
  }
  return false;
}
