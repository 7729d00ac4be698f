/**
 * The toolbar of one post: rests as our mark in the post's own row, unfolds on hover, focus or key, and stays unfolded
 * where the post is in the inbox or holds a keyword. It lies over the page and moves nothing.
 */
import { language, t } from "../../shared/i18n";
import { make } from "../dom";
import { isFree } from "../spot";
import { type Acts, drawBar, type Level, type View } from "./bar";
import { beside, Float, type Place, windowSize } from "./float";
import { type Host, makeHost, setStyle } from "./host";
import { mark } from "./icons";
import { widthsOf } from "./measure";
import { drawMenu, type Item } from "./menu";
import { type Job, Panel } from "./panel";
import { type Box, fit, type Spot } from "./place";

const OPEN_AFTER = 120; // ms of hovering
const CLOSE_AFTER = 300; // ms without
const REST = 24; // px, side of the target
const BAR = 28; // px, height

/** What a toolbar is told to do; it knows nothing of sites and servers. */
export interface Owner {
  view(): View;
  acts(toolbar: Toolbar): Acts;
  menu(toolbar: Toolbar): { items: (Item | null)[]; note: string };
  job(toolbar: Toolbar): Omit<Job, "close">;
}

/** Where the row is, measured for many posts in one go. */
export interface Measured {
  origin: { x: number; y: number };
  buttons: Box[];
  limit: number;
}

export class Toolbar {
  readonly host: Host = makeHost({ width: "0", height: "0", "z-index": "1" });
  readonly #unfolded = new Float();
  readonly #floating = new Float();
  #resting: HTMLElement | null = null;
  #moved = { x: 0, y: 0 };
  #signature = "";
  #quiet = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #owner: Owner;

  constructor(owner: Owner) {
    this.#owner = owner;

    this.host.body.addEventListener("pointerenter", () => this.#hover(true));
    this.host.body.addEventListener("pointerleave", () => this.#hover(false));
    this.host.body.addEventListener("focusin", () => clearTimeout(this.#timer));
    this.host.body.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && this.host.body.contains(event.relatedTarget))) this.#hover(false);
    });
    this.host.body.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.#unfolded.isOpen) {
        event.preventDefault();
        this.fold();
        this.#quiet = true; // the focus comes back by itself: that is no wish to unfold
        this.#resting?.focus();
        this.#quiet = false;
      }
    });
  }

  get isBusy(): boolean {
    return this.#floating.isOpen || this.#unfolded.isOpen;
  }

  setTheme(theme: "light" | "dark"): void {
    this.host.body.className = `en ${theme}`;
  }

  /** Draw what rests in the row, where `measured` leaves room. Writes only: nothing is read from the page here. */
  draw(measured: Measured): void {
    const view = this.#owner.view();
    const origin = { x: measured.origin.x - this.#moved.x, y: measured.origin.y - this.#moved.y };
    const { level, spot } = this.#choose(view, measured);
    const signature = `${level} ${language()} ${JSON.stringify({ ...view, state: { ...view.state, mentions: 0, keywords: 0 } })}`;
    if (signature !== this.#signature || !this.#resting) {
      this.#signature = signature;
      const next = level === "rest" ? this.#drawRest() : drawBar(view, this.#owner.acts(this), level);
      if (this.#resting) this.#resting.replaceWith(next);
      else this.host.body.prepend(next);
      this.#resting = next;
    }
    this.#moved = { x: Math.round(spot.x - origin.x), y: Math.round(spot.y - origin.y) };
    setStyle(this.host, "transform", `translate(${this.#moved.x}px, ${this.#moved.y}px)`);
  }

  #choose(view: View, { buttons, limit }: Measured): { level: Level | "rest"; spot: Spot } {
    // No room in the row: under it, over the empty edge of the post, where it covers no button.
    const below = (width: number): Spot => {
      const bottom = Math.max(...buttons.map((box) => box.bottom));
      return { x: limit - width, y: bottom + 2, room: width };
    };
    if (!view.matched || !view.state.paired) {
      return { level: "rest", spot: fit(buttons, limit, REST, REST) ?? below(REST) };
    }
    const widths = widthsOf(view);
    for (const level of ["full", "words", "icons"] as const) {
      const spot = fit(buttons, limit, widths[level], BAR);
      if (spot) return { level, spot };
    }
    return { level: "icons", spot: below(widths.icons) };
  }

  #drawRest(): HTMLElement {
    const rest = make(
      "button",
      {
        type: "button",
        class: "rest",
        title: t("toolbar_mark_title"),
        "aria-label": t("toolbar_mark"),
        "aria-expanded": "false",
      },
      mark(),
    );
    rest.addEventListener("mousedown", (event) => event.preventDefault());
    rest.addEventListener("focus", () => !this.#quiet && rest.matches(":focus-visible") && this.unfold());
    rest.addEventListener("click", () => this.unfold());
    rest.addEventListener("keydown", (event) => {
      if (!["Enter", " ", "ArrowRight", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      this.unfold(true);
    });
    return rest;
  }

  #hover(over: boolean): void {
    clearTimeout(this.#timer);
    if (over && this.#resting?.matches(".rest") && !this.isBusy) {
      this.#timer = setTimeout(() => this.unfold(), OPEN_AFTER);
    } else if (!over && this.#unfolded.isOpen) {
      this.#timer = setTimeout(() => {
        if (!this.#floating.isOpen && !this.host.body.matches(":hover, :focus-within")) this.fold();
      }, CLOSE_AFTER);
    }
  }

  /** Show the whole bar; with `focus` its first button takes the keys. */
  unfold(focus = false): void {
    const resting = this.#resting;
    if (!resting?.isConnected) return;
    if (resting.matches(".rest") && !this.#unfolded.isOpen) {
      resting.setAttribute("aria-expanded", "true");
      this.#unfolded.open(
        this.host.body,
        drawBar(this.#owner.view(), this.#owner.acts(this), "full"),
        this.#overRest(),
      );
    }
    if (focus) this.#bar()?.querySelector("button")?.focus();
  }

  /** Over the mark where nothing stands to its right, so that the mark stays where it is; else just below it. */
  #overRest(): Place {
    let free: boolean | undefined;
    return (size) => {
      const at = this.#resting!.getBoundingClientRect();
      const row = { x: at.left - 4, y: at.top - 2 };
      const room = at.left + size.width < windowSize().width - 8;
      free ??= room && isFree(at.right, row.y, size.width - 28, size.height);
      return free && room ? row : beside(() => at, at.left < size.width ? "left" : "right", 1)(size);
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
    const had = [...this.#unfolded.node.querySelectorAll("button")].findIndex((button) => button.matches(":focus"));
    this.#unfolded.open(this.host.body, drawBar(this.#owner.view(), this.#owner.acts(this), "full"), this.#overRest());
    if (had >= 0) this.#unfolded.node.querySelectorAll("button")[had]?.focus();
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

  openMenu(button: HTMLElement): void {
    const { items, note } = this.#owner.menu(this);
    const menu = drawMenu(t("toolbar_more"), items, note, (back) => {
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

  openPanel(): void {
    this.unfold();
    const panel = new Panel({
      ...this.#owner.job(this),
      close: () => {
        this.#floating.close();
        (this.#bar()?.querySelector<HTMLElement>("button") ?? this.#resting)?.focus();
      },
    });
    this.#openFloating(panel.node, beside(this.#anchor));
    void panel.start();
  }

  #openFloating(content: HTMLElement, place: Place): void {
    this.#floating.open(this.host.body, content, place, () => this.fold());
  }

  remove(): void {
    this.fold();
    this.host.node.remove();
  }
}
