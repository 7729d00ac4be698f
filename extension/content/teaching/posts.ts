/** Which elements are posts, from one place that was pointed at: what repeats on the page and holds somebody's words. */
import { all, selectorsOf } from "./derive";

export interface Kind {
  css: string;
  elements: Element[];
  /** They stand inside each other, as comments and their answers do. */
  inner: boolean;
}

const MOST = 2000;

/** All that may be meant around `at`, the smallest first; each repeats on the page. */
export function kindsAround(at: Element): Kind[] {
  const kinds: Kind[] = [];
  for (let element: Element | null = at; element && element !== document.body; element = element.parentElement) {
    const kind = kindOf(element);
    if (kind) kinds.push(kind);
  }
  return kinds;
}

/** What this element is one of several of; null where there is no other. */
function kindOf(element: Element): Kind | null {
  let best: Kind | null = null;
  for (const css of selectorsOf(element, document.documentElement)) {
    const elements = all(css);
    if (elements.length < 2 || elements.length > MOST || !elements.includes(element)) continue;
    const alike = elements.filter((one) => one.localName === element.localName);
    if (alike.length !== elements.length) continue;
    const inner = elements.some((one) => one.parentElement?.closest(css));
    const kind = { css, elements, inner };
    // The first that finds others, unless its like outside of each other is found by another.
    if (!best || (best.inner && !inner && elements.length >= best.elements.length)) best = kind;
    if (!best.inner) return best;
  }
  return best;
}

/** Somebody, and somewhere to point to. */
const isWhole = (element: Element) =>
  element.querySelector("a[href], time") !== null && (element.textContent ?? "").trim().length > 15;

/** Each of the larger ones holds one of the smaller: two ways to say the same posts. */
const isSame = (smaller: Kind, larger: Kind) =>
  larger.elements.every((element) => smaller.elements.filter((one) => element.contains(one)).length === 1);

/** The one of `kinds` that is most like posts: whole ones, most often; of those that mean the same the largest. */
export function likeliest(kinds: readonly Kind[]): number {
  const whole = kinds.map(({ elements }) => elements.filter(isWhole).length / elements.length >= 0.6);
  const most = Math.max(0, ...kinds.filter((_, n) => whole[n]).map(({ elements }) => elements.length));
  let found = -1;
  for (const [n, kind] of kinds.entries()) {
    if (!whole[n] || kind.elements.length < most) continue;
    const before = kinds[found];
    if (!before || (isSame(before, kind) && (!kind.inner || before.inner))) found = n;
  }
  return found >= 0 ? found : kinds.length - 1;
}
