/** The boxes that replies are written in: which one answers a post, and how to open it. */
import type { Composer, Owner, Site } from "../../sites/types";
import type { Known, Posts } from "../drawing/posts";
import { handleOf, parentOf, replyButtonOf } from "../drawing/read";
import { type Editor, editorOf, visibleText } from "../inserter/detect";
import { isVisible, wait, waitFor } from "../toolbar/dom";

const PATIENCE = 5_000; // ms until the site's box is there
const SETTLE = 150; // ms in which sites put @handles into a box they opened

export interface Box {
  element: HTMLElement;
  composer: Composer;
}

/** All boxes one can see, each as the first composer that it matches. */
export function boxesOf(site: Site): Box[] {
  const found = new Map<HTMLElement, Composer>();
  for (const composer of site.composers) {
    for (const element of document.querySelectorAll<HTMLElement>(composer.css)) {
      if (!found.has(element) && isVisible(element)) found.set(element, composer);
    }
  }
  return [...found].map(([element, composer]) => ({ element, composer }));
}

const idOf = (known: Known) => known.key.split(" ").at(-1) ?? "";

const DIALOG = "dialog, [role='dialog'], [role='alertdialog'], [aria-modal='true']";

/** The post that a box certainly answers by one of the adapter's words; `pressed` is never certain (see owners.ts). */
export function ownerBy(word: Owner, { element, composer }: Box, posts: Posts): Known | null {
  const all = () => posts.all();
  if (word === "inside") return posts.around(element);
  if (word === "first" || word === "any") return all()[0] ?? null;
  if (word === "form") {
    const parent = parentOf(element, composer);
    return (parent && all().find((known) => idOf(known) === parent)) || null;
  }
  if (word === "dialog") {
    const dialog = element.closest(DIALOG);
    return (dialog && all().find((known) => dialog.contains(known.element))) ?? null;
  }
  if (word === "before") {
    const above = (known: Known) => known.element.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING;
    return all().findLast(above) ?? null;
  }
  return null;
}

/** A box that certainly answers this post: it stands in it, or its form names it, or … as the adapter says. */
export function boxFor(site: Site, known: Known, posts: Posts): Editor | null {
  const box = boxesOf(site).find((one) => {
    const words = one.composer.owner;
    return words.some((word) => word === "any" || ownerBy(word, one, posts) === known);
  });
  return box ? editorOf(box.element) : null;
}

/** Whether pressing the site's reply button loads another page. */
function leaves(button: HTMLElement): boolean {
  if (!(button instanceof HTMLAnchorElement) || !button.href) return false;
  const there = new URL(button.href);
  if (!/^https?:$/.test(there.protocol)) return false; // a link that only a script answers
  return there.pathname + there.search !== location.pathname + location.search;
}

/**
 * The box that answers `known`, opened by the site's own button where it is not there. "leaving" when that button loads
 * another page: `before` is called first. Null when no box came.
 */
export async function openBox(
  site: Site,
  known: Known,
  posts: Posts,
  before: () => Promise<void>,
): Promise<Editor | "leaving" | null> {
  const open = boxFor(site, known, posts);
  if (open) return open;
  const button = replyButtonOf(known.element, known.variant);
  if (!button) return null;
  if (leaves(button)) {
    await before();
    button.click();
    return "leaving";
  }
  const there = new Set(boxesOf(site).map(({ element }) => element));
  button.click();
  const handle = handleOf(known.element, known.variant).replace(/^@/, "");
  const editor = await waitFor(() => {
    const own = boxFor(site, known, posts);
    if (own) return own;
    for (const { element, composer } of boxesOf(site)) {
      const found = editorOf(element);
      if (!found) continue;
      const answers = composer.answering
        ? document.querySelector(composer.answering) !== null || visibleText(found).includes(`@${handle}`)
        : !there.has(element) || found.root.contains(document.activeElement);
      if (answers) return found;
    }
    return null;
  }, PATIENCE);
  await wait(SETTLE);
  return editor;
}
