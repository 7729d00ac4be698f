/**
 * Where the bar of a text box stands: below the box where it covers nothing, with fewer words where there is less room,
 * else as a mark in the box's corner that unfolds. Once something comes where it stands (a picture was attached, the
 * site's own bar grew), it looks for a place anew.
 */
import { t } from "../../shared/i18n";
import { type Editor, isField } from "../inserter/detect";
import { make } from "../toolbar/dom";
import { Float, type Place } from "../toolbar/float";
import { type Host, isUsed } from "../toolbar/host";
import { mark } from "../toolbar/icons";
import type { Size } from "../toolbar/place";
import { findSpot, isFree } from "../toolbar/spot";

/** From the left lower corner of the box, px; at its left end, or anywhere else at its right. */
type Spot = NonNullable<ReturnType<typeof findSpot>>;

const FOLDS_AFTER = 300; // ms
/** From the box's corner, px: in a field that is where one pulls at it. */
const inset = (root: HTMLElement) => (isField(root) ? 18 : 4);

export interface StandingHooks {
  /** The bar, drawn; `short`: without the account's name. */
  draw(short: boolean): HTMLElement;
  /** What the bar may need beside what it takes now, px: some of it comes a moment later. */
  spare(): number;
  /** Something of ours that belongs to the bar is open: it must not move. */
  busy(): boolean;
  /** The box is no longer in the page. */
  gone(): void;
}

export class Standing {
  readonly #float = new Float();
  readonly #host: Host;
  readonly #hooks: StandingHooks;
  #root: HTMLElement | null = null;
  /** Of the bar with all its words and with fewer, as they were measured last. */
  #sizes: Size[] = [];
  #rests = false;
  #mark: HTMLElement | null = null;
  #warning = "";

  constructor(host: Host, hooks: StandingHooks) {
    this.#host = host;
    this.#hooks = hooks;
  }

  get isOpen(): boolean {
    return this.#float.isOpen;
  }

  /** What holds the bar, or the mark. */
  get node(): HTMLElement {
    return this.#float.node;
  }

  open({ root }: Editor): void {
    this.#root = root;
    this.#stand();
  }

  /** What the person must know of the box, "" = nothing: at rest the mark tells it. */
  warn(words: string): void {
    this.#warning = words;
    const rest = this.#mark;
    if (!rest || rest.classList.contains("warn") === (words !== "")) return;
    rest.classList.toggle("warn", words !== "");
    rest.title = words || t("toolbar_name");
    rest.ariaLabel = words ? `${t("toolbar_replies")}. ${words}` : t("toolbar_replies");
  }

  /** The box has another size: with it, at its end. */
  move(): void {
    this.#float.move();
  }

  /** It became wider than it was where it was put. */
  get hasGrown(): boolean {
    const width = (this.node.firstElementChild as HTMLElement | null)?.offsetWidth ?? 0;
    return !this.#rests && width > (this.#sizes.at(-1)?.width ?? 0);
  }

  /**
   * Something beside the box changed; `room`: there may be room now where there was none. False where the bar is in use,
   * so that this has to be asked again.
   */
  look(room: boolean): boolean {
    if (!this.isOpen || !this.#root?.isConnected) return true;
    this.move();
    if (this.#hooks.busy() || isUsed(this.#host)) return false;
    if (this.#rests ? room && this.#sizes.some((size) => findSpot(this.#root!, size)) : !this.#isFree()) this.#stand();
    return true;
  }

  #isFree(): boolean {
    const { left, top, width, height } = (this.node.firstElementChild ?? this.node).getBoundingClientRect();
    return isFree(left, top, width, height, this.#root!);
  }

  #stand(): void {
    this.#sizes = [];
    let bar = this.#hooks.draw(false);
    let spot = this.#spotFor(bar);
    if (!spot) {
      bar = this.#hooks.draw(true);
      spot = this.#spotFor(bar);
    }
    this.#rests = !spot;
    this.#mark = null;
    if (spot) this.#float.open(this.#host.body, bar, this.#below(spot));
    else this.#rest(bar);
  }

  #spotFor(bar: HTMLElement): Spot | null {
    this.#host.body.append(bar);
    const size = { width: bar.offsetWidth + this.#hooks.spare(), height: bar.offsetHeight };
    bar.remove();
    this.#sizes.push(size);
    return findSpot(this.#root!, size);
  }

  /** At its end of the box, however wide it is by now. */
  #below({ x, y }: Spot): Place {
    return ({ width }) => {
      if (!this.#root?.isConnected) {
        this.#hooks.gone();
        return { x: 0, y: 0 };
      }
      const { left, right, bottom } = this.#root.getBoundingClientRect();
      return { x: x > 0 ? right - width : left + x, y: bottom + y };
    };
  }

  /** A mark inside the box's corner, that unfolds. */
  #rest(bar: HTMLElement): void {
    const root = this.#root!;
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
    // Where lines end, which from right to left is on the left.
    const leftwards = getComputedStyle(root).direction === "rtl";
    const corner = (size: Size) => {
      const { left, right, bottom } = root.getBoundingClientRect();
      const x = leftwards ? left + inset(root) : right - size.width - inset(root);
      return { x, y: bottom - size.height - 3 };
    };
    const unfold = () => this.#float.open(this.#host.body, bar, corner);
    const fold = () =>
      setTimeout(
        () =>
          !this.#hooks.busy() &&
          bar.isConnected &&
          !bar.matches(":hover, :focus-within") &&
          this.#float.open(this.#host.body, rest, corner),
        FOLDS_AFTER,
      );
    this.#mark = rest;
    this.warn(this.#warning);
    rest.addEventListener("mousedown", (event) => event.preventDefault());
    rest.addEventListener("pointerenter", unfold);
    rest.addEventListener("click", unfold);
    bar.addEventListener("pointerleave", fold);
    this.#float.open(this.#host.body, rest, corner);
  }

  close(): void {
    this.#float.close();
    this.#root = null;
    this.#warning = "";
  }
}
