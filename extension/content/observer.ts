/**
 * The one MutationObserver: it only queues what is added; the queue is looked through once per animation frame, so
 * never while the tab is hidden. Each listener is isolated: one that throws stops nobody else.
 */
import { isOurs } from "./toolbar/host";

export type Added = (added: Element[]) => void;

/** Looking at changes is given up after so many fruitless flushes in a row: this page has nothing for us. */
const PATIENCE = 600;

export class Observer {
  readonly #queue = new Set<Element>();
  readonly #listeners = new Set<Added>();
  readonly #observer = new MutationObserver((records) => this.#note(records));
  #frame = 0;
  #fruitless = 0;

  /** Begin with all that is there. */
  start(): void {
    this.#fruitless = 0;
    this.#observer.observe(document.documentElement, { childList: true, subtree: true });
    this.#queue.add(document.documentElement);
    this.#wake();
  }

  stop(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#queue.clear();
  }

  /** Called once per frame with what was added, connected and outside editors. Returns how to stop. */
  onAdded(listener: Added): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A listener found something of use: go on. */
  found(): void {
    this.#fruitless = 0;
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
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = 0;
    const added = [...this.#queue].filter((element) => element.isConnected);
    this.#queue.clear();
    if (added.length === 0) return;
    this.#fruitless++;
    if (this.#fruitless > PATIENCE) {
      this.stop();
      return;
    }
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
