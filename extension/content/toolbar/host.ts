/**
 * Our elements in a page: a host whose looks the page cannot touch, a shadow root, and events that stay inside.
 * Nothing of ours is ever put into an editor.
 */

import { make } from "./dom";
import { TAG } from "./tag";

/** Events that a page must not hear of: its keys would act, its posts would open, its dialogs would steal the focus. */
const PRIVATE = [
  ..."keydown keypress keyup beforeinput input change paste copy cut compositionstart compositionend".split(" "),
  ..."focusin focusout click dblclick auxclick contextmenu mousedown mouseup mouseover mouseout".split(" "),
  ..."pointerdown pointerup pointerover pointerout touchstart touchend wheel dragstart drop selectstart".split(" "),
];

export interface Host {
  node: HTMLElement;
  /** What is drawn goes in here: it carries tokens and theme. */
  body: HTMLElement;
}

/** Our roots, which stay closed to everybody else. */
const roots = new WeakMap<Element, ShadowRoot>();

/** The shadow root of something of ours; undefined for all others, and for what an earlier version of us left. */
export const rootOf = (node: Element): ShadowRoot | undefined => roots.get(node);

let looks = "";
let sheet: CSSStyleSheet | null | undefined;

/** The style sheet of all that is drawn from now on. */
export function setLooks(css: string): void {
  looks = css;
}

function dress(root: ShadowRoot): void {
  if (sheet === undefined) {
    try {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(looks);
    } catch {
      sheet = null;
    }
  }
  try {
    if (sheet) {
      root.adoptedStyleSheets = [sheet];
      return;
    }
  } catch {
    sheet = null;
  }
  root.append(make("style", { text: looks }));
}

/**
 * A host of ours, not yet in the page: in a post, of no size and not seen until it is moved to its place; or over the
 * page. Its looks are important rules of the shadow root, which beat all rules of the page and its style attribute.
 * Only a host that the person comes near to gets ears: most never do. `near` is called then, once.
 */
export function makeHost(kind: "post" | "over", near?: (event: Event) => void): Host {
  const node = document.createElement(TAG);
  if (kind === "over") node.className = kind;
  const root = node.attachShadow({ mode: __TEST__ ? "open" : "closed" });
  roots.set(node, root);
  dress(root);
  const body = make("div", { class: "en" });
  root.append(body);
  const wake = (event: Event) => {
    body.removeEventListener("pointerover", wake, true);
    body.removeEventListener("focusin", wake, true);
    for (const type of PRIVATE) root.addEventListener(type, stop);
    near?.(event);
  };
  body.addEventListener("pointerover", wake, true);
  body.addEventListener("focusin", wake, true);
  return { node, body };
}

const stop = (event: Event) => event.stopPropagation();

/** The pointer or the keys are on it. Asked of what is drawn: what floats in the top layer hovers nothing behind it. */
export function isUsed({ body }: Host): boolean {
  return body.querySelector(":hover, :focus") !== null;
}

/** How much the page's own styles enlarge what stands in `node`: distances on the screen are so many of its px. */
export function zoomOf(node: Element): number {
  return (node as { currentCSSZoom?: number }).currentCSSZoom || 1;
}

/** Where to put what belongs to the whole page: inside the open dialog around `near`, else at the end of the page. */
export function pageRoot(near?: Element | null): Element {
  const dialog = near?.closest("dialog") ?? document.querySelector("dialog:modal");
  return dialog ?? document.documentElement;
}
