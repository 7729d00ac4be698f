/**
 * The one MutationObserver: it only queues what is added; the queue is looked through once per animation frame at most,
 * and not at all while the tab is hidden. Where a page changes all the time and nothing in it is for us, the pauses grow.
 * Each listener is isolated: one that throws stops nobody else.
 */
import { isSeen } from "./seen";
import { isOurs } from "./toolbar/tag";

export type Added = (added: Element[]) => void;

/** So many fruitless flushes in a row are each frame's; from then on the pause between them doubles every few. */
const PATIENCE = 30;
const FIRST_PAUSE = 50; // ms
const DOUBLES_EVERY = 4;
const LONGEST_PAUSE = 2000; // ms: so late a new post may get its mark on such a page

export class Observer {
  readonly #queue = new Set<Element>();
  readonly #listeners = new Set<Added>();
  readonly #observer = new MutationObserver((records) => this.#note(records));
  readonly #seen = () => (isSeen() ? this.#observe() : this.#rest());
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fruitless = 0;

  /** Begin with all that is there. */
  start(): void {
    document.addEventListener("visibilitychange", this.#seen);
    this.#seen();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    this.#rest();
  }

  #observe(): void {
    this.#observer.observe(document.documentElement, { childList: true, subtree: true });
    this.#queue.add(document.documentElement);
    this.hurry();
  }

  #rest(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = undefined;
    this.#queue.clear();
  }

  /** Called once per flush with what was added, connected and outside editors. Returns how to stop. */
  onAdded(listener: Added): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A listener found something of use: go on as fast as frames are drawn. */
  found(): void {
    this.#fruitless = 0;
  }

  /** The person did something (went elsewhere, scrolled, came back): what waits is looked through now. */
  hurry(): void {
    this.#fruitless = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#queue.size > 0) this.#wake();
  }

  #note(records: MutationRecord[]): void {
    for (const { addedNodes, target } of records) {
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE || isOurs(node as Element)) continue;
        // Typing makes editors rebuild their insides all the time.
        if ((target as HTMLElement).isContentEditable) break;
        this.#queue.add(node as Element);
      }
    }
    if (this.#queue.size > 0) this.#wake();
  }

  #wake(): void {
    if (this.#frame || this.#timer) return;
    const more = this.#fruitless - PATIENCE;
    const pause = more < 0 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (more / DOUBLES_EVERY));
    const flush = () => {
      this.#timer = undefined;
      this.#frame = requestAnimationFrame(() => this.#flush());
    };
    if (pause === 0) flush();
    else this.#timer = setTimeout(flush, pause);
  }

  #flush(): void {
    this.#frame = 0;
    const added = [...this.#queue].filter((element) => element.isConnected);
    this.#queue.clear();
    if (added.length === 0) return;
    this.#fruitless++;
    if (__TEST__) performance.mark("entregent:flush");
    for (const listener of this.#listeners) {
      try {
        listener(added);
      } catch (error) {
        console.error("Entregent:", error);
      }
    }
    if (__TEST__) performance.measure("entregent:flush", "entregent:flush");
  }
}
