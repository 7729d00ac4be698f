/**
 * What is new on a page since the last visit: a thin mark beside each new post, and one line below the last of them,
 * above the first that was known. Drawn over the page: it moves nothing, and no click ends in it.
 */

import { keyOf } from "../drawing/read";
import { make } from "../toolbar/dom";
import { type Host, makeHost, pageRoot } from "../toolbar/host";
import { themeAt } from "../toolbar/theme";
import type { InSight } from "./in_sight";
import { dress } from "./looks";

/** A site that puts another post into the same element is noticed within this time. */
const RECHECK = 400; // ms

interface Drawn {
  element: Element;
  node: HTMLElement;
  /** Still the post it was drawn for. */
  holds: () => boolean;
  line: boolean;
}

export class NewLine {
  readonly #host: Host = makeHost("over");
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #all: Drawn[] = [];
  #frame = 0;

  constructor() {
    dress(this.#host);
    const options = { capture: true, passive: true, signal: this.#end.signal };
    const later = () => {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.#move();
      });
    };
    addEventListener("scroll", later, options);
    addEventListener("resize", later, options);
    this.#timer = setInterval(() => document.visibilityState === "visible" && this.#all.length > 0 && later(), RECHECK);
  }

  /** `fresh[n]`: nobody knew `posts[n]` before this visit. `words` stand at the line; without them there is none. */
  show(posts: readonly InSight[], fresh: readonly boolean[], words: string): void {
    pageRoot().append(this.#host.node);
    this.#host.body.className = `en ${themeAt(document.body ?? document.documentElement)}`;
    this.#all = posts.flatMap((one, n) => (fresh[n] ? [drawnAt(one, false)] : []));
    const last = fresh.lastIndexOf(true);
    const known = posts[fresh.indexOf(false, last + 1)];
    if (words && known && fresh.indexOf(false, last + 1) > last) this.#all.push(drawnAt(known, true, words));
    this.#host.body.replaceChildren(...this.#all.map(({ node }) => node));
    this.#move();
  }

  clear(): void {
    this.#all = [];
    this.#host.body.replaceChildren();
  }

  /** All measured, then all moved. */
  #move(): void {
    const seen = this.#all.map(({ element, holds }) =>
      element.isConnected && holds() ? element.getBoundingClientRect() : null,
    );
    for (const [n, { node, line }] of this.#all.entries()) {
      const box = seen[n];
      const shown = box && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
      node.hidden = !shown;
      if (!shown) continue;
      node.style.transform = `translate(${Math.max(0, box.left)}px, ${box.top}px)`;
      if (line) node.style.width = `${box.width}px`;
      else node.style.height = `${box.height}px`;
    }
  }

  end(): void {
    this.#end.abort();
    clearInterval(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#host.node.remove();
  }
}

function drawnAt({ element, variant }: InSight, line: boolean, words = ""): Drawn {
  const key = keyOf(element, variant);
  const node = line ? make("div", { class: "known" }, make("span", { text: words })) : make("div", { class: "fresh" });
  return { element, node, line, holds: () => keyOf(element, variant) === key };
}
