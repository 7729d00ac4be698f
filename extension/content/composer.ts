/**
 * The small toolbar beside any focused text box: saved replies, links in the box shortened, scheduling instead, how much
 * room is left, pictures without a description. It works on any site, and on after a site has changed its pages; what
 * only an adapter knows (whose limit, which pictures) is left out where there is none.
 */
import { plural, t } from "../shared/i18n";
import type { BoxAbout, PagePost, PageState } from "../shared/messages";
import { send } from "../shared/send";
import type { Composer } from "../sites/types";
import { attempt } from "./attempt";
import "./composing/icons";
import { goTo, type Pictures, picturesOf } from "./composing/attached";
import { drawCampaign } from "./composing/campaign";
import { drawCard } from "./composing/card";
import { Counter } from "./composing/counter";
import { linksOf, shortenLinks } from "./composing/shorten";
import { make } from "./dom";
import { host } from "./frame";
import { type Caret, keepCaret, putCaret } from "./inserter/caret";
import { type Editor, editorOf, isField, visibleText } from "./inserter/detect";
import { Words } from "./inserter/words";
import { checkOrphaned } from "./orphan";
import { findSpot } from "./spot";
import { accountOf, away, drawAccount, makeBar, moreButton, unpaired } from "./toolbar/bar";
import { button, rename } from "./toolbar/button";
import { beside, Float } from "./toolbar/float";
import { type Host, isOurs, makeHost, pageRoot } from "./toolbar/host";
import { mark } from "./toolbar/icons";
import { drawMenu, type Item } from "./toolbar/menu";
import { type Choice, Panel } from "./toolbar/panel";
import { themeAt } from "./toolbar/theme";

const SHOW_AFTER = 200; // ms of focus
const CLOSE_AFTER = 300; // ms without focus
const LOOK_AFTER = 120; // ms behind a key
const SLOW = 1000; // ms, from then on the button says that it works
const COUNT_WIDTH = 36; // px
const NOTHING: BoxAbout = { counting: null, campaign: "", campaigns: [] };

/** Boxes for searching, and editors of code: nobody answers there. */
const NOT_HERE =
  '[type="search"], [role="searchbox"], [role="combobox"], [name="q"], [aria-autocomplete="list"]:not([contenteditable]), .cm-editor *, .monaco-editor *';
const NARROW = 120; // px

interface Spot {
  x: number;
  y: number;
  /** It ends where the box ends. */
  right: boolean;
}

export interface ComposerHooks {
  state(): PageState;
  /** What is answered in this box, where the site's adapter knows it. */
  postOf(editor: Editor): { post: PagePost; intent: string | null } | null;
  /** Whether it is known which brand this page is for, now. */
  ready(near: Element): Promise<boolean>;
  /** Whether to answer a post: where somebody did or does, the person is asked first. */
  mayAnswer(near: Element, url: string, panel: Panel): Promise<boolean>;
  insert(choice: Choice, post: PagePost, editor: Editor, caret: Caret): void;
  /** How the site's adapter knows this box, where it does; the network that counts in it; the network's name. */
  boxOf(editor: Editor): { composer: Composer | null; limit: string | null; network: string; name: string };
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
  /** Where the caret was when the keys left the box. */
  #left: Caret | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopWatching: (() => void) | null = null;
  #about: BoxAbout = NOTHING;
  #counter = new Counter();
  #pictures: Pictures | null = null;
  #bare: HTMLElement | null = null;
  #shortening: HTMLElement | null = null;

  readonly #hooks: ComposerHooks;

  constructor(hooks: ComposerHooks, signal: AbortSignal) {
    this.#hooks = hooks;

    document.addEventListener("focusin", (event) => this.#focused(event), { capture: true, signal });
    document.addEventListener("focusout", () => this.#unfocused(), { capture: true, signal });
    // As in editors of text: from the text to its toolbar.
    document.addEventListener("keydown", (event) => this.#key(event), { capture: true, signal });
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
    if (this.#editor) this.#left = keepCaret(this.#editor);
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
    this.#pictures = picturesOf(editor.root, this.#hooks.boxOf(editor).composer?.attached);
    // With the account's name where there is room for it.
    let bar = this.#draw(false);
    let spot = this.#spotFor(bar, editor);
    if (!spot) {
      bar = this.#draw(true);
      spot = this.#spotFor(bar, editor);
    }
    if (spot) this.#bar.open(this.#host.body, bar, (size) => this.#follow(spot!, size.width));
    else this.#rest(bar);
    this.#watch(editor);
  }

  /** Of a box that has its toolbar: its size, its words, the pictures beside it. */
  #watch(editor: Editor): void {
    const resized = new ResizeObserver(() => this.#bar.move());
    resized.observe(editor.root);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        this.#look();
      }, LOOK_AFTER);
    };
    const end = new AbortController();
    for (const type of ["input", "keyup", "click", "change"])
      document.addEventListener(type, later, { capture: true, passive: true, signal: end.signal });
    // What a site changes by itself: a box that is empty again, a picture that came.
    const changed = new MutationObserver(later);
    const around = editor.root.closest("dialog, [role='dialog'], form, article, main") ?? editor.root;
    changed.observe(around, { childList: true, subtree: true, characterData: true });
    this.#stopWatching = () => {
      clearTimeout(timer);
      end.abort();
      resized.disconnect();
      changed.disconnect();
      this.#counter.stop();
    };
    const { limit } = this.#hooks.boxOf(editor);
    const { brand } = this.#hooks.state();
    this.#look();
    void send("box.about", { host: location.hostname, limit, ...(brand && { brand_id: brand.id }) }).then((about) => {
      if (this.#editor !== editor) return;
      this.#about = about;
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
    this.#counter.show(new Words(editor).text, this.#about.counting, /^-?\d+$/.test(left) ? Number(left) : null);
    this.#pictures = picturesOf(editor.root, composer?.attached);
    this.#showPictures();
  }

  #showPictures(): void {
    const bare = this.#bare;
    if (!bare) return;
    const { all = 0, missing = 0 } = this.#pictures ?? {};
    const words = all > 0 && missing !== 0 ? wordsOf(all, missing) : "";
    rename(bare, words);
    bare.hidden = !words;
    bare.title = this.#pictures?.describe ? t("toolbar_compose_describe") : "";
  }

  #describe(): void {
    const describe = this.#pictures?.describe;
    if (describe) goTo(describe);
    else this.#backToBox();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "F10" || !event.altKey || event.ctrlKey || event.metaKey) return;
    const at = event.composedPath()[0];
    const editor = this.#editor;
    if (!editor || !(at instanceof Node) || !editor.root.contains(at) || !this.#bar.isOpen) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#bar.node.querySelector<HTMLElement>(".rest")?.click();
    this.#bar.node.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }

  #spotFor(bar: HTMLElement, editor: Editor): Spot | null {
    this.#host.body.append(bar);
    // What is left comes a moment later, and there is room for it by then.
    const width = bar.offsetWidth + (this.#hooks.boxOf(editor).limit ? COUNT_WIDTH : 0);
    const spot = findSpot(editor.root, { width, height: bar.offsetHeight });
    bar.remove();
    return spot && { ...spot, right: spot.x > 0 };
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

  /** At its end of the box, however wide it is by now. */
  #follow({ x, y, right: atRight }: Spot, width: number): { x: number; y: number } {
    if (!this.#editor?.root.isConnected) {
      this.close();
      return { x: 0, y: 0 };
    }
    const { left, right, bottom } = this.#editor.root.getBoundingClientRect();
    return { x: atRight ? right - width : left + x, y: bottom + y };
  }

  #draw(short: boolean): HTMLElement {
    const state = this.#hooks.state();
    const connect = () => void send("open.app", { page: "pair" }).catch(checkOrphaned);
    const bar = makeBar(state, [
      ...(state.paired
        ? [
            drawAccount(state, short),
            button(t("toolbar_replies"), () => this.openPanel()),
            this.#drawShorten(),
            button(t("toolbar_compose_schedule"), () => void this.#schedule(), {
              icon: "schedule",
              short: true,
              class: "square",
            }),
            this.#drawBare(),
            !state.reachable && away(false),
            this.#counter.node,
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
    const menu = drawMenu(t("toolbar_more"), this.#items(), this.#hooks.note(), (back) => {
      this.#floating.close();
      if (back) this.#backToBox();
    });
    this.#openFloating(menu, () => button.getBoundingClientRect());
    menu.querySelector("button")?.focus();
  }

  #drawShorten(): HTMLElement {
    this.#shortening = button(t("toolbar_shorten_box"), () => void this.shortenAll());
    return this.#shortening;
  }

  /** "2 images, 1 without a description". */
  #drawBare(): HTMLElement {
    this.#bare = button("", () => this.#describe(), { class: "bare" });
    this.#showPictures();
    return this.#bare;
  }

  /** What can be done with this box beside what the bar shows. */
  #items(): (Item | null)[] {
    const editor = this.#editor;
    const own: (Item | null)[] = [];
    if (editor && this.#hooks.state().paired) {
      const link = linksOf(editor).at(-1);
      if (link) own.push({ icon: "card", words: t("toolbar_compose_see_card"), run: () => this.#openCard(link) });
      const { campaign } = this.#about;
      const words = campaign ? t("toolbar_compose_campaign", { name: campaign }) : t("toolbar_compose_campaign_name");
      own.push({ icon: "campaign", words, run: () => this.#openCampaign() }, null);
    }
    return [...own, ...this.#hooks.menu()];
  }

  #ofBrand(): { brand_id?: string } {
    const { brand } = this.#hooks.state();
    return brand ? { brand_id: brand.id } : {};
  }

  #openCard(link: string): void {
    const { network, name } = this.#hooks.boxOf(this.#editor!);
    const close = () => {
      this.#floating.close();
      this.#backToBox();
    };
    const card = drawCard(link, network, name, this.#ofBrand(), close);
    this.#openFloating(card, () => this.#barBox());
    card.querySelector("button")?.focus();
  }

  #openCampaign(): void {
    const { campaign, campaigns } = this.#about;
    const close = () => {
      this.#floating.close();
      this.#backToBox();
    };
    const choose = (name: string) => {
      close();
      const names = name ? [name, ...campaigns.filter((one) => one !== name)] : campaigns;
      void attempt(async () => {
        await send("campaign.use", { name, ...this.#ofBrand() });
        this.#about = { ...this.#about, campaign: name, campaigns: names };
      });
    };
    const form = drawCampaign({ now: campaign, names: campaigns, choose, close });
    this.#openFloating(form, () => this.#barBox());
    form.querySelector("input")?.focus();
  }

  #barBox(): DOMRect {
    return (this.#bar.node.firstElementChild ?? this.#editor!.root).getBoundingClientRect();
  }

  /** The app's composer with what is written here; the box stays as it is. */
  async #schedule(): Promise<void> {
    const editor = this.#editor;
    if (!editor || !(await this.#hooks.ready(editor.root))) return;
    const { network } = this.#hooks.boxOf(editor);
    const images = picturesOf(editor.root, this.#hooks.boxOf(editor).composer?.attached)?.urls ?? [];
    const account = this.#hooks.state().handle;
    const text = new Words(editor).text;
    const shared = { url: "", text, images, schedule: true, network, account, ...this.#ofBrand() };
    void attempt(() => send("share", shared));
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
    const answered = this.#hooks.postOf(editor);
    const about = answered ?? { post: pageAround(editor), intent: null };
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
    if (answered) {
      const caret = this.#caret;
      const go = await this.#hooks.mayAnswer(editor.root, answered.post.url, panel);
      if (!editor.root.isConnected) return;
      if (!go) return putCaret(editor, caret);
      // The question took the keys, and the bar closed behind it.
      if (this.#editor?.root !== editor.root) this.#open(editor);
      this.#caret = caret;
    }
    this.#openFloating(panel.node, () => this.#barBox());
    void panel.start();
  }

  #backToBox(): void {
    if (this.#editor) putCaret(this.#editor, this.#left);
  }

  #openFloating(content: HTMLElement, anchor: () => DOMRect): void {
    this.#floating.open(this.#host.body, content, beside(anchor, "right"), () => this.#floating.close());
  }

  /** All links of the focused box, at once. False where there is none. */
  shortenAll(): boolean {
    const editor = this.#editor;
    if (!editor?.root.isConnected) return false;
    void this.#shorten(editor, keepCaret(editor));
    return true;
  }

  async #shorten(editor: Editor, caret: Caret): Promise<void> {
    if (this.#shortening?.ariaBusy === "true" || !(await this.#hooks.ready(editor.root))) return;
    const made = this.#shortening;
    if (made) made.ariaBusy = "true";
    const slow = setTimeout(() => made && rename(made, t("toolbar_compose_shortening")), SLOW);
    const { network } = this.#hooks.boxOf(editor);
    await shortenLinks(editor, caret, network, this.#ofBrand());
    clearTimeout(slow);
    if (!made) return;
    made.ariaBusy = null;
    rename(made, t("toolbar_shorten_box"));
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
    this.#about = NOTHING;
    this.#pictures = null;
  }
}

const wordsOf = (all: number, missing: number | null) =>
  missing === null
    ? plural("toolbar_compose_pictures", all)
    : t("toolbar_compose_bare", { all: plural("toolbar_compose_images", all), missing });

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
