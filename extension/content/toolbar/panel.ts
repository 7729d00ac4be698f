/** The suggestions under a post: up to three, one key each; or "No reply fits yet. Write it, I keep it". */
import { errorText, languageName, plural, t } from "../../shared/i18n";
import type { PagePost, Suggestion, Suggestions } from "../../shared/messages";
import { SendError, send } from "../../shared/send";
import { make } from "../dom";
import { checkOrphaned } from "../orphan";
import { icon } from "./icons";
import { wordsOf } from "./words";

export interface Choice {
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
  choose(choice: Choice): void;
  close(): void;
}

const SEARCH_AFTER = 200; // ms without a key

/** What was written and not yet inserted, by post: a panel that closes loses nothing. */
const drafts = new Map<string, string>();
let panels = 0;

export class Panel {
  readonly node: HTMLElement;
  private readonly id = `en-${++panels}`;
  private readonly header = make("header");
  private readonly body = make("div", { class: "list" });
  private readonly status = make("span", { class: "grow", role: "status" });
  private readonly foot = make("div", { class: "foot" });
  private readonly search: HTMLInputElement;
  private found: Suggestions | null = null;
  private selected = 0;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly job: Job) {
    this.search = make("input", {
      class: "search",
      type: "text",
      hidden: true,
      placeholder: t("toolbar_search_hint"),
      "aria-label": t("toolbar_search"),
      autocomplete: "off",
      spellcheck: "false",
    });
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(this.search.value), SEARCH_AFTER);
    });
    const searching = make(
      "button",
      { type: "button", class: "quiet", on: { click: () => this.startSearch() } },
      make("kbd", { text: "/" }),
      t("toolbar_search"),
    );
    const close = make("button", { type: "button", class: "quiet", "aria-label": t("toolbar_close") }, icon("close"));
    close.addEventListener("click", () => job.close());
    if (job.intent) this.header.append(make("span", { class: "chip", text: t(`toolbar_intent_${job.intent}`) }));
    this.header.append(this.status, this.search, searching, close);
    this.foot.append(
      make("span", { class: "grow", text: t("toolbar_you_send") }),
      make("span", { text: job.account, class: "account" }),
      make("kbd", { text: "Esc" }),
    );
    this.node = make(
      "div",
      { class: "panel", role: "dialog", "aria-label": t("toolbar_panel"), tabindex: -1 },
      this.header,
      this.body,
      this.foot,
    );
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  /** Take the keys and ask the server. */
  async start(): Promise<void> {
    this.node.focus({ preventScroll: true });
    await this.load("");
  }

  private async load(query: string): Promise<void> {
    const turn = ++this.asked;
    if (!this.found) this.drawBones();
    try {
      const found = await send("suggest", query ? { post: this.job.post, query } : { post: this.job.post });
      if (turn !== this.asked) return;
      this.found = found;
      this.selected = 0;
      if (found.items.length > 0) this.drawList(found);
      else if (query) this.drawNone();
      else this.drawWriting(t("toolbar_nothing_fits"));
    } catch (error) {
      if (turn !== this.asked || checkOrphaned(error)) return;
      const { code, message } = error instanceof SendError ? error : { code: "internal", message: String(error) };
      this.drawWriting(t("toolbar_write_anyway"), errorText(code, message));
    }
  }

  private drawBones(): void {
    this.status.textContent = t("toolbar_looking");
    this.body.replaceChildren(make("div", { class: "bones" }, ...Array.from({ length: 4 }, () => make("i"))));
    this.body.removeAttribute("role");
  }

  private drawList(found: Suggestions): void {
    const language = found.language && found.language !== "und" ? languageName(found.language) : "";
    this.status.textContent = language
      ? plural("toolbar_fit_in", found.items.length, { language })
      : plural("toolbar_fit", found.items.length);
    const rows = found.items.map((item, n) => {
      const row = make(
        "div",
        { class: "s", role: "option", id: `${this.id}-${n}`, "aria-selected": String(n === this.selected) },
        n < 9 ? make("kbd", { text: String(n + 1), "aria-hidden": "true" }) : make("span"),
        make(
          "div",
          {},
          make("div", { class: "words" }, ...wordsOf(item, this.job.post.author)),
          make("small", { text: [item.title, item.why].filter(Boolean).join(" · ") }),
        ),
      );
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => this.choose(item));
      return row;
    });
    const list = make("div", { role: "listbox", "aria-label": t("toolbar_panel"), tabindex: 0 }, ...rows);
    list.setAttribute("aria-activedescendant", `${this.id}-${this.selected}`);
    const write = make("button", { type: "button", class: "quiet", text: t("toolbar_write_own") });
    write.addEventListener("click", () => this.drawWriting(t("toolbar_write_anyway")));
    this.body.replaceChildren(list);
    this.foot.firstElementChild!.textContent =
      found.items.length > 1 ? t("toolbar_keys", { last: Math.min(found.items.length, 9) }) : t("toolbar_key_one");
    this.foot.querySelector(".quiet")?.remove();
    this.foot.lastElementChild!.before(write);
    if (this.search.hidden) list.focus({ preventScroll: true });
  }

  private drawNone(): void {
    this.status.textContent = "";
    this.body.replaceChildren(
      make("div", { class: "write" }, make("p", { class: "why", text: t("toolbar_none_found") })),
    );
  }

  /** The small text box: what is written here is kept as a saved reply and inserted. */
  private drawWriting(title: string, why = ""): void {
    this.status.textContent = "";
    this.foot.querySelector(".quiet")?.remove();
    this.foot.firstElementChild!.textContent = t("toolbar_you_send");
    const { url, text } = this.job.post;
    const key = url || text;
    const box = make("textarea", {
      "aria-label": t("toolbar_write_label"),
      placeholder: t("toolbar_write_hint"),
      rows: 3,
    });
    box.value = drafts.get(key) ?? "";
    const keys = make("kbd", { text: "Ctrl ↵", "aria-hidden": "true" });
    const go = make("button", { type: "button", class: "btn go" }, t("toolbar_write_go"), keys);
    const enable = () => go.setAttribute("aria-disabled", String(box.value.trim() === ""));
    enable();
    box.addEventListener("input", () => {
      drafts.set(key, box.value);
      enable();
    });
    const done = () => {
      const written = box.value.trim();
      if (!written) return box.focus();
      drafts.delete(key);
      this.job.choose({ text: written, blanks: [], suggestions_id: this.found?.id ?? "", reply_id: "", keep: true });
    };
    go.addEventListener("click", done);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        done();
      }
    });
    this.body.replaceChildren(
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

  private startSearch(): void {
    this.search.hidden = false;
    this.status.textContent = "";
    this.search.previousElementSibling?.classList.toggle("grow", false);
    this.header.querySelector<HTMLElement>("button.quiet")!.hidden = true;
    this.search.focus({ preventScroll: true });
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const typing = event.target instanceof HTMLTextAreaElement || event.target === this.search;
    if (event.key === "Escape") {
      event.preventDefault();
      this.job.close();
    } else if (event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.select(this.selected + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      this.choose(this.found?.items[this.selected]);
    } else if (!typing && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      this.choose(this.found?.items[Number(event.key) - 1]);
    } else if (!typing && event.key === "/") {
      event.preventDefault();
      this.startSearch();
    }
  }

  private select(n: number): void {
    const rows = [...this.body.querySelectorAll<HTMLElement>(".s")];
    if (rows.length === 0) return;
    this.selected = (n + rows.length) % rows.length;
    for (const [at, row] of rows.entries()) row.setAttribute("aria-selected", String(at === this.selected));
    const row = rows[this.selected]!;
    row.scrollIntoView({ block: "nearest" });
    row.parentElement!.setAttribute("aria-activedescendant", row.id);
  }

  private choose(item: Suggestion | undefined): void {
    if (!item || !this.found) return;
    const { text, blanks, reply_id } = item;
    this.job.choose({ text, blanks, suggestions_id: this.found.id, reply_id, keep: false });
  }
}
