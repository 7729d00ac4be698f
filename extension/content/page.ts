/**
 * One page where we belong: what the background knows of it, and whether anything in it is for us: a post, a box that is
 * written in, something the person asked for. Until then nothing is drawn, and what draws is not even there (drawing/drawing.ts).
 */
import type { Inquiry, Push, Remembered } from "../shared/messages";
import { onInquiry, onPush, send } from "../shared/send";
import type { Site } from "../sites/types";
import { bring } from "./bring";
import type { Drawing } from "./drawing/drawing";
import { focused } from "./focused";
import { host, isMeant } from "./frame";
import { editorOf } from "./inserter/detect";
import { Later } from "./later";
import { whyNoMarks } from "./marks";
import { recall } from "./memory";
import { isAboutAccounts, onNavigate } from "./navigation";
import { Observer } from "./observer";
import { checkOrphaned, onOrphaned } from "./orphan";
import { readAccount } from "./reads";
import { whenSeen } from "./seen";
import { State } from "./state";
import { hasHosts } from "./toolbar/tag";

const SUCCESSOR = 3_000; // ms
/** Where what draws did not come, what is here is looked at again after this time, then after twice as long. */
const AGAIN = 2_000; // ms

export class Page {
  readonly #end = new AbortController();
  readonly #site: Site | null;
  readonly #state: State;
  readonly #observer = new Observer();
  readonly #drawing: Later<Drawing>;
  /** All posts that the adapter knows; "" where none get a mark. */
  readonly #posts: string;
  /** The background has said what it knows: nothing is drawn before. */
  #told = false;
  /** What the page before left to this one. */
  #left: Remembered | null = null;

  constructor(site: Site | null) {
    const { signal } = this.#end;
    this.#site = site;
    this.#state = new State(site?.id ?? host, () => (site ? readAccount(site).handle : ""));
    this.#posts = site?.variants.map(({ post }) => post.css).join() ?? "";
    this.#drawing = new Later(
      async () => {
        const made = new (await bring("drawing"))({
          site,
          state: this.#state,
          observer: this.#observer,
          left: this.#left,
          signal,
        });
        if (this.#told && !signal.aborted) made.show();
        return made;
      },
      (error) => this.#failed(error),
    );
    onOrphaned(() => this.#orphaned());
    signal.addEventListener(
      "abort",
      onPush((push) => this.#heard(push)),
    );
    signal.addEventListener(
      "abort",
      onInquiry((inquiry) => this.#tell(inquiry)),
    );
    this.#state.onChange(() => this.#show());
    onNavigate((before) => {
      if (isAboutAccounts(before) || isAboutAccounts(location.href)) this.#askAgain();
      whenSeen(this.#navigated);
    }, signal);
    document.addEventListener("focusin", (event) => this.#focused(event.composedPath()[0] ?? null), {
      capture: true,
      signal,
    });
    const scrolled = () => {
      if (checkOrphaned()) return;
      this.#observer.hurry();
      this.#drawing.made?.look([]);
    };
    document.addEventListener("scrollend", scrolled, { capture: true, passive: true, signal });
    addEventListener("focus", () => this.#observer.hurry(), { signal });
    this.#observer.onAdded((added) => !checkOrphaned() && this.#look(added));
  }

  /** `kept`: the page before left something to this one. */
  async start(kept: boolean): Promise<void> {
    this.#left = kept && this.#site ? await recall() : null;
    if (isAboutAccounts(document.referrer)) this.#askAgain();
    // A post is here: what draws on it comes while the background is asked.
    if (this.#posts && !whyNoMarks(this.#site, this.#state)) this.#look([document.documentElement]);
    await this.#state.refresh();
    this.#told = true;
    this.#show();
  }

  /** Where the page does not say who is logged in, what was said of it before holds no longer. */
  #askAgain(): void {
    const page = this.#state.page();
    if (!page.account) send("client.settle", { ...page, brand_id: "" }).catch(checkOrphaned);
  }

  /** `next`: another one takes over at once, and what was said stays said. */
  stop(next = false): void {
    this.#end.abort();
    this.#observer.stop();
    this.#drawing.made?.stop(next);
  }

  #orphaned(): void {
    this.stop();
    // After an update the new script comes by itself, where it is given time to: then there is nothing to say. Nor where
    // nothing of ours was to be seen.
    setTimeout(() => !hasHosts() && this.#drawing.made?.askToReload(), SUCCESSOR);
  }

  #show(): void {
    if (this.#end.signal.aborted) return;
    if (this.#drawing.made) this.#drawing.made.show();
    else if (this.#state.now.hidden) this.#observer.stop();
    else this.#await();
  }

  /** Nothing is drawn yet: is there anything to draw on, or when it comes? */
  #await(): void {
    const { pictures, paired } = this.#state.now;
    if (this.#left || (pictures && paired)) this.#draw();
    this.#focused(focused());
    if (this.#posts && !whyNoMarks(this.#site, this.#state)) this.#observer.start();
    else this.#observer.stop();
  }

  #failures = 0;
  readonly #again = () => this.#show();

  /** Without the part that draws there is nothing to tell the person with. */
  #failed(error: unknown): void {
    if (checkOrphaned(error)) return;
    console.info(`Entregent: ${String(error)}`);
    setTimeout(() => whenSeen(this.#again), AGAIN * 2 ** this.#failures++);
  }

  #draw(): void {
    if (!this.#drawing.coming) this.#drawing.use(() => {});
  }

  #look(added: Element[]): void {
    if (this.#drawing.made) this.#drawing.made.look(added);
    else if (added.some((one) => one.matches(this.#posts) || one.querySelector(this.#posts))) this.#draw();
  }

  #focused(target: EventTarget | null): void {
    if (this.#drawing.coming || this.#state.now.hidden || !(target instanceof Element) || !editorOf(target)) return;
    this.#draw();
  }

  readonly #navigated = () => {
    if (this.#end.signal.aborted) return;
    void this.#state.look();
    this.#observer.hurry();
    if (this.#drawing.made) this.#drawing.made.look([document.documentElement]);
    else this.#show();
  };

  readonly #refresh = () => void (this.#end.signal.aborted || this.#state.refresh());

  #heard(push: Push): void {
    if (!isMeant(push) || push.push === "page.kit.changed") return;
    if (push.push === "page.state.changed") whenSeen(this.#refresh);
    // That this tab is on no round is news only to who draws one.
    else if (push.push !== "round" || push.view || this.#drawing.coming) this.#drawing.use((made) => made.heard(push));
  }

  async #tell(inquiry: Inquiry): Promise<unknown> {
    return (await this.#drawing.get()).tell(inquiry);
  }
}
