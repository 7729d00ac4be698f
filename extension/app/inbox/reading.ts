/**
 * Reading one list of the server into the rows: from its top or around where one was, on at both ends, from far away, and
 * its first page again whenever something changed, without losing what is on screen.
 */
import { type ApiError, type Client, isPassing } from "../../shared/api";
import type { Mention } from "../../shared/types";
import { belongs } from "./belongs";
import type { Changing } from "./changing";
import type { Filter } from "./filter";
import { keepLast, readLast } from "./last";
import { mergeFirstPage, mergeStretch } from "./merge";
import { PAGE, type Part, pageOf, readPage, type Spot } from "./pages";
import { canWait } from "./queue";
import { MOST, type Rows, type Stretch } from "./rows";
import { asApiError } from "./sending";
import { ROW_PX } from "./window";

export class Reading {
  state: "loading" | "ready" | "away" = "loading";
  /** Why the last reading failed; what was read before stays on screen. */
  error: ApiError | undefined;
  loading_more = false;
  /** Where to begin scrolling once what was asked for is there. */
  begin_at: number | undefined;
  /** The first row that is seen: what is around it is read again when something changed. */
  looking_at = "";
  /** The list is not longer than this, whatever was counted. */
  not_beyond: number | undefined;
  /** Set while what is shown is what was last read, and the server is away. */
  stale_at = "";
  /** How many came on top by `refresh` since `seen()`. */
  arrived = 0;
  /** Words that the server could not read. */
  refused: { q: string; error: ApiError } | undefined;

  /** What the list shall be of, where its rows are not there yet. */
  private asked: Filter | undefined;
  private loading_above = false;
  private jumping = false;
  /** Of the first page as last read, to know what came since where it is not shown. */
  private first_ids = new Set<string>();
  /** An answer to what was asked in an earlier turn is of a list that is shown no more. */
  private turn = 0;
  private refreshing = false;
  private again = false;

  constructor(
    private readonly client: Client,
    private readonly brand_id: string,
    private readonly rows: Rows,
    private readonly changes: Changing,
    private readonly changed: () => void,
  ) {}

  private async read(limit: number, part: Part = {}, filter = this.rows.filter): Promise<Stretch> {
    const page = await readPage(this.client, this.brand_id, filter, limit, part);
    const { queue } = this.changes;
    const items = queue.over(page.items);
    // What is being sent waits for nobody any more; the server says so once it is there.
    const told = filter.tab === "to_answer" || queue.items.length > 0;
    const shown = (one: Mention) => belongs(one, filter) || this.rows.holds(one.id);
    return { ...page, items: told ? items.filter(shown) : items };
  }

  /** What was asked for last: the list that is shown, or the one that is on its way. */
  get wanted(): Filter {
    return this.asked ?? this.rows.filter;
  }

  /** Begin anew with a filter; at the top, or around where one was. */
  async open(filter: Filter, spot: Spot = { rows: PAGE }): Promise<void> {
    const turn = ++this.turn;
    this.asked = undefined;
    this.rows.filter = filter;
    this.rows.begin([], null);
    Object.assign(this, { state: "loading", loading_more: false, arrived: 0, stale_at: "", looking_at: "" });
    Object.assign(this, { error: undefined, refused: undefined, not_beyond: undefined, begin_at: undefined });
    this.changed();
    try {
      await this.changes.sendQueued();
      const page = await this.readSpot(spot);
      if (turn !== this.turn) return;
      this.rows.begin(page.items, page.next_cursor);
      this.takePlace(page, spot);
      this.state = "ready";
      if (this.rows.offset === 0) keepLast(this.brand_id, filter, this.rows.items);
    } catch (error) {
      if (turn !== this.turn) return;
      const refused = asApiError(error);
      const last = canWait(refused) ? await readLast(this.brand_id, filter) : undefined;
      if (turn !== this.turn) return;
      await this.changes.queue.read();
      this.rows.items = this.changes.queue.over(last?.items ?? []).filter((one) => this.rows.belongs(one));
      this.stale_at = last?.at ?? "";
      this.error = refused;
      if (refused.status === 422) this.refused = { q: filter.q, error: refused };
      this.state = "away";
    }
    this.changed();
    this.refreshAgain();
  }

  private async readSpot(spot: Spot): Promise<Stretch> {
    const [limit, part] = pageOf(spot);
    try {
      return await this.read(limit, part);
    } catch (error) {
      if (!part.around || asApiError(error).status !== 404) throw error; // the mention is gone, the list is not
      return this.read(...pageOf({ rows: spot.rows }));
    }
  }

  /** Where the rows stand in the whole list, and where to look at them. */
  private takePlace({ more_above }: Stretch, { anchor_id, anchor_index, anchor_px = 0 }: Spot): void {
    const { rows } = this;
    const at = rows.items.findIndex(({ id }) => id === anchor_id);
    rows.more_above = Boolean(more_above);
    // Where nobody knows how many are above, some: there is something to scroll up to.
    rows.offset = more_above ? Math.max(1, (anchor_index ?? MOST) - Math.max(0, at)) : 0;
    this.begin_at = at < 0 ? undefined : Math.max(0, (rows.offset + at) * ROW_PX + anchor_px);
    if (at >= 0) this.looking_at = anchor_id!;
  }

  /**
   * The same list by other words: what is shown stays until the answer is there, and for good where the server cannot
   * read the words (`refused`). `onThere` is called right before the new rows are.
   */
  async search(filter: Filter, onThere: () => void): Promise<void> {
    if (this.state !== "ready") {
      onThere();
      return this.open(filter);
    }
    // What it reads is of the turn before, and is dropped.
    const interrupted = this.refreshing;
    const turn = ++this.turn;
    this.asked = filter;
    try {
      const page = await this.read(PAGE, {}, filter);
      if (turn !== this.turn) return;
      onThere();
      // What was asked for the old list meanwhile must not come into this one; what changed since is read again.
      this.turn++;
      this.again ||= this.refreshing;
      this.asked = undefined;
      this.rows.filter = filter;
      this.rows.begin(page.items, page.next_cursor);
      Object.assign(this, { state: "ready", arrived: 0, looking_at: "", loading_more: false });
      Object.assign(this, { error: undefined, refused: undefined, not_beyond: undefined, begin_at: undefined });
      keepLast(this.brand_id, filter, this.rows.items);
      this.changed();
      this.refreshAgain();
    } catch (error) {
      if (turn !== this.turn) return;
      const refused = asApiError(error);
      this.asked = undefined;
      if (refused.status === 422) {
        this.refused = { q: filter.q, error: refused };
        // A page of the list that stays may have been under way.
        this.loading_more = false;
        this.again ||= interrupted;
        this.changed();
        return this.refreshAgain();
      }
      onThere();
      await this.open(filter);
    }
  }

  /** The next page, when the end of the list comes near. */
  async more(): Promise<void> {
    const { rows } = this;
    const last = rows.items.at(-1);
    if (!rows.has_more || !last || this.loading_more || this.state !== "ready") return;
    const turn = this.turn;
    this.loading_more = true;
    this.changed();
    try {
      const page = await this.read(MOST, rows.cut_below ? { below: last.id } : { cursor: rows.cursor });
      if (turn !== this.turn) return;
      rows.append(page);
      this.error = undefined;
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = asApiError(error);
    } finally {
      if (turn === this.turn) {
        this.loading_more = false;
        this.changed();
      }
    }
  }

  /** The page before, when the first row that is here comes near. */
  async above(): Promise<void> {
    const first = this.rows.items[0];
    if (!this.rows.more_above || !first || this.loading_above || this.state !== "ready") return;
    const turn = this.turn;
    this.loading_above = true;
    try {
      const page = await this.read(MOST, { above: first.id });
      if (turn === this.turn && this.rows.items[0]?.id === first.id) this.rows.prepend(page);
    } catch (error) {
      if (turn === this.turn) this.error = asApiError(error);
    } finally {
      this.loading_above = false;
      if (turn === this.turn) this.changed();
    }
  }

  /** The scroll bar was dragged to where nothing is read yet: what stands there, instead of all in between. */
  async jump(index: number): Promise<void> {
    if (this.jumping || this.state !== "ready") return;
    const turn = this.turn;
    this.jumping = true;
    const skip = Math.max(0, index - PAGE);
    try {
      const page = await this.read(MOST, { skip });
      if (turn !== this.turn) return;
      if (page.items.length > 0) this.rows.moveTo(page, skip);
      else this.not_beyond = Math.max(this.rows.offset + this.rows.items.length, skip);
    } catch (error) {
      if (turn === this.turn) this.error = asApiError(error);
    } finally {
      this.jumping = false;
      if (turn === this.turn) this.changed();
    }
  }

  /** Something changed on the server: page one again and what is looked at, the rest stays. */
  async refresh(): Promise<void> {
    // What is being read now may have been answered before this change.
    if (this.refreshing || this.state === "loading") {
      this.again = true;
      return;
    }
    if (this.state === "away") return this.open(this.rows.filter);
    const turn = this.turn;
    this.refreshing = true;
    try {
      await this.changes.sendQueued();
      const page = await this.read(PAGE);
      if (turn !== this.turn) return;
      const known = new Set(this.rows.items.map(({ id }) => id));
      await this.readWhatIsSeen(turn);
      if (turn !== this.turn) return;
      if (this.rows.offset > 0) this.countAbove(page.items);
      else await this.takeFirstPage(page, known, turn);
      if (turn !== this.turn) return;
      this.error = undefined;
      this.changed();
    } catch (error) {
      if (turn !== this.turn) return;
      this.error = asApiError(error);
      this.changed();
    } finally {
      this.refreshing = false;
      this.refreshAgain();
    }
  }

  /** What could not be read may be by now. What was read before stays on screen until it is. */
  async tryAgain(): Promise<void> {
    if (!this.error || !isPassing(this.error)) return;
    if (this.state === "ready") return this.refresh();
    const turn = this.turn;
    const there = await this.read(1).then(
      () => true,
      () => false,
    );
    if (there && turn === this.turn && this.state === "away") await this.open(this.rows.filter);
  }

  /** Far below the first page: the rows around what is looked at. */
  private async readWhatIsSeen(turn: number): Promise<void> {
    const { rows } = this;
    if (rows.items.findIndex(({ id }) => id === this.looking_at) + rows.offset <= PAGE / 2) return;
    const stretch = await this.read(MOST, { around: this.looking_at }).catch(() => undefined);
    if (stretch && turn === this.turn) rows.items = mergeStretch(rows.items, stretch, this.changes.isStale);
  }

  /** The top of the list is not shown: only how much came there. */
  private countAbove(items: Mention[]): void {
    const before = items.findIndex(({ id }) => this.first_ids.has(id));
    if (this.first_ids.size > 0) this.arrived += before < 0 ? items.length : before;
    this.first_ids = new Set(items.map(({ id }) => id));
  }

  private async takeFirstPage(page: Stretch, known: Set<string>, turn: number): Promise<void> {
    const { rows } = this;
    const held = rows.items.find(({ id }) => rows.holds(id));
    const held_now = held && !page.items.some(({ id }) => id === held.id) ? await this.reread(held) : undefined;
    if (turn !== this.turn) return;
    const held_at = rows.items.findIndex(({ id }) => rows.holds(id));
    const merged = mergeFirstPage(rows.items, page, this.changes.isStale);
    this.first_ids = new Set(page.items.map(({ id }) => id));
    const first_known = merged.items.findIndex(({ id }) => known.has(id));
    this.arrived += first_known < 0 ? merged.items.length : first_known;
    rows.items = merged.items;
    if (held_now && rows.holds(held_now.id) && held_at >= 0) {
      const others = rows.items.filter(({ id }) => id !== held_now.id);
      rows.items = others.toSpliced(Math.min(held_at, others.length), 0, held_now);
    }
    if (merged.cut) Object.assign(rows, { cursor: page.next_cursor, cut_below: false });
    keepLast(this.brand_id, rows.filter, rows.items);
  }

  private refreshAgain(): void {
    if (!this.again || this.state !== "ready") return;
    this.again = false;
    void this.refresh();
  }

  private async reread(mention: Mention): Promise<Mention> {
    return this.client.get<Mention>(`/mentions/${encodeURIComponent(mention.id)}`).catch(() => mention);
  }

  /** The person looks at the top of the list. */
  seen(): void {
    if (this.arrived === 0) return;
    this.arrived = 0;
    this.changed();
  }
}
