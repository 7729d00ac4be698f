/**
 * After an insertion, or what the person wrote by hand to a post of the inbox: they press Send, the site shows the new
 * post, and the mention is replied. Until then it stays open. Nothing is sent by us.
 */
import type { PagePost, Remembered } from "../../shared/messages";
import { send } from "../../shared/send";
import type { Site } from "../../sites/types";
import { plainAddress } from "../address";
import type { Known } from "../drawing/posts";
import { handleOf } from "../drawing/read";
import { isSameText } from "../drawing/text";
import { type Editor, visibleText } from "../inserter/detect";
import { forget, remember } from "../memory";
import { checkOrphaned } from "../orphan";

const PRESSED = 1_000; // ms between the person's own click or key and what the page makes of it
const PATIENCE = 15 * 60_000; // ms in which a reply may be finished

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
  /** Not inserted by us. */
  typed: boolean;
  /** Posts that were there before cannot be the new one. */
  before: Set<string>;
}

/** What was written by hand in a box whose post is in the inbox. */
export interface Typed {
  url: string;
  brand_id: string;
  editor: Editor;
}

export interface WatchHooks {
  handle(): string;
  replied(url: string): void;
  /** What the person is writing now; null where nobody may hear of it. */
  typed(): Typed | null;
  /** The keys of the posts on the page. */
  keys(): string[];
}

export class Watch {
  #waiting: Expected[] = [];

  readonly #site: Site;
  readonly #hooks: WatchHooks;
  /** When the person last pressed something themselves. */
  #acted = Number.NEGATIVE_INFINITY;

  constructor(site: Site, hooks: WatchHooks, signal: AbortSignal) {
    this.#site = site;
    this.#hooks = hooks;

    const options = { capture: true, signal };
    document.addEventListener("click", (event) => this.#pressed(event), options);
    document.addEventListener("submit", () => this.#sending(), options);
    document.addEventListener("keydown", (event) => this.#typed(event), options);
  }

  /** What was sent on the page before this one. */
  resume(sent: NonNullable<Remembered["sent"]>): void {
    this.#waiting.push({ ...sent, editor: null, at: Date.now(), sent: true, typed: false, before: new Set() });
  }

  /** Our text is in a box now; `before` are the keys of the posts on the page. */
  expect({ post, ...inserted }: Inserted, before: string[]): void {
    if (!post.url) return;
    this.#waiting = this.#waiting.filter(({ url }) => url !== post.url);
    this.#waiting.push({
      ...inserted,
      url: post.url,
      at: Date.now(),
      sent: false,
      typed: false,
      before: new Set(before),
    });
  }

  #typed(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.isTrusted) this.#acted = performance.now();
    if (event.ctrlKey || event.metaKey) this.#sending();
    // In many boxes Enter alone sends: that is so where its text is gone when the post comes.
    else if (!event.shiftKey) this.#expectTyped(false);
  }

  #pressed(event: Event): void {
    if (event.isTrusted) this.#acted = performance.now();
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
      void remember("sent", { url, text, suggestions_id, reply_id, brand_id });
    }
    this.#expectTyped(true);
  }

  /** A reply that the person wrote all by themselves, to a post of the inbox: it counts like one of ours. */
  #expectTyped(sent: boolean): void {
    if (performance.now() - this.#acted > PRESSED) return;
    const typed = this.#hooks.typed();
    const text = typed && visibleText(typed.editor).trim();
    if (!typed || !text) return;
    const { url, brand_id, editor } = typed;
    const before = this.#waiting.find((expected) => plainAddress(expected.url) === plainAddress(url));
    if (before && (!before.typed || before.sent)) return;
    this.#waiting = this.#waiting.filter((expected) => expected !== before);
    const said = { url, text, suggestions_id: "", reply_id: "", brand_id };
    const keys = new Set(this.#hooks.keys());
    this.#waiting.push({ ...said, editor, at: Date.now(), sent, typed: true, before: keys });
    if (sent) void remember("sent", said);
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
        isOurs(handleOf(element, variant), post.author, this.#hooks.handle()) &&
        isSameText(post.text, expected.text),
    );
    if (!said) return;
    this.#waiting = this.#waiting.filter((expected) => expected !== said);
    void forget("sent");
    this.#hooks.replied(said.url);
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

/**
 * Whether a post's author is who is logged in, or one of the brand's names here ("@us", "@us@server.example, @we").
 * Boards and Facebook say of who is logged in only the name that is shown, and of an author an id as well.
 */
function isOurs(author: string, shown: string, handle: string): boolean {
  const name = (text: string) => text.replace(/^@/, "").split("@")[0]!.toLowerCase();
  if (!handle || !author) return true;
  const ours = handle.split(",").map((one) => name(one.trim()));
  return [author, shown].some((one) => ours.includes(name(one)));
}
