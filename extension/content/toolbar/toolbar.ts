/**
 * The toolbar of one post: rests as our mark in the post's own row, unfolds on hover, focus or key, and stays unfolded
 * where the post is in the inbox or holds a keyword. It lies over the page and moves nothing.
 */
import { t } from "../../shared/i18n";
import { keysNow } from "../keys";
import { type Acts, drawBar, type Level, type View } from "./bar";
import { make } from "./dom";
import { beside, Float, type Place, windowSize } from "./float";
import { type Host, makeHost } from "./host";
import { mark } from "./icons";
import { widthsOf } from "./measure";
import { type Box, fit, fitLeftwards, type Spot } from "./place";
import { isFree } from "./spot";

const OPEN_AFTER = 120; // ms of hovering
const CLOSE_AFTER = 300; // ms without
const REST = 24; // px, side of the target
const BAR = 28; // px, height
/** In a line of small words the bar is as low as it can be, so as not to lie over the lines above and below. */
const LOW = { line: 18, bar: 22, over: 8 }; // px

/** What a toolbar is told to do; it knows nothing of sites and servers. */
export interface Owner {
  view(): View;
  acts(toolbar: Toolbar): Acts;
  /** The whole bar is shown: the person may act on this post. */
  unfolded(): void;
}

/** Where the row is, measured for many posts in one go. */
export interface Measured {
  origin: { x: number; y: number };
  buttons: Box[];
  /** Where the row's room ends: at the right, in a row that runs leftwards at the left. */
  limit: number;
  leftwards: boolean;
  zoom: number;
}

export class Toolbar {
  readonly host: Host = makeHost("post", (event) => this.#listen(event));
  readonly #unfolded = new Float();
  readonly #floating = new Float();
  #resting: HTMLElement | null = null;
  /** Its row is a line of small words. */
  #low = false;
  /** Its row runs from right to left. */
  #leftwards = false;
  #signature = "";
  #quiet = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #owner: Owner;

  constructor(owner: Owner) {
    this.#owner = owner;
    // Most posts are like this: drawn at once, so that placing it later costs no layout.
    if (!this.#owner.view().matched) this.#rest();
  }

  #listen(event: Event): void {
    this.host.body.addEventListener("pointerenter", () => this.#hover(true));
    this.host.body.addEventListener("pointerleave", () => this.#hover(false));
    this.host.body.addEventListener("focusin", () => {
      clearTimeout(this.#timer);
      this.#focused();
    });
    this.host.body.addEventListener("mousedown", (down) => this.#isRest(down.target) && down.preventDefault());
    this.host.body.addEventListener("click", (click) => this.#isRest(click.target) && this.unfold());
    this.host.body.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.host.body.contains(relatedTarget))) this.#hover(false);
    });
    this.host.body.addEventListener("keydown", (down) => {
      if (down.defaultPrevented) return;
      if (down.key === "Escape" && this.#unfolded.isOpen) {
        down.preventDefault();
        this.fold();
        this.#quietly(() => this.#resting?.focus());
      } else if (down.key === "Tab") {
        // One stop per post: from inside the bar the page goes on where the mark stands.
        const inBar = this.#unfolded.node.contains(down.target as Node);
        if (inBar) this.#quietly(() => this.#resting?.focus());
      } else if (this.#isRest(down.target) && ["Enter", " ", "ArrowRight", "ArrowDown"].includes(down.key)) {
        down.preventDefault();
        this.unfold(true);
      }
    });
    if (event.type === "focusin") this.#focused();
    else this.#hover(true);
  }

  get isBusy(): boolean {
    return this.#floating.isOpen || this.#unfolded.isOpen;
  }

  setTheme(theme: "light" | "dark"): void {
    const name = `en ${theme}`;
    if (this.host.body.className !== name) this.host.body.className = name;
  }

  /** Draw what rests in the row, where `measured` leaves room. Writes only: nothing is read from the page here. */
  draw(measured: Measured): void {
    const view = this.#owner.view();
    const { origin, zoom } = measured;
    const low = Math.max(...measured.buttons.map(({ top, bottom }) => bottom - top)) < LOW.line;
    this.#low = low;
    this.#leftwards = measured.leftwards;
    const { level, spot } = this.#choose(view, measured, low ? LOW.bar : BAR);
    const signature = `${level} ${low} ${view.version} ${view.matched} ${view.saving}`;
    if (level === "rest") this.#rest();
    else if (signature !== this.#signature) {
      const bar = drawBar(view, this.#owner.acts(this), level);
      bar.classList.toggle("low", low);
      this.#show(bar);
      this.#takeIn(bar);
    }
    this.#signature = signature;
    this.host.body.style.transform = `translate(${Math.round((spot.x - origin.x) / zoom)}px, ${Math.round((spot.y - origin.y) / zoom)}px)`;
  }

  #show(next: HTMLElement): void {
    if (this.#resting) this.#resting.replaceWith(next);
    else this.host.body.prepend(next);
    this.#resting = next;
  }

  /** The row has all of it by now: what unfolded over it goes, and the keys are on the same button in the row. */
  #takeIn(bar: HTMLElement): void {
    if (!this.#unfolded.isOpen) return;
    const at = this.#focusedButton();
    this.#unfolded.close();
    bar.querySelectorAll("button")[at]?.focus();
  }

  /** Which button of the unfolded bar has the keys; -1 = none. */
  #focusedButton(): number {
    return [...this.#unfolded.node.querySelectorAll("button")].findIndex((button) => button.matches(":focus"));
  }

  /** The mark alone; drawn again only where the language changed. */
  #rest(): void {
    const label = t("toolbar_mark");
    const { reply } = keysNow();
    const title = reply ? `${t("toolbar_name")} (${reply})` : t("toolbar_name");
    if (this.#resting?.ariaLabel !== label || this.#resting.title !== title) this.#show(this.#drawRest(label, title));
  }

  #choose(view: View, { buttons, limit, leftwards }: Measured, height: number): { level: Level | "rest"; spot: Spot } {
    const find = leftwards ? fitLeftwards : fit;
    // No room in the row: under it, over the empty edge of the post, where it covers no button.
    const below = (width: number): Spot => {
      const bottom = Math.max(...buttons.map((box) => box.bottom));
      return { x: leftwards ? limit : limit - width, y: bottom + 2, room: width };
    };
    if (!view.matched || !view.state.paired) {
      return { level: "rest", spot: find(buttons, limit, REST, REST) ?? below(REST) };
    }
    const widths = widthsOf(view);
    for (const level of ["full", "words", "icons"] as const) {
      const spot = find(buttons, limit, widths[level], height);
      if (spot) return { level, spot };
    }
    return { level: "icons", spot: below(widths.icons) };
  }

  #drawRest(label: string, title: string): HTMLElement {
    return make(
      "button",
      {
        type: "button",
        class: "rest",
        title,
        "aria-label": label,
        "aria-expanded": "false",
      },
      mark(),
    );
  }

  #isRest(target: EventTarget | null): boolean {
    return Boolean(this.#resting?.matches(".rest") && this.#resting.contains(target as Node));
  }

  /** The focus comes back by itself: that is no wish to unfold. */
  #quietly(run: () => void): void {
    this.#quiet = true;
    run();
    this.#quiet = false;
  }

  #focused(): void {
    if (!this.#quiet && this.#resting?.matches(".rest:focus-visible")) this.unfold();
  }

  #hover(over: boolean): void {
    clearTimeout(this.#timer);
    if (over && this.#resting?.matches(".rest") && !this.isBusy) {
      this.#timer = setTimeout(() => this.unfold(), OPEN_AFTER);
    } else if (!over && this.#unfolded.isOpen) {
      this.#timer = setTimeout(() => {
        if (this.#floating.isOpen || this.host.body.querySelector(":hover")) return;
        const had = this.#focusedButton() >= 0;
        this.fold();
        // The keys that were in the bar are on its mark, not lost in the page.
        if (had) this.#quietly(() => this.#resting?.focus({ preventScroll: true }));
      }, CLOSE_AFTER);
    }
  }

  /** Show the whole bar; with `focus` its first button takes the keys. */
  unfold(focus = false): void {
    const resting = this.#resting;
    if (!resting?.isConnected) return;
    this.#owner.unfolded();
    if (resting.matches(".rest") && !this.#unfolded.isOpen) {
      resting.setAttribute("aria-expanded", "true");
      this.#unfolded.open(this.host.body, this.#drawWhole(), this.#overRest());
    }
    if (focus) this.#bar()?.querySelector("button")?.focus();
  }

  /** With the account in use and all its words; between lines of small words with as many as fit beside the mark. */
  #drawWhole(): HTMLElement {
    const view = this.#owner.view();
    const { left, right } = this.#resting!.getBoundingClientRect();
    const { width } = windowSize();
    const levels: Level[] = ["full", "words"];
    const fits = (room: number) => levels.find((one) => widthsOf(view)[one] <= room);
    const beside = this.#low && fits((this.#leftwards ? right : width - left) - 16);
    const level = beside || fits(width - 16) || "icons";
    const bar = drawBar(view, this.#owner.acts(this), level, true);
    bar.classList.toggle("leftwards", this.#leftwards);
    return bar;
  }

  /** Over the mark where nothing stands beyond it in the row, so that the mark stays where it is; else just below it. */
  #overRest(): Place {
    let free: boolean | undefined;
    const leftwards = this.#leftwards;
    return (size) => {
      const at = this.#resting!.getBoundingClientRect();
      const row = { x: leftwards ? at.right + 4 - size.width : at.left - 4, y: at.top - 2 };
      const room = row.x > 4 && row.x + size.width < windowSize().width - 4;
      // In a line of small words only that line counts: below, it would hide all of the next one.
      const over = this.#low ? LOW.over : 0;
      const from = leftwards ? row.x : at.right;
      free ??= room && isFree(from, row.y + over, size.width - 28, size.height - 2 * over, this.host.node);
      const right = leftwards ? at.right > size.width : at.left >= size.width;
      return free && room ? row : beside(() => at, right ? "right" : "left", 1)(size);
    };
  }

  fold(): void {
    clearTimeout(this.#timer);
    this.#resting?.setAttribute("aria-expanded", "false");
    this.#floating.close();
    this.#unfolded.close();
  }

  /** What is drawn changed: draw the unfolded bar again, with the keys where they were. */
  refresh(): void {
    if (!this.#unfolded.isOpen) return;
    const had = this.#focusedButton();
    this.#unfolded.open(this.host.body, this.#drawWhole(), this.#overRest());
    this.#unfolded.node.querySelectorAll("button")[had]?.focus();
  }

  #bar(): HTMLElement | null {
    return this.#unfolded.isOpen
      ? this.#unfolded.node.querySelector(".bar")
      : this.#resting?.matches(".bar")
        ? this.#resting
        : null;
  }

  #anchor = (): Box => {
    const node = this.#bar() ?? this.#resting;
    return (node ?? this.host.node).getBoundingClientRect();
  };

  /** What stands behind `button`; `draw` is told how it is closed. */
  openMenu(button: HTMLElement, draw: (close: (back: boolean) => void) => HTMLElement): void {
    const menu = draw((back) => {
      this.#floating.close();
      if (back) button.focus();
      else this.#hover(false);
    });
    this.#openFloating(
      menu,
      beside(() => button.getBoundingClientRect(), "right"),
    );
    menu.querySelector("button")?.focus();
  }

  /** Show a panel beside the bar, which unfolds. */
  openPanel(panel: HTMLElement): void {
    this.unfold();
    this.#openFloating(panel, beside(this.#anchor));
  }

  /** The keys go back to the bar. */
  closePanel(): void {
    this.#floating.close();
    (this.#bar()?.querySelector<HTMLElement>("button") ?? this.#resting)?.focus();
  }

  #openFloating(content: HTMLElement, place: Place): void {
    this.#floating.open(this.host.body, content, place, () => this.fold());
  }

  remove(): void {
    this.fold();
    this.host.node.remove();
  }
}
