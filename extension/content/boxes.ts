/** The boxes that replies are written in: which one answers a post, and how to open it. */
import type { Composer, Site } from "../sites/types";
import { isVisible, wait, waitFor } from "./dom";
import { type Editor, editorOf, visibleText } from "./inserter/detect";
import type { Known } from "./posts";
import { handleOf, parentOf, replyButtonOf } from "./read";

const PATIENCE = 5_000; // ms until the site's box is there
const SETTLE = 150; // ms in which sites put @handles into a box they opened

interface Box {
  element: HTMLElement;
  composer: Composer;
}

/** All boxes one can see. */
export function boxesOf(site: Site): Box[] {
  return site.composers.flatMap((composer) =>
    [...document.querySelectorAll<HTMLElement>(composer.css)]
      .filter(isVisible)
      .map((element) => ({ element, composer })),
  );
}

const idOf = (known: Known) => known.key.split(" ").at(-1) ?? "";

/** A box that certainly answers this post: it stands in the post, or its form names it. */
export function boxFor(site: Site, known: Known): Editor | null {
  const box = boxesOf(site).find(
    ({ element, composer }) => known.element.contains(element) || parentOf(element, composer) === idOf(known),
  );
  return box ? editorOf(box.element) : null;
}

/** Whether pressing the site's reply button loads another page. */
function leaves(button: HTMLElement): boolean {
  if (!(button instanceof HTMLAnchorElement) || !button.href) return false;
  const there = new URL(button.href);
  return there.pathname + there.search !== location.pathname + location.search;
}

/**
 * The box that answers `known`, opened by the site's own button where it is not there. "leaving" when that button loads
 * another page: `before` is called first. Null when no box came.
 */
export async function openBox(site: Site, known: Known, before: () => void): Promise<Editor | "leaving" | null> {
  const open = boxFor(site, known);
  if (open) return open;
  const button = replyButtonOf(known.element, known.variant);
  if (!button) return null;
  if (leaves(button)) {
    before();
    button.click();
    return "leaving";
  }
  const there = new Set(boxesOf(site).map(({ element }) => element));
  button.click();
  const handle = handleOf(known.element, known.variant).replace(/^@/, "");
  const editor = await waitFor(() => {
    const own = boxFor(site, known);
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
