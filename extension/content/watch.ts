/**
 * After an insertion: the person presses Send, the site shows the new post, and the mention is replied. Until then it
 * stays open. Nothing is sent by us.
 */
import type { PagePost } from "../shared/messages";
import { send } from "../shared/send";
import type { Site } from "../sites/types";
import { type Editor, visibleText } from "./inserter/detect";
import { recall, remember } from "./memory";
import { checkOrphaned } from "./orphan";
import type { Known } from "./posts";
import { handleOf } from "./read";
import { isSameText, plainAddress } from "./text";

const PATIENCE = 15 * 60_000; // ms in which a reply may be finished
const RELOAD = 2 * 60_000; // ms between Send and the page that shows the new post

export interface Inserted {
  post: PagePost;
  text: string;
  suggestions_id: string;
  reply_id: string;
  brand_id: string;
  editor: Editor | null;
}

interface Expected extends Omit<Inserted, "post" | "editor"> {
  url: string;
  editor: Editor | null;
  at: number;
  sent: boolean;
  /** Posts that were there before cannot be the new one. */
  before: Set<string>;
}

const FIELDS = ["url", "text", "suggestions_id", "reply_id", "brand_id"] as const;

export class Watch {
  #waiting: Expected[] = [];

  readonly #site: Site;
  readonly #handle: () => string;
  readonly #replied: (url: string) => void;

  constructor(site: Site, handle: () => string, replied: (url: string) => void, signal: AbortSignal) {
    this.#site = site;
    this.#handle = handle;
    this.#replied = replied;

    const options = { capture: true, signal };
    document.addEventListener("click", (event) => this.#pressed(event), options);
    document.addEventListener("submit", () => this.#sending(), options);
    document.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.#sending(),
      options,
    );
    const kept = recall("sent", RELOAD, FIELDS);
    if (kept) this.#waiting.push({ ...kept, editor: null, at: Date.now(), sent: true, before: new Set() });
  }

  /** Our text is in a box now; `before` are the keys of the posts on the page. */
  expect({ post, ...inserted }: Inserted, before: string[]): void {
    if (!post.url) return;
    this.#waiting = this.#waiting.filter(({ url }) => url !== post.url);
    this.#waiting.push({ ...inserted, url: post.url, at: Date.now(), sent: false, before: new Set(before) });
  }

  #pressed(event: Event): void {
    const at = event.target instanceof Element ? event.target : null;
    if (at && this.#site.submit.some(({ css }) => at.closest(css))) this.#sending();
  }

  /** The person is sending: what stands in the box now is what they say. */
  #sending(): void {
    for (const expected of this.#waiting) {
      if (expected.sent || !expected.editor?.root.isConnected) continue;
      const text = visibleText(expected.editor).trim();
      if (!text) continue;
      expected.text = text;
      expected.sent = true;
      const { url, suggestions_id, reply_id, brand_id } = expected;
      remember("sent", { url, text, suggestions_id, reply_id, brand_id });
    }
  }

  /** A post that came onto the page: is it what was sent? */
  async seen(known: Known, read: () => PagePost): Promise<void> {
    if (this.#waiting.length === 0) return;
    const now = Date.now();
    this.#waiting = this.#waiting.filter(({ at }) => now - at < PATIENCE);
    const { key, element, variant } = known;
    const post = read();
    const said = this.#waiting.find(
      (expected) =>
        !expected.before.has(key) &&
        plainAddress(expected.url) !== plainAddress(post.url) &&
        (expected.sent || !isStillThere(expected)) &&
        isOurs(handleOf(element, variant), this.#handle()) &&
        isSameText(post.text, expected.text),
    );
    if (!said) return;
    this.#waiting = this.#waiting.filter((expected) => expected !== said);
    recall("sent", RELOAD, FIELDS);
    this.#replied(said.url);
    const of = said.brand_id ? { brand_id: said.brand_id } : {};
    try {
      await send("mention.status", { url: said.url, status: "replied", reply_url: post.url, ...of });
      if (said.suggestions_id && said.reply_id) {
        const { suggestions_id: id, reply_id } = said;
        await send("suggestion.feedback", { id, reply_id, outcome: "sent", final_text: post.text || said.text });
      }
    } catch (error) {
      checkOrphaned(error); // else: queued by the background, or the mention is gone
    }
  }
}

/** The box still holds the text: it was not sent. */
function isStillThere({ editor, text }: Expected): boolean {
  return Boolean(editor?.root.isConnected && isSameText(visibleText(editor), text));
}

/** Whether a post's author is who is logged in, or one of the brand's names here ("@us", "@us@server.example, @we"). */
function isOurs(author: string, handle: string): boolean {
  const name = (text: string) => text.replace(/^@/, "").split("@")[0]!.toLowerCase();
  return !handle || !author || handle.split(",").some((one) => name(one.trim()) === name(author));
}
