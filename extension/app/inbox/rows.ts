/**
 * The rows of one list that are in memory: a stretch of the whole list, which grows at both ends and lets go what is far
 * away. Knows no server.
 */
import type { Mention, Page } from "../../shared/types";
import { belongs } from "./belongs";
import { type Filter, NO_FILTER } from "./filter";

export interface Stretch extends Page<Mention> {
  /** What was asked for is not the top of the list. */
  more_above?: boolean;
}

/** Rows that are asked for at once, at most. */
export const MOST = 200;
/** So many rows stay in memory; what is further away is read again when somebody goes there. */
const MOST_LOADED = 10_000;
const LEFT_LOADED = 8_000;

export class Rows {
  items: Mention[] = [];
  /** How many rows stand above the first of `items`, as far as is known; 0 = it is the top. */
  offset = 0;
  filter: Filter = NO_FILTER;
  /** Rows that were let go since they are far away; they are still in the list. */
  readonly unloaded = new Set<string>();
  /** Where the rows after the last one begin, as the server says it; null = there are none. */
  cursor: string | null = null;
  /** The rows below were let go: they are asked for by the last row that is there. */
  cut_below = false;
  more_above = false;

  /** The mention that is being answered: its row stays whatever becomes of it, so that no written word leaves sight. */
  private held = "";
  /** Rows that our changes took away, to bring them back as they were. */
  private readonly gone = new Map<string, Mention>();

  constructor(private readonly changed: () => void) {}

  get has_more(): boolean {
    return this.cursor !== null || this.cut_below;
  }

  /** Not the whole list is in `items`. */
  get partial(): boolean {
    return this.has_more || this.offset > 0;
  }

  find(id: string): Mention | undefined {
    return this.items.find((mention) => mention.id === id);
  }

  /** The row as it is or as it last was here. */
  findOrGone(id: string): Mention | undefined {
    return this.find(id) ?? this.gone.get(id);
  }

  holds(id: string): boolean {
    return id === this.held;
  }

  belongs(mention: Mention): boolean {
    return belongs(mention, this.filter);
  }

  /** Belongs to the list, or has to stay in sight. */
  shows(mention: Mention): boolean {
    return this.belongs(mention) || this.holds(mention.id);
  }

  /** Another list, or the same from its top. */
  begin(items: Mention[], cursor: string | null): void {
    Object.assign(this, { items, cursor, cut_below: false, offset: 0, more_above: false });
    this.unloaded.clear();
  }

  /** The page after the last row. */
  append(page: Stretch): void {
    // Only what was put in by hand can be there already, and that stands near the end.
    const known = new Set(this.items.slice(-MOST).map(({ id }) => id));
    let items = [...this.items, ...page.items.filter(({ id }) => !known.has(id))];
    if (items.length > MOST_LOADED) {
      const far = items.length - LEFT_LOADED;
      for (const { id } of items.slice(0, far)) this.unloaded.add(id);
      items = items.slice(far);
      this.offset += far;
      this.more_above = true;
    }
    this.items = items;
    this.cursor = page.next_cursor;
    this.cut_below = false;
  }

  /** The page before the first row. */
  prepend(page: Stretch): void {
    const known = new Set(this.items.slice(0, MOST).map(({ id }) => id));
    const fresh = page.items.filter(({ id }) => !known.has(id));
    for (const { id } of fresh) this.unloaded.delete(id);
    this.more_above = Boolean(page.more_above);
    this.offset = this.more_above ? Math.max(1, this.offset - fresh.length) : 0;
    let items = [...fresh, ...this.items];
    if (items.length > MOST_LOADED) {
      for (const { id } of items.slice(LEFT_LOADED)) this.unloaded.add(id);
      items = items.slice(0, LEFT_LOADED);
      this.cut_below = true;
    }
    this.items = items;
  }

  /** What stands `skip` rows below the top, instead of what is here. */
  moveTo(page: Stretch, skip: number): void {
    for (const { id } of this.items) this.unloaded.add(id);
    for (const { id } of page.items) this.unloaded.delete(id);
    Object.assign(this, { items: page.items, cursor: page.next_cursor, cut_below: false, offset: skip });
    this.more_above = skip > 0;
  }

  /** Keep the row of `id` in the list until another is held, "" = none. */
  hold(id: string): void {
    const before = this.find(this.held);
    this.held = id;
    if (before && before.id !== id) this.put(before, before);
  }

  /** Show `mention` where it belongs, or take it away. `at`: its place when it is not in the list. Gives its place. */
  put(mention: Mention, before: Mention, at = -1): number {
    const found = this.items.findIndex(({ id }) => id === mention.id);
    const shown = this.shows(mention);
    if (found >= 0) {
      // Where the words of the search stand is told with the list only.
      const { text, highlights } = this.items[found]!;
      if (!mention.highlights?.length && text === mention.text) mention = { ...mention, highlights };
      if (!shown) this.gone.set(mention.id, mention);
      this.items = shown ? this.items.with(found, mention) : this.items.toSpliced(found, 1);
    } else if (shown) {
      const index = at >= 0 ? Math.min(at, this.items.length) : this.placeOf(before);
      this.items = this.items.toSpliced(index, 0, mention);
    }
    this.changed();
    return found >= 0 ? found : at;
  }

  /** Newest first, as the server sorts. */
  private placeOf(mention: Mention): number {
    const time = (one: Mention) => one.published_at ?? one.seen_at;
    const index = this.items.findIndex((one) => time(one) < time(mention));
    return index < 0 ? this.items.length : index;
  }
}
