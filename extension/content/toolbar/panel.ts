/** The suggestions under a post: up to three, one key each; or "No reply fits yet. Write it, I keep it". */
import { errorText, languageName, plural, t } from "../../shared/i18n";
import type { PagePost, Suggestion, Suggestions } from "../../shared/messages";
import { SendError, send } from "../../shared/send";
import { keysNow } from "../keys";
import { checkOrphaned } from "../orphan";
import { button } from "./button";
import { make, say } from "./dom";
import { wordsOf } from "./words";

export interface Choice {
  /** Whose reply it is, as an id; "" = nobody's yet, where no brand is known. */
  brand_id: string;
  text: string;
  blanks: string[];
  /** "" when the person wrote it here. */
  suggestions_id: string;
  reply_id: string;
  /** Written here and to be kept as a saved reply. */
  keep: boolean;
}

export interface Job {
  /** What is answered. In a box that belongs to no post its text may be "". */
  post: PagePost;
  intent: string | null;
  /** Who will speak: "Café Lumière as @cafelumiere". */
  account: string;
  brand_id: string;
  choose(choice: Choice): void;
  close(): void;
}

const SEARCH_AFTER = 200; // ms without a key

/** What was written and not yet inserted, by brand and post: a panel that closes loses nothing. */
const drafts = new Map<string, string>();
let panels = 0;

export class Panel {
  readonly node: HTMLElement;
  readonly #id = `en-${++panels}`;
  readonly #header = make("header");
  readonly #body = make("div", { class: "list" });
  readonly #status = make("span", { class: "grow", role: "status" });
  readonly #foot = make("div", { class: "foot" });
  readonly #told = make("span", { class: "grow" });
  readonly #search: HTMLInputElement;
  #found: Suggestions | null = null;
  #selected = 0;
  #asked = 0;
  /** What the list shows is what was asked for. */
  #ready = false;
  /** The place in the list that was chosen before the list came. */
  #held: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #job: Job;

  constructor(job: Job) {
    this.#job = job;

    this.#search = make("input", {
      class: "search",
      type: "text",
      hidden: true,
      placeholder: t("toolbar_search_hint"),
      "aria-label": t("toolbar_search"),
      autocomplete: "off",
      spellcheck: "false",
    });
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#asked++; // what is on its way was asked for other words
      if (!this.#found) this.#drawBones();
      this.#ready = false;
      this.#held = null;
      this.#timer = setTimeout(() => this.#load(this.#search.value), SEARCH_AFTER);
    });
    const searching = button(t("toolbar_search"), () => this.#startSearch(), { class: "quiet" });
    searching.prepend(make("kbd", { text: keysNow().search, "aria-hidden": "true" }));
    const close = button(t("toolbar_close"), () => job.close(), { class: "quiet", icon: "close", short: true });
    if (job.intent) this.#header.append(make("span", { class: "chip", text: t(`toolbar_intent_${job.intent}`) }));
    this.#header.append(this.#status, this.#search, searching, close);
    say(this.#told, t("toolbar_you_send"));
    this.#foot.append(this.#told, make("span", { text: job.account, class: "account" }), make("kbd", { text: "Esc" }));
    this.node = make(
      "div",
      { class: "panel", role: "dialog", "aria-label": t("toolbar_panel"), tabindex: -1 },
      this.#header,
      this.#body,
      this.#foot,
    );
    this.node.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Take the keys and ask the server. */
  async start(): Promise<void> {
    this.node.focus({ preventScroll: true });
    await this.#load("");
  }

  async #load(query: string): Promise<void> {
    const turn = ++this.#asked;
    this.#ready = false;
    if (!this.#found) this.#drawBones();
    try {
      const { post, brand_id } = this.#job;
      const found = await send("suggest", { post, ...(query && { query }), ...(brand_id && { brand_id }) });
      if (turn !== this.#asked) return;
      this.#found = found;
      this.#ready = true;
      this.#selected = 0;
      const held = this.#held === null ? undefined : found.items[this.#held];
      this.#held = null;
      if (held) this.#choose(held);
      else if (found.items.length > 0) this.#drawList(found);
      else if (query) this.#drawNone();
      else this.#drawWriting(t("toolbar_nothing_fits"));
    } catch (error) {
      if (turn !== this.#asked || checkOrphaned(error)) return;
      this.#held = null;
      const { code, message } = error instanceof SendError ? error : { code: "internal", message: String(error) };
      this.#drawWriting(t("toolbar_write_anyway"), errorText(code, message));
    }
  }

  #drawBones(): void {
    say(this.#status, t("toolbar_looking"));
    this.#body.replaceChildren(make("div", { class: "bones" }, ...Array.from({ length: 4 }, () => make("i"))));
    this.#body.removeAttribute("role");
  }

  #drawList(found: Suggestions): void {
    const language = found.language && found.language !== "und" ? languageName(found.language) : "";
    const fit = language
      ? plural("toolbar_fit_in", found.items.length, { language })
      : plural("toolbar_fit", found.items.length);
    say(this.#status, fit);
    const rows = found.items.map((item, n) => {
      const why = [item.title, reason(item)].filter(Boolean).join(" · ");
      const row = make(
        "div",
        {
          class: "s",
          role: "option",
          id: `${this.#id}-${n}`,
          "aria-selected": String(n === this.#selected),
          "aria-label": `${item.text} ${why}`,
        },
        n < keysNow().choose.length ? make("kbd", { text: keysNow().choose[n], "aria-hidden": "true" }) : make("span"),
        make(
          "div",
          {},
          make("div", { class: "words" }, ...wordsOf(item, this.#job.post.author)),
          make("small", { text: why }),
        ),
      );
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => this.#choose(item));
      return row;
    });
    const list = make("div", { role: "listbox", "aria-label": t("toolbar_panel"), tabindex: 0 }, ...rows);
    list.setAttribute("aria-activedescendant", `${this.#id}-${this.#selected}`);
    const write = button(t("toolbar_write_own"), () => this.#drawWriting(t("toolbar_write_anyway")), { class: "own" });
    this.#body.replaceChildren(list, write);
    const { choose } = keysNow();
    const last = Math.min(found.items.length, choose.length);
    const keys = { first: choose[0] ?? "", last: choose[last - 1] ?? "" };
    say(this.#told, t(last > 1 ? "toolbar_keys" : "toolbar_key_one", keys));
    if (this.#search.hidden) list.focus({ preventScroll: true });
  }

  #drawNone(): void {
    say(this.#status, "");
    this.#body.replaceChildren(
      make("div", { class: "write" }, make("p", { class: "why", text: t("toolbar_none_found") })),
    );
  }

  /** The small text box: what is written here is kept as a saved reply and inserted. */
  #drawWriting(title: string, why = ""): void {
    say(this.#status, "");
    say(this.#told, t("toolbar_you_send"));
    const { brand_id, post } = this.#job;
    const key = `${brand_id} ${post.url || post.text}`;
    const box = make("textarea", {
      "aria-label": t("toolbar_write_hint"),
      placeholder: t("toolbar_write_hint"),
      rows: 3,
    });
    box.value = drafts.get(key) ?? "";
    const done = () => {
      const text = box.value.trim();
      if (!text) return;
      drafts.delete(key);
      this.#job.choose({ brand_id, text, blanks: [], suggestions_id: this.#found?.id ?? "", reply_id: "", keep: true });
    };
    const go = button(t("toolbar_write_go"), done, { class: "btn go" });
    go.append(make("kbd", { text: "Ctrl ↵", "aria-hidden": "true" }));
    const enable = () => {
      go.ariaDisabled = String(box.value.trim() === "");
    };
    enable();
    box.addEventListener("input", () => {
      drafts.set(key, box.value);
      enable();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        done();
      }
    });
    this.#body.replaceChildren(
      make(
        "div",
        { class: "write" },
        why ? make("p", { class: "why", role: "alert", text: why }) : null,
        make("p", { text: title }),
        box,
        make("div", { class: "acts" }, go),
      ),
    );
    box.focus({ preventScroll: true });
  }

  #startSearch(): void {
    this.#search.hidden = false;
    say(this.#status, "");
    this.#status.classList.remove("grow");
    this.#header.querySelector<HTMLElement>("button.quiet")!.hidden = true;
    this.#search.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const typing = event.target instanceof HTMLTextAreaElement || event.target === this.#search;
    if (event.key === "Escape") {
      event.preventDefault();
      this.#job.close();
    } else if (event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#select(this.#selected + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      if (!event.repeat) this.#take(this.#ready ? this.#selected : 0);
    } else if (!typing && isKey(event, keysNow().choose)) {
      event.preventDefault();
      this.#take(keysNow().choose.indexOf(event.key.toLowerCase()));
    } else if (!typing && isKey(event, keysNow().search)) {
      event.preventDefault();
      this.#startSearch();
    }
  }

  #select(n: number): void {
    const rows = [...this.#body.querySelectorAll<HTMLElement>(".s")];
    if (rows.length === 0) return;
    this.#selected = (n + rows.length) % rows.length;
    for (const [at, row] of rows.entries()) row.setAttribute("aria-selected", String(at === this.#selected));
    const row = rows[this.#selected]!;
    row.scrollIntoView({ block: "nearest" });
    row.parentElement!.setAttribute("aria-activedescendant", row.id);
  }

  /** A key is never lost and never takes what is no longer asked for: while the list loads it waits. */
  #take(n: number): void {
    if (!this.#ready) this.#held = n;
    else this.#choose(this.#found?.items[n]);
  }

  #choose(item: Suggestion | undefined): void {
    if (!item || !this.#found) return;
    const { text, blanks, reply_id } = item;
    const { brand_id } = this.#job;
    this.#job.choose({ brand_id, text, blanks, suggestions_id: this.#found.id, reply_id, keep: false });
  }
}

const isKey = ({ key }: KeyboardEvent, keys: string) => key.length === 1 && keys.includes(key.toLowerCase());

/** Why it is offered, in the reader's words; "" where they searched for it themselves. */
function reason({ because: { code, words } }: Suggestion): string {
  return [code === "used_before" && t("toolbar_used_before"), ...words].filter(Boolean).join(", ");
}
