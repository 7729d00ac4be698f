/** Frames around things of the page, with a word at each: over the page, never in it, and never in the way of a click. */
import { make } from "../toolbar/dom";
import { type Host, makeHost, pageRoot } from "../toolbar/host";
import { themeAt } from "../toolbar/theme";

export interface Framed {
  element: Element;
  /** "" = none. */
  words: string;
  look: "good" | "warn" | "plain";
}

export class Frames {
  readonly #host: Host = makeHost("over");
  #all: { frame: HTMLElement; element: Element }[] = [];
  #frame = 0;
  readonly #end = new AbortController();

  constructor() {
    this.#host.body.className = `en ${themeAt(document.body ?? document.documentElement)}`;
    const options = { capture: true, passive: true, signal: this.#end.signal };
    const later = () => {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.#move();
      });
    };
    addEventListener("scroll", later, options);
    addEventListener("resize", later, options);
  }

  /** These and no others. */
  show(all: readonly Framed[]): void {
    pageRoot().append(this.#host.node);
    this.#all = all.map(({ element, words, look }) => {
      const frame = make("div", { class: `frame ${look}` }, words ? make("span", { text: words }) : null);
      return { frame, element };
    });
    this.#host.body.replaceChildren(...this.#all.map(({ frame }) => frame));
    this.#move();
  }

  /** All measured, then all moved. */
  #move(): void {
    const boxes = this.#all.map(({ element }) => element.getBoundingClientRect());
    for (const [n, { frame }] of this.#all.entries()) {
      const { left, top, width, height, bottom } = boxes[n]!;
      const seen = width > 0 && height > 0 && bottom > 0 && top < innerHeight;
      frame.hidden = !seen;
      if (!seen) continue;
      frame.style.transform = `translate(${left}px, ${top}px)`;
      frame.style.width = `${width}px`;
      frame.style.height = `${height}px`;
      // The word stands inside where the frame begins above the window.
      frame.classList.toggle("inside", top < 22);
    }
  }

  end(): void {
    this.#end.abort();
    cancelAnimationFrame(this.#frame);
    this.#host.node.remove();
  }
}
