/** The bar of the round on a page: which page this is, what was done, what can be done. It can be moved. */
import { t } from "../../shared/i18n";
import { button, step } from "../toolbar/button";
import { type Child, make, say } from "../toolbar/dom";
import { Float, windowSize } from "../toolbar/float";
import { type Host, makeHost, pageRoot } from "../toolbar/host";
import { mark } from "../toolbar/icons";
import { isOurs } from "../toolbar/tag";
import { themeAt } from "../toolbar/theme";
import { dress } from "./looks";
import { asParts, clamp, freeCorner, fromParts, type Point } from "./spot";

export interface Act {
  words: string;
  /** Shown beside it: "Alt+C". */
  key?: string;
  /** The one that is most likely wanted. */
  first?: boolean;
  /** Not now. */
  off?: boolean;
  /** At the other end. */
  last?: boolean;
  run: () => void;
}

export interface Shown {
  name: string;
  at: string;
  said: string;
  look?: "" | "good" | "warn";
  acts: Act[];
}

const STEP = 24; // px, by arrow keys
const SVG = "http://www.w3.org/2000/svg";

export class Bar {
  readonly #host: Host = makeHost("over");
  readonly #float = new Float();
  readonly #name = make("span", { class: "name" });
  readonly #at = make("span", { class: "at" });
  readonly #said = make("p", { class: "said", role: "status" });
  readonly #acts = make("div", { class: "acts", role: "toolbar" });
  readonly #grip: HTMLButtonElement;
  readonly #box: HTMLElement;
  #parts: Point | null = null;
  readonly #moved: (parts: Point) => void;

  /** `moved`: the person put it elsewhere. */
  constructor(moved: (parts: Point) => void) {
    this.#moved = moved;
    dress(this.#host);
    this.#grip = button(t("toolbar_round_move"), () => undefined, { class: "grip", short: true });
    this.#grip.append(dots());
    this.#grip.addEventListener("pointerdown", (event) => this.#drag(event));
    this.#grip.addEventListener("keydown", (event) => this.#byKey(event));
    const top = make("div", { class: "top" }, this.#grip, mark(), this.#name, this.#at);
    this.#box = make("section", { class: "round", "aria-label": t("toolbar_round") }, top, this.#said, this.#acts);
    this.#acts.setAttribute("aria-label", t("toolbar_round"));
    this.#acts.addEventListener("keydown", (event) => step(event, [...this.#acts.querySelectorAll("button")]));
  }

  /** The focus stays on the button that it is on, else it goes to the first where it was in the bar. */
  show({ name, at, said, look = "", acts }: Shown, parts: Point | null): void {
    const focused = this.#acts.querySelector(":focus");
    const had = focused?.getAttribute("data-words");
    say(this.#name, name);
    this.#name.title = name;
    say(this.#at, at);
    if ((this.#said.dataset.t ?? "") !== said) say(this.#said, said);
    this.#said.className = `said ${look}`;
    const made = acts.map((act) => ({ act, node: this.#button(act) }));
    const row: Child[] = [];
    for (const { act, node } of made) row.push(act.last && make("span", { class: "grow" }), node);
    this.#acts.replaceChildren(...row.filter((one): one is HTMLElement => Boolean(one)));
    this.#parts = parts ?? this.#parts;
    this.#open();
    if (had !== null && had !== undefined)
      (made.find(({ act }) => act.words === had) ?? made.find(({ act }) => act.first) ?? made[0])?.node.focus();
  }

  #button({ words, key, first, off, run }: Act): HTMLButtonElement {
    const made = button(words, run, { class: first ? "btn go" : "btn" });
    made.setAttribute("data-words", words);
    if (off) made.ariaDisabled = "true";
    if (key) {
      made.append(make("kbd", { text: key, "aria-hidden": "true" }));
      made.setAttribute("aria-keyshortcuts", key);
    }
    return made;
  }

  #open(): void {
    const root = pageRoot();
    this.#host.body.className = `en ${themeAt(document.body ?? document.documentElement)}`;
    if (this.#float.isOpen && this.#host.node.parentElement === root) {
      this.#float.move();
      return;
    }
    root.append(this.#host.node);
    let corner: Point | null = null;
    this.#float.open(this.#host.body, this.#box, (size) => {
      if (this.#parts) return fromParts(this.#parts, size, windowSize());
      corner ??= asParts(freeCorner(size, windowSize(), isOurs), size, windowSize());
      return fromParts(corner, size, windowSize());
    });
  }

  /** The page took our host away, or opened a dialog over it: there again. */
  restore(): void {
    if (!this.#host.node.isConnected || this.#host.node.parentElement !== pageRoot()) this.#open();
  }

  #drag(event: PointerEvent): void {
    const { left, top } = this.#box.getBoundingClientRect();
    const grab = { x: event.clientX - left, y: event.clientY - top };
    this.#grip.setPointerCapture(event.pointerId);
    const end = new AbortController();
    const { signal } = end;
    const move = (now: PointerEvent) => this.#put({ x: now.clientX - grab.x, y: now.clientY - grab.y });
    this.#grip.addEventListener("pointermove", move, { signal });
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      this.#grip.addEventListener(
        type,
        () => {
          end.abort();
          if (this.#parts) this.#moved(this.#parts);
        },
        { signal },
      );
    }
  }

  #byKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const { left, top } = this.#box.getBoundingClientRect();
    this.#put({ x: left + by[0]! * STEP, y: top + by[1]! * STEP });
    if (this.#parts) this.#moved(this.#parts);
  }

  #put({ x, y }: Point): void {
    const [size, view] = [this.#box.getBoundingClientRect(), windowSize()];
    const at = { x: clamp(x, view.width - size.width), y: clamp(y, view.height - size.height) };
    this.#parts = asParts(at, size, view);
    this.#float.move();
  }

  end(): void {
    this.#float.close();
    this.#host.node.remove();
  }
}

/** Six dots: what can be moved. */
function dots(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const x of [9, 15])
    for (const y of [5, 12, 19]) {
      const dot = document.createElementNS(SVG, "circle");
      for (const [name, value] of Object.entries({ cx: x, cy: y, r: 1 })) dot.setAttribute(name, String(value));
      svg.append(dot);
    }
  return svg;
}
