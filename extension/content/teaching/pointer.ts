/**
 * Pointing at something on the page, by mouse, finger or keys, while the page itself hears nothing of it: no link is
 * followed and no button pressed by who only points.
 */
import { isOurs } from "../toolbar/tag";

const SILENT = "pointerdown pointerup mousedown mouseup click dblclick auxclick contextmenu touchstart touchend".split(
  " ",
);

export interface Pointed {
  /** Something else is under the pointer, or chosen by the arrow keys. */
  over(element: Element): void;
  picked(element: Element): void;
  cancelled(): void;
}

export class Pointer {
  readonly #end = new AbortController();
  readonly #heard: Pointed;
  #at: Element | null = null;

  constructor(heard: Pointed) {
    this.#heard = heard;
    const options = { capture: true, signal: this.#end.signal };
    addEventListener("pointermove", (event) => this.#moved(event), { ...options, passive: true });
    for (const type of SILENT) addEventListener(type, (event) => this.#silence(event), { ...options, passive: false });
    addEventListener("keydown", (event) => this.#key(event), options);
  }

  /** Begin with the keys, at what stands in the middle of the window. */
  useKeys(): void {
    (document.activeElement as HTMLElement | null)?.blur();
    const middle = document.elementsFromPoint(innerWidth / 2, innerHeight / 3).find((one) => !isOurs(one));
    this.#over(middle ?? document.body);
  }

  #over(element: Element): void {
    if (element === this.#at || element === document.documentElement) return;
    this.#at = element;
    this.#heard.over(element);
  }

  #moved(event: PointerEvent): void {
    const { target } = event;
    if (target instanceof Element && !isOurs(target)) this.#over(target);
  }

  #silence(event: Event): void {
    const target = event.composedPath().find((one) => one instanceof Element);
    if (!(target instanceof Element) || event.composedPath().some((one) => one instanceof Element && isOurs(one)))
      return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== "click") return;
    // A finger comes without moving first.
    this.#at = target;
    this.#heard.picked(target);
  }

  #key(event: KeyboardEvent): void {
    if (event.composedPath().some((one) => one instanceof Element && isOurs(one))) return;
    if (event.key === "Escape") {
      this.#take(event, () => this.#heard.cancelled());
      return;
    }
    const at = this.#at;
    if (!at?.isConnected) return;
    const step: Record<string, Element | null> = {
      ArrowUp: at.parentElement,
      ArrowDown: at.firstElementChild,
      ArrowLeft: at.previousElementSibling,
      ArrowRight: at.nextElementSibling,
    };
    if (event.key === "Enter") this.#take(event, () => this.#heard.picked(at));
    else if (event.key in step) {
      const to = step[event.key];
      this.#take(event, () => {
        if (!to || isOurs(to)) return;
        to.scrollIntoView({ block: "nearest" });
        this.#over(to);
      });
    }
  }

  #take(event: KeyboardEvent, run: () => void): void {
    event.preventDefault();
    event.stopImmediatePropagation();
    run();
  }

  end(): void {
    this.#end.abort();
  }
}
