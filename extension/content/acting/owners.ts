/** Which post a box answers, as the adapter's words say. */
import type { Site } from "../../sites/types";
import type { Known, Posts } from "../drawing/posts";
import { type Box, boxesOf, ownerBy } from "./boxes";

/** A box that nobody was seen to open answers the post whose reply button was pressed so shortly before. */
const FRESH = 10_000; // ms

interface Pressed {
  known: Known;
  at: number;
}

export class Owners {
  readonly #site: Site;
  #pressed: Pressed | null = null;
  readonly #bound = new WeakMap<Element, Pressed>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** The site's own reply button was pressed on this post. */
  press(known: Known): void {
    this.#pressed = { known, at: performance.now() };
  }

  /** The post that the editor with this root answers; null when it answers none, or nobody can tell. */
  of(root: Element, posts: Posts): Known | null {
    const box = boxesOf(this.#site).find(({ element }) => element === root || element.contains(root));
    if (!box) return null;
    for (const word of box.composer.owner) {
      const known = word === "pressed" ? this.#pressedFor(box) : ownerBy(word, box, posts);
      if (known) return known;
    }
    return null;
  }

  /** Said by the page itself (`answering`), or pressed just before; once told, a box keeps its post. */
  #pressedFor({ element, composer }: Box): Known | null {
    const { answering } = composer;
    const pressed = this.#pressed;
    if (answering)
      return pressed?.known.element.isConnected && document.querySelector(answering) ? pressed.known : null;
    const bound = this.#bound.get(element);
    if (pressed && performance.now() - pressed.at < FRESH && pressed.at > (bound?.at ?? 0)) {
      this.#bound.set(element, pressed);
      return pressed.known;
    }
    return bound?.known.element.isConnected ? bound.known : null;
  }
}
