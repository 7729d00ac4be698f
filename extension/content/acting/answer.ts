/** From a chosen reply to text in the site's own box. The person presses Send. */
import { t } from "../../shared/i18n";
import type { PagePost } from "../../shared/messages";
import { send } from "../../shared/send";
import { type Caret, keepCaret } from "../inserter/caret";
import { copyText } from "../inserter/clipboard";
import type { Editor } from "../inserter/detect";
import { insertText } from "../inserter/insert";
import { checkOrphaned } from "../orphan";
import type { State } from "../state";
import { attempt } from "../toolbar/attempt";
import { showNotice } from "../toolbar/notice";
import type { Choice } from "../toolbar/panel";
import { Blanks } from "./blanks";
import type { Client } from "./client";
import type { Watch } from "./watch";

/** Blanks as they stand in the text: "[Order number]". */
export const bracketed = (blanks: string[]) => blanks.map((blank) => (blank.startsWith("[") ? blank : `[${blank}]`));

export class Answering {
  readonly #state: State;
  readonly #client: Client;
  readonly #watch: Watch | null;
  readonly #keys: () => string[];

  readonly #signal: AbortSignal;
  #blanks: Blanks | null = null;

  constructor(state: State, client: Client, watch: Watch | null, signal: AbortSignal, keys: () => string[]) {
    this.#signal = signal;
    this.#state = state;
    this.#client = client;
    this.#watch = watch;
    this.#keys = keys;
  }

  /** Put the chosen text into `editor`; with no editor, or one that takes nothing, into the clipboard's reach. */
  async insert(choice: Choice, post: PagePost, editor: Editor | null, caret: Caret | null): Promise<void> {
    if (choice.keep) void this.keep(choice, post);
    // The question takes the keys; they come back to where they were.
    const place = caret ?? (editor?.root.contains(document.activeElement) ? keepCaret(editor) : null);
    if (editor && !(await this.mayGoIn(choice, editor))) return;
    const there = editor !== null && (await this.write(editor, choice.text, place, choice.blanks));
    if (there) await this.tell(choice, post, editor);
    else if (editor) await this.handOver(choice.text, editor);
    else showNotice({ text: t("toolbar_no_box"), copy: choice.text });
  }

  /** True once it is seen there; its blanks are then gone through with Tab. */
  async write(editor: Editor, text: string, caret: Caret | null, blanks: string[]): Promise<boolean> {
    this.#blanks?.end();
    const there = await insertText(editor, text, caret, bracketed(blanks));
    if (there && blanks.length > 0) this.#blanks = new Blanks(editor, bracketed(blanks), this.#signal);
    return there;
  }

  /** Where it may not, its text is still there to copy. */
  async mayGoIn(choice: Pick<Choice, "brand_id" | "text">, editor: Editor): Promise<boolean> {
    if (await this.#client.agrees(choice.brand_id, editor.root)) return true;
    editor.root.focus({ preventScroll: true });
    showNotice({ text: t("toolbar_not_inserted"), copy: choice.text });
    return false;
  }

  /** An editor that takes nothing: the text lies in the clipboard for the person's own paste, or is one click away. */
  async handOver(text: string, editor: Editor): Promise<void> {
    const copied = await copyText(text, document.documentElement);
    editor.root.focus({ preventScroll: true });
    if (!copied) return showNotice({ text: t("toolbar_paste"), copy: text });
    const key = /mac/i.test(navigator.platform) ? "⌘V" : "Ctrl+V";
    showNotice({ text: t("toolbar_in_clipboard", { key }), copy: text });
  }

  /** The text is in the box: the suggestion was of use, and somebody works on this post. */
  async tell(choice: Choice, post: PagePost, editor: Editor): Promise<void> {
    const { text, suggestions_id, reply_id, brand_id } = choice;
    this.#watch?.expect({ post, text, suggestions_id, reply_id, brand_id, editor }, this.#keys());
    if (suggestions_id && reply_id)
      void send("suggestion.feedback", { id: suggestions_id, reply_id, outcome: "inserted" }).catch(checkOrphaned);
    if (post.url && post.author) await this.#open(post, brand_id);
  }

  async #open(post: PagePost, brand_id: string): Promise<void> {
    const of = brand_id ? { brand_id } : {};
    const here = brand_id === (this.#state.now.brand?.id ?? "");
    const known = here ? this.#state.mentionAt(post.url) : null;
    try {
      if (!known) {
        const { id } = await send("mention.save", { post, ...of });
        if (here) this.#state.note(post.url, { id, status: "open", intent: null, replied_by: "" });
      }
      await send("mention.status", { url: post.url, status: "open", ...of });
    } catch (error) {
      if (checkOrphaned(error)) return;
      // The text is in the box, which is what the person asked for; what can wait is queued by the background.
    }
  }

  async keep({ text, brand_id }: Choice, post: PagePost): Promise<void> {
    const title = text.split("\n")[0]!.slice(0, 60);
    await attempt(() =>
      send("reply.save", { text, title, post: post.url ? post : null, ...(brand_id && { brand_id }) }),
    );
  }
}
