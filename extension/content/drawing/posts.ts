/**
 * The posts of a page: found when they are added, drawn when they come near the window, drawn again when the site puts
 * another post into the same element. Steps back when the page no longer is what the adapter says.
 */
import type { PagePost } from "../../shared/messages";
import type { Site, Variant } from "../../sites/types";
import { plainAddress } from "../address";
import { checkOrphaned } from "../orphan";
import { themeAt } from "../toolbar/theme";
import type { Owner } from "../toolbar/toolbar";
import { Toolbar } from "../toolbar/toolbar";
import { measureRow } from "./measure";
import { isNested, keyOf, learn, readPost, rowOf } from "./read";
import { Viewport } from "./viewport";

/** So many posts with the same thing missing on every one: the page changed, we do not understand it any more. */
const ENOUGH = 5;
/** So often a toolbar that the page takes away is put back into the same post. */
const PATIENCE = 4;

/** The pause between two rounds of drawing. */
const ROUND = 60; // ms
/** A mark that is out of sight goes with the next round, or after this time. */
const LINGER = 1000; // ms
/** A site that changes only texts and attributes of an element is noticed within this time. */
const RECHECK = 250; // ms
/** So often the page is asked whether it is light or dark. */
const THEME = 1000; // ms

/** A post is read when it is drawn or acted on, not when it is found. */
const NOTHING: PagePost = { url: "", network: "", author: "", author_url: "", text: "", published_at: null };

export interface Known {
  element: Element;
  variant: Variant;
  key: string;
  post: PagePost;
  row: Element | null;
  toolbar: Toolbar | null;
  drawn: number;
}

export interface Hooks {
  owner(known: Known): Owner;
  /** A post that was not there before. */
  added(known: Known): void;
  /** This was missing on five of five posts of a kind: such posts get nothing from now on. */
  stepBack(kind: string, missing: string): void;
}

type Value = "author" | "url" | "text" | "row";

interface Tally extends Record<Value, number> {
  posts: number;
  /** What all of them lack: these posts get no toolbar. */
  broken: string;
}

const isText = (row: Element, { text }: Variant) => text.some(({ css }) => css !== ":scope" && row.matches(css));

export class Posts {
  readonly #known = new WeakMap<Element, Known>();
  readonly #rows = new Map<Element, Known>();
  readonly #drawn = new Set<Known>();
  readonly #viewport: Viewport;
  readonly #sizes: ResizeObserver;
  readonly #seen = new WeakSet<Element>();
  /** What was missing, by kind of post: the page may show comments as ever, and its posts in a new way. */
  readonly #tallies = new Map<Variant, Tally>();
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #theme: "light" | "dark" = "light";
  #themed = Number.NEGATIVE_INFINITY;

  readonly #hooks: Hooks;

  constructor(
    readonly site: Site,
    hooks: Hooks,
  ) {
    this.#hooks = hooks;
    learn(site);

    this.#viewport = new Viewport(
      (came) => this.#drawSoon(came),
      (went) => this.#left(went),
    );
    // It speaks after the layout of a frame: first when a row is new, then when its size changes. So rows are measured
    // where nothing has to be laid out for it.
    this.#sizes = new ResizeObserver((entries) => {
      this.#place(entries.flatMap(({ target }) => this.#rows.get(target) ?? []));
    });
  }

  /** Look through what was added. True when there was a post. */
  look(added: Element[]): boolean {
    let found = false;
    const again = new Set<Known>();
    for (const element of added) {
      for (const variant of this.site.variants) {
        const { css } = variant.post;
        if (element.matches(css)) found = this.#meet(element, variant, again) || found;
        for (const post of element.querySelectorAll(css)) found = this.#meet(post, variant, again) || found;
        const around = element.parentElement?.closest(css);
        const known = around && this.#known.get(around);
        if (known) again.add(known);
      }
    }
    this.#recheck(again);
    this.#recheckSoon();
    return found;
  }

  #meet(element: Element, variant: Variant, again: Set<Known>): boolean {
    const before = this.#known.get(element);
    if (before?.variant === variant) {
      again.add(before);
      return true;
    }
    if (before || isNested(element, this.site, variant)) return false;
    const known: Known = {
      element,
      variant,
      key: keyOf(element, variant),
      post: NOTHING,
      row: null,
      toolbar: null,
      drawn: 0,
    };
    this.#known.set(element, known);
    this.#viewport.watch(element);
    this.#hooks.added(known);
    return true;
  }

  /** Another post in the same element, or our host taken away by the page: draw again. */
  #recheck(some: Iterable<Known>, changed = true): void {
    const redraw: Known[] = [];
    const moved: Known[] = [];
    for (const known of [...some]) {
      if (!known.element.isConnected) {
        this.#forget(known);
        continue;
      }
      const key = keyOf(known.element, known.variant);
      if (key !== known.key) {
        this.#undraw(known);
        known.key = key;
        known.drawn = 0;
        this.#hooks.added(known);
        if (this.#viewport.near().has(known.element)) redraw.push(known);
      } else if (known.toolbar && !known.toolbar.host.node.isConnected) {
        this.#undraw(known);
        if (known.drawn <= PATIENCE && this.#viewport.near().has(known.element)) redraw.push(known);
      } else if (known.toolbar) {
        if (changed) moved.push(known);
      } else if (this.#viewport.near().has(known.element) && known.drawn === 0) redraw.push(known);
    }
    if (redraw.length > 0) this.#draw(redraw);
    else if (moved.length > 0) this.#placeSoon(moved);
  }

  #recheckSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#stopped) return;
      this.#recheck(this.#drawn, false);
      this.#themed = Number.NEGATIVE_INFINITY;
      this.#lookAtTheme([...this.#drawn][0]);
    }, RECHECK);
  }

  readonly #coming = new Set<Element>();
  #coming_timer: ReturnType<typeof setTimeout> | undefined;
  #last_draw = Number.NEGATIVE_INFINITY;

  /** At once, then a few times a second: each round costs the page a layout, and what flies by needs no mark. */
  #drawSoon(came: Element[]): void {
    for (const element of came) this.#coming.add(element);
    this.#coming_timer ??= setTimeout(
      () => {
        this.#coming_timer = undefined;
        this.#last_draw = performance.now();
        const near = this.#viewport.near();
        const there = [...this.#coming].filter((element) => near.has(element));
        this.#coming.clear();
        this.#draw(there.flatMap((element) => this.#known.get(element) ?? []));
      },
      Math.max(0, this.#last_draw + ROUND - performance.now()),
    );
  }

  /** All reads, then all writes; the place in the row follows when the browser has laid it out. */
  #draw(some: Known[]): void {
    // What our successor took away after an update is not to be put back by a timer of before.
    if (this.#stopped || checkOrphaned()) return;
    this.#clear();
    const read: Known[] = [];
    for (const known of some) {
      if (known.toolbar || !known.element.isConnected || this.#tallyOf(known.variant).broken) continue;
      known.post = readPost(known.element, this.site, known.variant, true);
      known.row = rowOf(known.element, known.variant);
      if (this.#check(known) && known.row && known.post.url && known.post.author) read.push(known);
    }
    const ready = read.filter(({ variant }) => !this.#tallyOf(variant).broken);
    for (const known of ready) {
      const { row } = known;
      known.toolbar = new Toolbar(this.#hooks.owner(known));
      known.toolbar.setTheme(this.#theme);
      known.drawn++;
      this.#drawn.add(known);
      this.#rows.set(row!, known);
      // Neither first nor last: rules of the page for its first and last buttons go on holding.
      const last = row!.childElementCount > 1 ? row!.lastElementChild : null;
      row!.insertBefore(known.toolbar.host.node, last);
    }
    for (const known of ready) this.#sizes.observe(known.row!);
  }

  /** Counts what is missing. False where posts of this kind are no longer understood. */
  #check(known: Known): boolean {
    const tally = this.#tallyOf(known.variant);
    if (this.#seen.has(known.element)) return true;
    this.#seen.add(known.element);
    tally.posts++;
    const { author, url, text } = known.post;
    const values: Record<Value, unknown> = { author, url, text, row: known.row };
    for (const [name, value] of Object.entries(values)) if (!value) tally[name as Value]++;
    const all = [...this.#tallies].map(([, one]) => one);
    // Of one kind, or of all that is here where no kind has that many.
    for (const some of [[tally], all]) {
      const sum = (name: Value | "posts") => some.reduce((n, one) => n + one[name], 0);
      const missing = (["author", "url", "text", "row"] as const).filter((name) => sum(name) === sum("posts"));
      if (sum("posts") < ENOUGH || missing.length === 0) continue;
      for (const one of some) one.broken ||= missing.join(", ");
      for (const other of [...this.#drawn]) if (this.#tallyOf(other.variant).broken) this.#undraw(other);
      this.#hooks.stepBack(known.variant.name, tally.broken);
      return false;
    }
    return true;
  }

  /** What the posts of some kinds lack, "" where all are as we know them; `all`: no post here is. */
  get missing(): { of: string; all: boolean } {
    const broken = [...this.#tallies].filter(([, tally]) => tally.broken);
    const all = broken.length > 0 && broken.length === this.#tallies.size;
    return { of: broken.map(([{ name }, tally]) => `${name}: ${tally.broken}`).join("; "), all };
  }

  #tallyOf(variant: Variant): Tally {
    const none = { posts: 0, author: 0, url: 0, text: 0, row: 0, broken: "" };
    const tally = this.#tallies.get(variant) ?? none;
    if (tally === none) this.#tallies.set(variant, tally);
    return tally;
  }

  /** Put each toolbar where its row has room now. */
  #place(some: Known[]): void {
    const there = some.filter(({ toolbar, row }) => toolbar && row?.isConnected);
    if (there.length === 0) return;
    this.#lookAtTheme(there[0]);
    const measured = there.map(({ row, toolbar, element, variant }) =>
      measureRow(row!, toolbar!.host.node, element, isText(row!, variant)),
    );
    for (const [n, { toolbar }] of there.entries()) {
      toolbar!.setTheme(this.#theme);
      toolbar!.draw(measured[n]!);
    }
  }

  #lookAtTheme(one: Known | undefined): void {
    const now = performance.now();
    if (!one || now - this.#themed < THEME) return;
    this.#themed = now;
    this.#theme = themeAt(one.element);
    for (const { toolbar } of this.#drawn) toolbar?.setTheme(this.#theme);
  }

  readonly #waiting = new Set<Known>();

  #placeSoon(some: Known[]): void {
    for (const known of some) this.#waiting.add(known);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const moved = [...this.#waiting];
      this.#waiting.clear();
      this.#place(moved);
    });
  }

  /** The state of the page changed: draw all that is drawn again. */
  refresh(): void {
    this.#place([...this.#drawn]);
    for (const { toolbar } of this.#drawn) toolbar?.refresh();
  }

  refreshOne(known: Known): void {
    this.#place([known]);
    known.toolbar?.refresh();
  }

  readonly #gone = new Set<Known>();
  #gone_timer: ReturnType<typeof setTimeout> | undefined;

  /** What goes by itself costs the page styles and layout once more: it goes with what comes, and stays where it comes back. */
  #left(went: Element[]): void {
    for (const element of went) {
      const known = this.#known.get(element);
      if (!known) continue;
      if (!element.isConnected) this.#forget(known);
      else if (known.toolbar) this.#gone.add(known);
      else known.drawn = 0;
    }
    if (this.#gone.size > 0) this.#gone_timer ??= setTimeout(() => this.#clear(), LINGER);
  }

  #clear(): void {
    clearTimeout(this.#gone_timer);
    this.#gone_timer = undefined;
    const near = this.#viewport.near();
    for (const known of this.#gone) {
      if (known.toolbar?.isBusy) continue; // with what goes next
      this.#gone.delete(known);
      if (near.has(known.element)) continue;
      this.#undraw(known);
      known.drawn = 0;
    }
  }

  #undraw(known: Known): void {
    known.toolbar?.remove();
    known.toolbar = null;
    if (known.row) {
      this.#sizes.unobserve(known.row);
      this.#rows.delete(known.row);
    }
    known.row = null;
    this.#drawn.delete(known);
    this.#gone.delete(known);
  }

  #forget(known: Known): void {
    this.#undraw(known);
    this.#viewport.forget(known.element);
    this.#known.delete(known.element);
  }

  /** The post as the page shows it this moment: what is answered and saved is never an older reading. */
  fresh(known: Known): PagePost {
    known.post = readPost(known.element, this.site, known.variant);
    return known.post;
  }

  /** The known post around an element. */
  around(element: Element | null): Known | null {
    for (let at = element; at; at = at.parentElement) {
      const known = this.#known.get(at);
      if (known) return known;
    }
    return null;
  }

  /** All posts in the page, in its order. */
  all(): Known[] {
    const css = this.site.variants.map(({ post }) => post.css).join(", ");
    if (!css) return [];
    return [...document.querySelectorAll(css)].flatMap((element) => this.#known.get(element) ?? []);
  }

  /** The post at an address. */
  find(url: string): Known | null {
    const wanted = plainAddress(url);
    const at = (known: Known) => readPost(known.element, this.site, known.variant, true).url;
    return this.all().find((known) => plainAddress(at(known)) === wanted) ?? null;
  }

  /** The post that a key is meant for: with the focus in it, else under the pointer, else nearest to the middle. */
  nearest(): Known | null {
    const inside =
      this.around(document.activeElement) ?? this.around([...document.querySelectorAll(":hover")].at(-1) ?? null);
    if (inside?.toolbar) return inside;
    const middle = innerHeight / 2;
    const far = ({ element }: Known) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top <= middle && bottom >= middle ? 0 : Math.min(Math.abs(top - middle), Math.abs(bottom - middle));
    };
    return [...this.#drawn].sort((one, other) => far(one) - far(other))[0] ?? null;
  }

  stop(): void {
    this.#stopped = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    clearTimeout(this.#coming_timer);
    clearTimeout(this.#gone_timer);
    for (const known of [...this.#drawn]) this.#undraw(known);
    this.#viewport.stop();
    this.#sizes.disconnect();
  }
}
