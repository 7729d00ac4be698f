/** Something that floats over the page beside its anchor, in the top layer, so that nothing of the page covers or cuts it. */
import { make } from "../dom";
import { type Box, float } from "./place";

export type Place = (size: { width: number; height: number }) => { x: number; y: number };

export class Float {
  readonly node = make("div", { class: "float", popover: "manual" });
  private place: Place = () => ({ x: 0, y: 0 });
  private stop: AbortController | null = null;
  private frame = 0;

  get isOpen(): boolean {
    return this.stop !== null;
  }

  /** Show `content` where `place` says, and keep it there while the page scrolls. */
  open(parent: Element, content: Element, place: Place): void {
    this.close();
    this.place = place;
    this.node.replaceChildren(content);
    parent.append(this.node);
    try {
      this.node.showPopover();
    } catch {
      this.node.removeAttribute("popover"); // without the top layer it still floats
    }
    this.stop = new AbortController();
    const options = { capture: true, passive: true, signal: this.stop.signal };
    const later = () => {
      this.frame ||= requestAnimationFrame(() => {
        this.frame = 0;
        this.move();
      });
    };
    window.addEventListener("scroll", later, options);
    window.addEventListener("resize", later, options);
    this.move();
  }

  move(): void {
    const content = this.node.firstElementChild as HTMLElement | null;
    if (!content || !this.stop) return;
    const { x, y } = this.place({ width: content.offsetWidth, height: content.offsetHeight });
    this.node.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  close(): void {
    this.stop?.abort();
    this.stop = null;
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.node.remove();
    this.node.replaceChildren();
  }
}

export const view = () => ({ width: document.documentElement.clientWidth || innerWidth, height: innerHeight });

/** Below (or above) whatever `anchor` gives. */
export function beside(anchor: () => Box, align: "left" | "right" = "left", gap = 4): Place {
  return (size) => float(anchor(), size, view(), align, gap);
}
