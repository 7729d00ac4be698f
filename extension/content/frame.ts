/** Where this script runs: in the page itself, or in a frame of it. */
import type { Push } from "../shared/messages";

/** A frame smaller than this holds nothing that one answers: pixels, buttons, advertising. */
const SMALL = { width: 200, height: 100 }; // px

export const isTop = window === window.top;

/** The host whose page this is; a frame that has no address of its own belongs to who wrote it. "" = nobody can tell. */
export const host = location.hostname || (URL.canParse(origin) ? new URL(origin).hostname : "");

const isSmall = () => !isTop && (innerWidth < SMALL.width || innerHeight < SMALL.height);

/** Resolves at once in a page, in a frame when it is large enough to be written in. */
export function whenLarge(): Promise<void> {
  if (!isSmall()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (isSmall()) return;
      removeEventListener("resize", look);
      resolve();
    };
    addEventListener("resize", look, { passive: true });
  });
}

/** What the background says to a tab every frame of it hears. One acts: the page, for the keys the frame that has them. */
export function isMeant({ push }: Push): boolean {
  if (push === "page.state.changed" || push === "page.kit.changed") return true;
  if (push !== "toolbar.focus") return isTop;
  const at = document.activeElement;
  if (isTop) return !(at instanceof HTMLIFrameElement && at.contentDocument);
  return document.hasFocus() && !(at instanceof HTMLIFrameElement);
}
