/** Something that floats over the page beside its anchor, in the top layer: nothing of the page covers or cuts it. */
import { make } from "./dom";
import { zoomOf } from "./host";
import { type Box, float } from "./place";

export type Place = (size: { width: number; height: number }) => { x: number; y: number };

export class Float {
  #node: HTMLElement | null = null;
  #place: Place = () => ({ x: 0, y: 0 });
  #end: AbortController | null = null;
  #frame = 0;

  /** Made when it is first opened: most posts never open theirs. */
  get node(): HTMLElement {
    this.#node ??= make("div", { class: "float", popover: "manual" });
    return this.#node;
  }

  get isOpen(): boolean {
    return this.#end !== null;
  }

  /**
   * Show `content` where `place` says, and keep it there while the page scrolls and while it grows. `left` is called
   * when the person presses somewhere else on the page.
   */
  open(parent: Element, content: Element, place: Place, left?: () => void): void {
    this.close();
    this.#place = place;
    this.node.replaceChildren(content);
    parent.append(this.node);
    try {
      this.node.showPopover();
    } catch {
      this.node.removeAttribute("popover"); // without the top layer it still floats
    }
    this.#end = new AbortController();
    const { signal } = this.#end;
    const options = { capture: true, passive: true, signal };
    const later = () => {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        this.move();
      });
    };
    addEventListener("scroll", later, options);
    addEventListener("resize", later, options);
    const { host } = parent.getRootNode() as ShadowRoot;
    if (left) addEventListener("pointerdown", ({ target }) => target !== host && left(), options);
    const sizes = new ResizeObserver(later);
    sizes.observe(content);
    signal.onabort = () => sizes.disconnect();
    this.move();
  }

  move(): void {
    const content = this.node.firstElementChild as HTMLElement | null;
    if (!content || !this.#end) return;
    const zoom = zoomOf(this.node);
    const { x, y } = this.#place({ width: content.offsetWidth * zoom, height: content.offsetHeight * zoom });
    this.node.style.transform = `translate(${Math.round(x / zoom)}px, ${Math.round(y / zoom)}px)`;
  }

  close(): void {
    if (!this.#end) return;
    this.#end.abort();
    this.#end = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.node.remove();
    this.node.replaceChildren();
  }
}

export const windowSize = () => ({ width: document.documentElement.clientWidth || innerWidth, height: innerHeight });

/** Below (or above) whatever `anchor` gives. */
export function beside(anchor: () => Box, align: "left" | "right" = "left", gap = 6): Place {
  return (size) => float(anchor(), size, windowSize(), align, gap);
}
