/**
 * Who answers a mention in its page says so, and hears who else does or did: while suggestions or a box for it are open
 * here, and seen. Other posts are nobody's business: nothing is told of them.
 */
import type { Answered, PageMention } from "../../shared/messages";
import { send } from "../../shared/send";
import { type Editor, visibleText } from "../inserter/detect";
import { checkOrphaned } from "../orphan";
import { isSeen } from "../seen";
import type { State } from "../state";
import { wait } from "../toolbar/dom";

const AGAIN = 20_000; // ms: it fades after 45 s without a word
const LOOK = 1_000; // ms between looks whether it is still open
/** So long the person waits for the server's word before they may answer. */
const PATIENCE = 2_000; // ms

interface At {
  mention: PageMention;
  brand_id: string;
  /** Still open: the panel, or the box with its text. */
  open: () => boolean;
}

export class Presence {
  readonly #state: State;
  #at: At | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #told = 0;

  constructor(state: State, signal: AbortSignal) {
    this.#state = state;
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    signal.addEventListener("abort", () => this.leave());
  }

  /** Somebody begins to answer the post at this address; what is known of others, null = it is in no inbox. */
  async begin(url: string, open: () => boolean): Promise<Answered | null> {
    const mention = this.#state.mentionAt(url);
    if (mention?.id !== this.#at?.mention.id) this.leave();
    if (!mention?.id) return null;
    this.#at = { mention, brand_id: this.#state.now.brand?.id ?? "", open };
    this.#timer ??= setInterval(() => this.#look(), LOOK);
    const known: Answered = {
      replied: mention.status === "replied" ? { by: mention.replied_by, at: "", url: "" } : null,
      others: [],
    };
    return (await Promise.race([this.#tell("answering"), wait(PATIENCE)])) || known;
  }

  /** The same in a box of the site's. */
  inBox(url: string, editor: Editor): void {
    const open = () =>
      editor.root.isConnected &&
      (editor.root.contains(document.activeElement) || visibleText(editor).trim() !== "") &&
      editor.root.checkVisibility();
    const told = this.#told > 0 && performance.now() - this.#told < LOOK;
    if (this.#at && told && this.#state.mentionAt(url)?.id === this.#at.mention.id) this.#at.open = open;
    else void this.begin(url, open);
  }

  leave(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#told) void this.#tell("left");
    this.#at = null;
  }

  #look(): void {
    if (!this.#at) return;
    if (!isSeen()) {
      if (this.#told) void this.#tell("left");
    } else if (!this.#at.open()) this.leave();
    else if (!this.#told || performance.now() - this.#told > AGAIN) void this.#tell("answering");
  }

  async #tell(doing: "answering" | "left"): Promise<Answered | null> {
    const at = this.#at;
    if (!at) return null;
    this.#told = doing === "left" ? 0 : performance.now();
    try {
      return await send("mention.at", { id: at.mention.id, doing, ...(at.brand_id && { brand_id: at.brand_id }) });
    } catch (error) {
      checkOrphaned(error); // the server is away: nobody can be told
      return null;
    }
  }
}
