/** The pictures attached to what is written in a box, and whether they have a description, as the adapter knows it. */
import type { Attached } from "../../sites/types";

/** What a box and its pictures stand in together reaches no further. */
const WHOLE = "dialog, [role='dialog'], form, article, main, body";
const FIELD = "textarea, input, [contenteditable='true']";

export interface Pictures {
  all: number;
  /** Without a description; null = the page does not say. */
  missing: number | null;
  /** The site's own button or field for the first description that is missing. */
  describe: HTMLElement | null;
  /** Addresses of pictures that lie on the web, not only in this page. */
  urls: string[];
}

export function picturesOf(root: Element, attached: Attached | undefined): Pictures | null {
  if (!attached) return null;
  const found = around(root, attached.picture);
  if (found.length === 0) return null;
  const { described, missing, describe } = attached;
  const tells = Boolean(described || missing);
  const has = (picture: Element, css: string) => picture.matches(css) || picture.querySelector(css) !== null;
  const bare = found.filter((picture) => (missing ? has(picture, missing) : !(described && has(picture, described))));
  const first = (tells ? bare[0] : found[0]) ?? null;
  return {
    all: found.length,
    missing: tells ? bare.length : null,
    describe: first && describe ? (first.querySelector<HTMLElement>(describe) ?? near(first, describe)) : null,
    urls: found.flatMap((picture) => urlsIn(picture)),
  };
}

/** Press the button, or write in the field. */
export function goTo(element: HTMLElement): void {
  if (element.matches(FIELD)) element.focus();
  else element.click();
}

function around(root: Element, css: string): Element[] {
  for (let at = root.parentElement; at; at = at.parentElement) {
    const found = [...at.querySelectorAll(css)];
    if (found.length > 0 || at.matches(WHOLE)) return found;
  }
  return [];
}

function near(picture: Element, css: string): HTMLElement | null {
  for (let at = picture.parentElement; at; at = at.parentElement) {
    const found = at.querySelector<HTMLElement>(css);
    if (found || at.matches(WHOLE)) return found;
  }
  return null;
}

function urlsIn(picture: Element): string[] {
  const images = picture instanceof HTMLImageElement ? [picture] : [...picture.querySelectorAll("img")];
  return images.map(({ currentSrc, src }) => currentSrc || src).filter((url) => /^https?:/.test(url));
}
