/** Which elements are near the window: only there anything is drawn. */

const MARGIN = "200px 0px";

export class Viewport {
  readonly #inside = new Set<Element>();
  readonly #observer: IntersectionObserver;

  constructor(entered: (elements: Element[]) => void, left: (elements: Element[]) => void) {
    this.#observer = new IntersectionObserver(
      (entries) => {
        const came: Element[] = [];
        const went: Element[] = [];
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting === this.#inside.has(target)) continue;
          if (isIntersecting) this.#inside.add(target);
          else this.#inside.delete(target);
          (isIntersecting ? came : went).push(target);
        }
        if (came.length > 0) entered(came);
        if (went.length > 0) left(went);
      },
      { rootMargin: MARGIN },
    );
  }

  watch(element: Element): void {
    this.#observer.observe(element);
  }

  forget(element: Element): void {
    this.#observer.unobserve(element);
    this.#inside.delete(element);
  }

  /** The elements near the window now. */
  near(): ReadonlySet<Element> {
    return this.#inside;
  }

  stop(): void {
    this.#observer.disconnect();
    this.#inside.clear();
  }
}
