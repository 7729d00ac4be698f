/**
 * The name of our elements in a page: an undefined element, since content scripts have no custom elements in Chromium.
 * By it every part of ours knows what is ours, whichever version of us drew it.
 */

export const TAG = "entregent-bar";

export function isOurs(element: Element): boolean {
  return element.localName === TAG;
}

/** Takes away what an earlier version of ours left in the page. */
export function removeLeftovers(): void {
  for (const node of document.querySelectorAll(TAG)) node.remove();
}

/** Whether anything of ours stands here. */
export function hasHosts(): boolean {
  return document.querySelector(TAG) !== null;
}
