/**
 * The small toolbar beside any focused text box: saved replies, links in the box shortened, scheduling instead, how much
 * room is left, pictures without a description. It works on any site, and on after a site has changed its pages; what
 * only an adapter knows (whose limit, which pictures) is left out where there is none.
 */
import { plural, t } from "../../shared/i18n";
import { send } from "../../shared/send";
import { focused } from "../focused";
import { type Caret, keepCaret, putCaret } from "../inserter/caret";
import { type Editor, editorOf } from "../inserter/detect";
import { Words } from "../inserter/words";
import { checkOrphaned } from "../orphan";
import { away, drawAccount, makeBar, moreButton, unpaired } from "../toolbar/bar";
import { button, rename } from "../toolbar/button";
import { type Host, isUsed, makeHost, pageRoot } from "../toolbar/host";
import { isOurs } from "../toolbar/tag";
import { themeAt } from "../toolbar/theme";
import { goTo, type Pictures, picturesOf } from "./attached";
import { type BoxHooks, brandOf } from "./box";
import { Counter } from "./counter";
import { Standing } from "./standing";
import { Tools } from "./tools";

const SHOW_AFTER = 200; // ms of focus
const CLOSE_AFTER = 300; // ms without focus
const LOOK_AFTER = 120; // ms behind a key
const COUNT_WIDTH = 36; // px

/** Boxes for searching, and editors of code: nobody answers there. */
const NOT_HERE =
  '[type="search"], [role="searchbox"], [role="combobox"], [name="q"], [aria-autocomplete="list"]:not([contenteditable]), .cm-editor *, .monaco-editor *';
const NARROW = 120; // px
/** What a box and what belongs to it stand in together. */
const AROUND = "dialog, [role='dialog'], form, article, main";

export class ComposerBar {
  readonly #host: Host = makeHost("over");
  readonly #standing: Standing;
  readonly #tools: Tools;
  readonly #counter = new Counter();
  readonly #hooks: BoxHooks;
  #editor: Editor | null = null;
  /** Where the caret was when the keys left the box. */
  #left: Caret | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching: (() => void) | null = null;
  #pictures: Pictures | null = null;
  #bare: HTMLElement | null = null;

  constructor(hooks: BoxHooks, signal: AbortSignal) {
    this.#hooks = hooks;
    this.#tools = new Tools({
      host: this.#host,
      hooks,
      editor: () => this.#editor,
      place: () => (this.#standing.node.firstElementChild ?? this.#editor!.root).getBoundingClientRect(),
      back: () => this.#backToBox(),
      open: (editor) => this.#open(editor),
    });
    this.#standing = new Standing(this.#host, {
      draw: (short) => this.#draw(short),
      // What is left comes a moment later, and there is room for it by then.
      spare: () => (this.#editor && hooks.boxOf(this.#editor).limit ? COUNT_WIDTH : 0),
      busy: () => this.#tools.isOpen,
      gone: () => this.close(),
    });
    document.addEventListener("focusin", (event) => this.#focused(event), { capture: true, signal });
    document.addEventListener("focusout", () => this.#unfocused(), { capture: true, signal });
    // As in editors of text: from the text to its toolbar.
    document.addEventListener("keydown", (event) => this.#key(event), { capture: true, signal });
    signal.addEventListener("abort", () => this.close());
    if (document.activeElement) this.#focus(document.activeElement);
  }

  // --- which box has it ---

  #focused(event: Event): void {
    const target = event.composedPath()[0];
    if (target instanceof Element && !(event.target instanceof Element && isOurs(event.target))) this.#focus(target);
  }

  /** The box that `target` is or stands in; null where nobody answers. */
  #boxAt(target: Element | null): Editor | null {
    const editor = editorOf(target);
    const fits =
      editor &&
      !(editor.root instanceof HTMLInputElement) &&
      !editor.root.matches(NOT_HERE) &&
      !this.#hooks.state().hidden;
    return fits ? editor : null;
  }

  #focus(target: Element): void {
    const editor = this.#boxAt(target);
    clearTimeout(this.#timer);
    if (!editor) {
      this.#closeSoon();
      return;
    }
    if (this.#editor?.root === editor.root && this.#standing.isOpen) return;
    this.#timer = setTimeout(() => this.#open(editor), SHOW_AFTER);
  }

  #unfocused(): void {
    if (this.#editor) this.#left = keepCaret(this.#editor);
    clearTimeout(this.#timer);
    this.#closeSoon();
  }

  #closeSoon(): void {
    this.#timer = setTimeout(() => {
      if (this.#tools.isOpen || isUsed(this.#host)) return;
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
    this.#pictures = picturesOf(editor.root, this.#hooks.boxOf(editor).composer?.attached);
    this.#standing.open(editor);
    this.#watch(editor);
  }

  /** Draw again: the language, the server or the account changed. */
  refresh(): void {
    const editor = this.#editor;
    const there = editor && this.#standing.isOpen && !this.#tools.isOpen;
    if (there && editor.root.contains(document.activeElement)) this.#open(editor);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#tools.close();
    this.#standing.close();
    this.#host.node.remove();
    this.#editor = null;
    this.#pictures = null;
  }

  #backToBox(): void {
    if (this.#editor) putCaret(this.#editor, this.#left);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "F10" || !event.altKey || event.ctrlKey || event.metaKey) return;
    const at = event.composedPath()[0];
    const editor = this.#editor;
    if (!editor || !(at instanceof Node) || !editor.root.contains(at) || !this.#standing.isOpen) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { node } = this.#standing;
    node.querySelector<HTMLElement>(".rest")?.click();
    node.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }

  // --- what is in the box ---

  /** Of a box that has its toolbar: its size, its words, the pictures beside it. */
  #watch(editor: Editor): void {
    const around = editor.root.closest(AROUND) ?? editor.root.parentElement ?? editor.root;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let beside: "no" | "changed" | "room" = "no";
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        this.#look();
        if (beside === "no" && !this.#standing.hasGrown) return;
        if (this.#standing.look(beside === "room")) beside = "no";
      }, LOOK_AFTER);
    };
    const resized = new ResizeObserver(() => {
      this.#standing.move();
      beside = "room";
      later();
    });
    for (const one of new Set([editor.root, around])) resized.observe(one);
    const end = new AbortController();
    for (const type of ["input", "keyup", "click", "change"])
      document.addEventListener(type, later, { capture: true, passive: true, signal: end.signal });
    // What a site changes by itself: a box that is empty again, a picture that came.
    const changed = new MutationObserver((records) => {
      if (beside === "no" && records.some(({ target }) => !editor.root.contains(target))) beside = "changed";
      later();
    });
    changed.observe(around, { childList: true, subtree: true, characterData: true });
    this.#stopWatching = () => {
      clearTimeout(timer);
      end.abort();
      resized.disconnect();
      changed.disconnect();
      this.#counter.stop();
    };
    const { limit } = this.#hooks.boxOf(editor);
    this.#look();
    const asked = { host: location.hostname, limit, ...brandOf(this.#hooks.state()) };
    void send("box.about", asked).then((about) => {
      if (this.#editor !== editor) return;
      this.#tools.about = about;
      this.#look();
    }, checkOrphaned);
  }

  /** What is written now, and what is attached to it. */
  #look(): void {
    const editor = this.#editor;
    if (!editor?.root.isConnected) return;
    const { composer } = this.#hooks.boxOf(editor);
    const form = composer?.left && editor.root.closest("form, dialog, [role='dialog']");
    const left = form?.querySelector(composer!.left!.css)?.textContent?.trim() ?? "";
    const { counting } = this.#tools.about;
    this.#counter.show(new Words(editor).text, counting, /^-?\d+$/.test(left) ? Number(left) : null);
    this.#pictures = picturesOf(editor.root, composer?.attached);
    this.#showPictures();
    this.#standing.warn([this.#counter.over, wordsOf(this.#pictures)].filter(Boolean).join(". "));
  }

  // --- the bar ---

  #draw(short: boolean): HTMLElement {
    const state = this.#hooks.state();
    const connect = () => void send("open.app", { page: "pair" }).catch(checkOrphaned);
    const bar = makeBar(state, [
      ...(state.paired
        ? [
            drawAccount(state, short),
            button(t("toolbar_replies"), () => this.openPanel()),
            this.#tools.drawShorten(),
            button(t("toolbar_compose_schedule"), () => void this.#tools.schedule(), {
              icon: "schedule",
              short: true,
              class: "square",
            }),
            this.#drawBare(),
            !state.reachable && away(false),
            this.#counter.node,
          ]
        : unpaired(connect)),
      moreButton((more) => this.#tools.openMenu(more)),
    ]);
    bar.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.#backToBox();
    });
    return bar;
  }

  /** "2 images, 1 without a description". */
  #drawBare(): HTMLElement {
    this.#bare = button("", () => this.#describe(), { class: "bare" });
    this.#showPictures();
    return this.#bare;
  }

  #showPictures(): void {
    const bare = this.#bare;
    if (!bare) return;
    const words = wordsOf(this.#pictures);
    rename(bare, words);
    bare.hidden = !words;
    bare.title = this.#pictures?.describe ? t("toolbar_compose_describe") : "";
  }

  #describe(): void {
    const describe = this.#pictures?.describe;
    if (describe) goTo(describe);
    else this.#backToBox();
  }

  /** Keys may be faster than the bar. */
  #openNow(): void {
    const editor = this.#boxAt(focused());
    if (editor && this.#editor?.root !== editor.root) this.#open(editor);
  }

  /** Saved replies for what is answered in the focused box. False where there is none. */
  openPanel(): boolean {
    this.#openNow();
    return this.#tools.openPanel();
  }

  /** All links of the focused box, at once. False where there is none. */
  shortenAll(): boolean {
    this.#openNow();
    return this.#tools.shortenAll();
  }
}

/** "" where no picture lacks a description. */
function wordsOf(pictures: Pictures | null): string {
  if (!pictures || pictures.missing === 0) return "";
  const { all, missing } = pictures;
  if (missing === null) return plural("toolbar_compose_pictures", all);
  return t("toolbar_compose_bare", { all: plural("toolbar_compose_images", all), missing });
}
