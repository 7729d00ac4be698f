/**
 * The small toolbar beside any focused text box: saved replies, and links in the box shortened. It knows nothing of the
 * site, so it works everywhere, and on after a site has changed its pages.
 */
import { errorText, plural, t } from "../shared/i18n";
import type { PagePost, PageState } from "../shared/messages";
import { SendError, send } from "../shared/send";
import { make } from "./dom";
import { host } from "./frame";
import { type Caret, keepCaret, selectWords } from "./inserter/caret";
import { type Editor, editorOf, isField, visibleText } from "./inserter/detect";
import { insertText } from "./inserter/insert";
import { showNotice } from "./notice";
import { checkOrphaned } from "./orphan";
import { findSpot } from "./spot";
import { linksIn } from "./text";
import { accountOf, away, drawAccount, makeBar, moreButton, unpaired } from "./toolbar/bar";
import { button } from "./toolbar/button";
import { beside, Float } from "./toolbar/float";
import { type Host, isOurs, makeHost, pageRoot } from "./toolbar/host";
import { mark } from "./toolbar/icons";
import { drawMenu, type Item } from "./toolbar/menu";
import { type Choice, Panel } from "./toolbar/panel";
import { themeAt } from "./toolbar/theme";

const SHOW_AFTER = 200; // ms of focus
const CLOSE_AFTER = 300; // ms without focus

/** Boxes for searching, and editors of code: nobody answers there. */
const NOT_HERE =
  '[type="search"], [role="searchbox"], [role="combobox"], [name="q"], [aria-autocomplete="list"]:not([contenteditable]), .cm-editor *, .monaco-editor *';
const NARROW = 120; // px

export interface ComposerHooks {
  state(): PageState;
  /** What is answered in this box, where the site's adapter knows it. */
  postOf(editor: Editor): { post: PagePost; intent: string | null } | null;
  /** Whether it is known which brand this page is for, now. */
  ready(near: Element): Promise<boolean>;
  insert(choice: Choice, post: PagePost, editor: Editor, caret: Caret): void;
  menu(): (Item | null)[];
  /** Why there is no toolbar on the posts here, "" when there is one. */
  note(): string;
}

export class ComposerBar {
  readonly #host: Host = makeHost("over");
  readonly #bar = new Float();
  readonly #floating = new Float();
  #editor: Editor | null = null;
  #caret: Caret | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching: (() => void) | null = null;

  readonly #hooks: ComposerHooks;

  constructor(hooks: ComposerHooks, signal: AbortSignal) {
    this.#hooks = hooks;

    document.addEventListener("focusin", (event) => this.#focused(event), { capture: true, signal });
    document.addEventListener("focusout", () => this.#unfocused(), { capture: true, signal });
    signal.addEventListener("abort", () => this.close());
    if (document.activeElement) this.#focus(document.activeElement);
  }

  #focused(event: Event): void {
    const target = event.composedPath()[0];
    if (target instanceof Element && !(event.target instanceof Element && isOurs(event.target))) this.#focus(target);
  }

  #focus(target: Element): void {
    const editor = editorOf(target);
    const fits =
      editor &&
      !(editor.root instanceof HTMLInputElement) &&
      !editor.root.matches(NOT_HERE) &&
      !this.#hooks.state().hidden;
    clearTimeout(this.#timer);
    if (!fits) {
      this.#closeSoon();
      return;
    }
    if (this.#editor?.root === editor.root && this.#bar.isOpen) return;
    this.#timer = setTimeout(() => this.#open(editor), SHOW_AFTER);
  }

  #unfocused(): void {
    clearTimeout(this.#timer);
    this.#closeSoon();
  }

  #closeSoon(): void {
    this.#timer = setTimeout(() => {
      if (this.#floating.isOpen || this.#host.body.matches(":focus-within, :hover")) return;
      if (this.#editor?.root.contains(document.activeElement)) return;
      this.close();
    }, CLOSE_AFTER);
  }

  #open(editor: Editor): void {
    const box = editor.root.getBoundingClientRect();
    if (!editor.root.isConnected || box.width < NARROW) return;
    this.close();
    this.#editor = editor;
    this.#host.body.className = `en ${themeAt(editor.root)}`;
    pageRoot(editor.root).append(this.#host.node);
    // With the account's name where there is room for it.
    let bar = this.#draw(false);
    let spot = this.#spotFor(bar, editor);
    if (!spot) {
      bar = this.#draw(true);
      spot = this.#spotFor(bar, editor);
    }
    if (spot) this.#bar.open(this.#host.body, bar, () => this.#follow(spot!));
    else this.#rest(bar);
    const resized = new ResizeObserver(() => this.#bar.move());
    resized.observe(editor.root);
    this.#stopWatching = () => resized.disconnect();
  }

  #spotFor(bar: HTMLElement, editor: Editor): { x: number; y: number } | null {
    this.#host.body.append(bar);
    const spot = findSpot(editor.root, { width: bar.offsetWidth, height: bar.offsetHeight });
    bar.remove();
    return spot;
  }

  /** No free place beside the box: a mark inside its corner, that unfolds. */
  #rest(bar: HTMLElement): void {
    const rest = make(
      "button",
      {
        type: "button",
        class: "rest",
        title: t("toolbar_name"),
        "aria-label": t("toolbar_replies"),
        "aria-expanded": "false",
      },
      mark(),
    );
    const inset = this.#editor && isField(this.#editor.root) ? 18 : 4; // px, the corner one pulls at
    const corner = (size: { width: number; height: number }) => {
      const { right, bottom } = this.#editor!.root.getBoundingClientRect();
      return { x: right - size.width - inset, y: bottom - size.height - 3 };
    };
    const unfold = () => this.#bar.open(this.#host.body, bar, corner);
    const fold = () =>
      setTimeout(
        () =>
          !this.#floating.isOpen &&
          bar.isConnected &&
          !bar.matches(":hover, :focus-within") &&
          this.#bar.open(this.#host.body, rest, corner),
        CLOSE_AFTER,
      );
    rest.addEventListener("mousedown", (event) => event.preventDefault());
    rest.addEventListener("pointerenter", unfold);
    rest.addEventListener("click", unfold);
    bar.addEventListener("pointerleave", fold);
    this.#bar.open(this.#host.body, rest, corner);
  }

  #follow(offset: { x: number; y: number }): { x: number; y: number } {
    if (!this.#editor?.root.isConnected) {
      this.close();
      return { x: 0, y: 0 };
    }
    const { left, bottom } = this.#editor.root.getBoundingClientRect();
    return { x: left + offset.x, y: bottom + offset.y };
  }

  #draw(short: boolean): HTMLElement {
    const state = this.#hooks.state();
    const connect = () => void send("open.app", { page: "pair" }).catch(checkOrphaned);
    const bar = makeBar(state, [
      ...(state.paired
        ? [
            drawAccount(state, short),
            button(t("toolbar_replies"), () => this.openPanel()),
            button(t("toolbar_shorten_box"), () => void this.#shorten()),
            !state.reachable && away(false),
          ]
        : unpaired(connect)),
      moreButton((more) => this.#openMenu(more)),
    ]);
    bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#backToBox();
    });
    return bar;
  }

  #openMenu(button: HTMLElement): void {
    const menu = drawMenu(t("toolbar_more"), this.#hooks.menu(), this.#hooks.note(), (back) => {
      this.#floating.close();
      if (back) this.#backToBox();
    });
    this.#openFloating(menu, () => button.getBoundingClientRect());
    menu.querySelector("button")?.focus();
  }

  /** Saved replies for what is answered in the focused box. */
  openPanel(): boolean {
    const editor = this.#editor;
    if (!editor?.root.isConnected) return false;
    this.#caret = keepCaret(editor);
    void this.#openPanel(editor);
    return true;
  }

  async #openPanel(editor: Editor): Promise<void> {
    if (!(await this.#hooks.ready(editor.root)) || this.#editor?.root !== editor.root) return;
    const state = this.#hooks.state();
    const about = this.#hooks.postOf(editor) ?? { post: pageAround(editor), intent: null };
    const panel = new Panel({
      ...about,
      account: accountOf(state),
      brand_id: state.brand?.id ?? "",
      choose: (choice) => {
        this.#floating.close();
        this.#hooks.insert(choice, about.post, editor, this.#caret!);
      },
      close: () => {
        this.#floating.close();
        this.#backToBox();
      },
    });
    const anchor = () => (this.#bar.node.firstElementChild ?? editor.root).getBoundingClientRect();
    this.#openFloating(panel.node, anchor);
    void panel.start();
  }

  #backToBox(): void {
    this.#editor?.root.focus({ preventScroll: true });
  }

  #openFloating(content: HTMLElement, anchor: () => DOMRect): void {
    this.#floating.open(this.#host.body, content, beside(anchor, "right"), () => this.#floating.close());
  }

  /** Shorten the links of the box one writes in. False where there is none. */
  shorten(): boolean {
    if (!this.#editor?.root.isConnected) return false;
    void this.#shorten();
    return true;
  }

  /** Each link in the box, one after the other: what cannot be shortened stays, and is said. */
  async #shorten(): Promise<void> {
    const editor = this.#editor;
    if (!editor) return;
    const links = [...new Set(linksIn(visibleText(editor)))];
    if (links.length === 0) return showNotice({ text: t("toolbar_no_links") });
    if (!(await this.#hooks.ready(editor.root))) return;
    const { brand } = this.#hooks.state();
    let changed = 0;
    let why = "";
    for (const link of links) {
      try {
        const short = await send("shorten", { url: link, ...(brand && { brand_id: brand.id }) });
        if (short.why) why = t(short.why);
        if (short.url === link || !selectWords(editor, link)) continue;
        if (await insertText(editor, short.url, keepCaret(editor))) changed++;
      } catch (error) {
        if (checkOrphaned(error)) return;
        return showNotice({ text: error instanceof SendError ? errorText(error.code, error.message) : String(error) });
      }
    }
    showNotice({ text: why || plural("toolbar_shortened_box", changed) });
  }

  /** Draw again: the language, the server or the account changed. */
  refresh(): void {
    const editor = this.#editor;
    if (editor && this.#bar.isOpen && !this.#floating.isOpen && editor.root.contains(document.activeElement))
      this.#open(editor);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#floating.close();
    this.#bar.close();
    this.#host.node.remove();
    this.#editor = null;
  }
}

/** A page that no adapter knows: what stands around the box, else the page's title. */
function pageAround(editor: Editor): PagePost {
  const { root } = editor;
  let text = "";
  for (let at = root.parentElement; at && at !== document.body; at = at.parentElement) {
    const words = visibleText({ kind: "plain", root: at }).replace(visibleText(editor), "").trim();
    if (words.length > 4000) break;
    text = words;
    if (words.length > 200) break;
  }
  return {
    url: location.href,
    network: host,
    author: "",
    author_url: "",
    text: text.length > 40 ? text : document.title,
    published_at: null,
  };
}
