/** What the background knows for this page, kept and shared: asked once, asked again when it says so. */
import type { OfPage, PageState } from "../shared/messages";
import { send } from "../shared/send";
import { plainAddress } from "./address";
import { host } from "./frame";
import { useKeys } from "./keys";
import { speak } from "./kit";
import { checkOrphaned } from "./orphan";

const UNKNOWN: PageState = {
  paired: true,
  reachable: false,
  hidden: false,
  brand: null,
  handle: "",
  whose: "unread",
  among: [],
  language: navigator.language.startsWith("fr") ? "fr" : "en",
  confirmed: false,
  pictures: false,
  mentions: {},
  keywords: [],
  keys: { reply: "", shorten: "", choose: "123456789", search: "/" },
};

type KnownMention = PageState["mentions"][string];

export class State {
  now: PageState = UNKNOWN;
  /** Grows with every change: what was drawn for another one is out of date. */
  version = 0;
  #byAddress = new Map<string, KnownMention>();
  readonly #listeners = new Set<() => void>();

  readonly #network: string;
  readonly #account: () => string;
  /** Who was logged in when the background was asked last. */
  #told = "";
  /** Grows with every question; the answer to an older one counts no more. */
  #turn = 0;
  #asking: Promise<void> = Promise.resolve();

  /** `account` reads from the page who is logged in on it, "" = it does not say. */
  constructor(network: string, account: () => string) {
    this.#network = network;
    this.#account = account;
  }

  /** The page as it is this moment. */
  page(): OfPage {
    return { host, network: this.#network, account: this.#account() };
  }

  /** For asks that belong to the brand of this page. */
  of(): { brand_id?: string } {
    return this.now.brand ? { brand_id: this.now.brand.id } : {};
  }

  /** Somebody else may be logged in by now: where it is so, the brand of this page is asked for again. */
  async look(): Promise<void> {
    if (this.#account() !== this.#told) await this.refresh();
  }

  /** Ask the background; tells the listeners when anything differs. Whoever is overtaken waits for the newer answer. */
  refresh(): Promise<void> {
    this.#asking = this.#ask();
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const turn = ++this.#turn;
    const page = this.page();
    this.#told = page.account;
    try {
      const next = await send("page.state", page);
      if (turn !== this.#turn) return this.#asking;
      await speak(next.language);
      if (turn !== this.#turn) return this.#asking;
      this.#set(next);
    } catch (error) {
      if (turn !== this.#turn) return this.#asking;
      this.#told = ""; // to be asked again
      if (!checkOrphaned(error)) this.#set({ ...this.now, reachable: false });
    }
  }

  #set(next: PageState): void {
    if (JSON.stringify(next) === JSON.stringify(this.now)) return;
    this.now = next;
    useKeys(next.keys);
    this.#byAddress = new Map(Object.entries(next.mentions).map(([url, mention]) => [plainAddress(url), mention]));
    this.version++;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The mention of a post's address, if it is in the inbox. */
  mentionAt(url: string): KnownMention | null {
    return this.#byAddress.get(plainAddress(url)) ?? null;
  }

  /** What we just did ourselves, before the server's news of it comes back. */
  note(url: string, mention: KnownMention): void {
    this.#byAddress.set(plainAddress(url), mention);
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
