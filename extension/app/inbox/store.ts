/**
 * The mentions of one brand under one filter: a stretch of the list that grows at both ends, changes shown before the server answers and taken back
 * when it refuses, and page one read again whenever something changed, without losing what is on screen.
 */
import { ApiError, type Client } from "../../shared/api";
import type { Mention, Page } from "../../shared/types";
import { type Filter, isGrouped, NO_FILTER, STATES, whereOf } from "./filter";
import { keepLast, readLast } from "./last";
import { mergeFirstPage, mergeStretch } from "./merge";
import { baseOf, ChangeQueue, canWait, type Queued, waits } from "./queue";
import { asApiError, type Patch, sendChange, sendWaiting } from "./sending";

import { ROW_PX } from "./window";

export { asApiError };

export type Fields = Partial<
  Pick<
    Mention,
    | "status"
    | "about_us"
    | "snoozed_until"
    | "note"
    | "tags"
    | "assignee_id"
    | "priority"
    | "sentiment"
    | "intent"
    | "reply_url"
  >
>;

/**
 * `merged`: somebody else changed the mention too, and ours came on top. `theirs`: both changed the same, theirs stands.
 * `queued`: the server cannot take it now (`error` says why), it is sent later.
 */
export type Outcome = "saved" | "merged" | "theirs" | "queued" | "failed";

export interface Result {
  outcome: Outcome;
  now: Pick<Mention, "status" | "author" | "url" | "network">;
  error?: ApiError;
}

/** What became of a change to many. `error`: why not of all; `queued` wait for the server. */
export interface ManyResult {
  changed: number;
  queued: number;
  error?: ApiError;
}

const PAGE = 50;
const MOST = 200;
/** So many rows stay in memory; what is further away is read again when somebody goes there. */
const MOST_LOADED = 10_000;
const LEFT_LOADED = 8_000;
/** Down to here a place is come back to by reading from the top. */
const NEAR_TOP = 150;
const MOST_IN_BULK = 200;
const SEND_AGAIN_MS = 15_000;

/** Where one was in a list: its first row that was seen, and which in the whole list that was ("" and -1: not known). */
export interface Spot {
  rows: number;
  anchor_id?: string;
  anchor_index?: number;
  anchor_px?: number;
}

interface Stretch extends Page<Mention> {
  /** What was asked for is not the top of the list. */
  more_above?: boolean;
}

type Part = Partial<{ cursor: string | null; around: string; above: string; below: string; skip: number }>;

interface BulkAnswer {
  items: Mention[];
  changed: number;
  next_cursor: string | null;
}

interface Undone {
  items: Mention[];
  kept: Mention[];
  more: boolean;
}

export class MentionStore {
  items: Mention[] = [];
  /** How many rows stand above the first of `items`, as far as is known; 0 = it is the top. */
  offset = 0;
  /** Where to begin scrolling once what was asked for is there. */
  begin_at: number | undefined;
  /** The first row that is seen: what is around it is read again when something changed. */
  looking_at = "";
  /** The list is not longer than this, whatever was counted. */
  not_beyond: number | undefined;
  /** Rows that were let go since they are far away; they are still in the list. */
  readonly unloaded = new Set<string>();
  state: "loading" | "ready" | "away" = "loading";
  /** Why the last reading failed; what was read before stays on screen. */
  error: ApiError | undefined;
  loading_more = false;
  /** Set while what is shown is what was last read, and the server is away. */
  stale_at = "";
  /** How many came on top by `refresh` since `seen()`. */
  arrived = 0;
  filter: Filter = NO_FILTER;
  /** Words that the server could not read. */
  refused: { q: string; error: ApiError } | undefined;

  /** The mention that is being answered: its row stays whatever becomes of it, so that no written word leaves sight. */
  private held = "";
  readonly queue: ChangeQueue;
  /** Why the oldest change waits; undefined where nothing was tried yet. */
  waits_for: ApiError | undefined;
  private sending: Promise<void> | undefined;
  /** Rows that our changes took away, to bring them back as they were. */
  private readonly gone = new Map<string, Mention>();
  private stopWatching: (() => void) | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private cursor: string | null = null;
  /** The rows below were let go: they are asked for by the last row that is there. */
  private cut_below = false;
  private more_above = false;
  private loading_above = false;
  private jumping = false;
  /** Of the first page as last read, to know what came since where it is not shown. */
  private first_ids = new Set<string>();
  private turn = 0;
  private refreshing = false;
  private again = false;
  /** One change after the other for each mention, so that each takes the version the last one made. */
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly pending = new Map<string, number>();
  /** The newest version we know of each mention we changed: what is older is out of date. */
  private readonly versions = new Map<string, number>();

  constructor(
    private readonly client: Client,
    private readonly brand_id: string,
    private readonly changed: () => void,
    /** What became of a change that waited for the server. */
    private readonly onLate: (result: Result) => void = () => {},
  ) {
    this.queue = new ChangeQueue(brand_id);
  }

  /** While a view shows this: what other windows queue is seen, and what waits is tried again. Gives how to stop. */
  watch(): () => void {
    this.stopWatching = this.queue.watch((gone) => {
      // Taken back or sent elsewhere: what is there now, the server knows.
      if (gone.some((id) => !this.pending.has(id) && this.find(id))) void this.refresh();
      this.items = this.queue.over(this.items).filter((one) => this.belongs(one) || one.id === this.held);
      this.changed();
    });
    const again = () => void (this.queue.items.length > 0 && this.sendQueued());
    this.timer = setInterval(again, SEND_AGAIN_MS);
    globalThis.addEventListener("online", again);
    return () => {
      this.stopWatching?.();
      clearInterval(this.timer);
      globalThis.removeEventListener("online", again);
    };
  }

  get has_more(): boolean {
    return this.cursor !== null || this.cut_below;
  }

  /** Not the whole list is in `items`. */
  get partial(): boolean {
    return this.has_more || this.offset > 0;
  }

  private async read(limit: number, part: Part = {}, filter = this.filter): Promise<Stretch> {
    const asked = { ...whereOf(this.brand_id, filter), limit, ...part };
    const grouped = isGrouped(filter) && { group: "story" };
    const page = await this.client.get<Stretch>("/mentions", { ...asked, ...grouped });
    const items = this.queue.over(page.items);
    // What is being sent waits for nobody any more; the server says so once it is there.
    const told = filter.tab === "to_answer" || this.queue.items.length > 0;
    return { ...page, items: told ? items.filter((one) => this.belongs(one) || one.id === this.held) : items };
  }

  /** Begin anew with a filter; at the top, or around where one was. */
  async open(filter: Filter, spot: Spot = { rows: PAGE }): Promise<void> {
    const turn = ++this.turn;
    this.filter = filter;
    this.state = "loading";
    this.error = undefined;
    this.setList([], null);
    this.loading_more = false;
    this.looking_at = "";
    this.not_beyond = undefined;
    this.arrived = 0;
    this.stale_at = "";
    this.refused = undefined;
    this.changed();
    try {
      await this.sendQueued();
      const page = await this.readSpot(spot);
      if (turn !== this.turn) return;
      this.setList(page.items, page.next_cursor);
      this.takePlace(page, spot);
      this.state = "ready";
      if (this.offset === 0) keepLast(this.brand_id, filter, this.items);
    } catch (error) {
      if (turn !== this.turn) return;
      const refused = asApiError(error);
      const last = canWait(refused) ? await readLast(this.brand_id, filter) : undefined;
      if (turn !== this.turn) return;
      await this.queue.read();
      this.items = this.queue.over(last?.items ?? []).filter((one) => this.belongs(one));
      this.stale_at = last?.at ?? "";
      this.error = refused;
      if (refused.status === 422) this.refused = { q: filter.q, error: refused };
      this.state = "away";
    }
    this.changed();
    this.refreshAgain();
  }

  private async readSpot({ rows, anchor_id, anchor_index = MOST }: Spot): Promise<Stretch> {
    const from_top = () => this.read(Math.min(MOST, Math.max(PAGE, rows)));
    if (!anchor_id || anchor_index < NEAR_TOP) return from_top();
    try {
      return await this.read(MOST, { around: anchor_id });
    } catch (error) {
      if (asApiError(error).status !== 404) throw error; // the mention is gone, the list is not
      return from_top();
    }
  }

  /** Where the rows stand in the whole list, and where to look at them. */
  private takePlace({ more_above }: Stretch, { anchor_id, anchor_index, anchor_px = 0 }: Spot): void {
    const at = this.items.findIndex(({ id }) => id === anchor_id);
    this.more_above = Boolean(more_above);
    // Where nobody knows how many are above, some: there is something to scroll up to.
    this.offset = more_above ? Math.max(1, (anchor_index ?? MOST) - Math.max(0, at)) : 0;
    this.begin_at = at < 0 ? undefined : Math.max(0, (this.offset + at) * ROW_PX + anchor_px);
    if (at >= 0) this.looking_at = anchor_id!;
  }

  private setList(items: Mention[], cursor: string | null): void {
    Object.assign(this, { items, cursor, cut_below: false, offset: 0, more_above: false, begin_at: undefined });
    this.unloaded.clear();
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
    const turn = ++this.turn;
    try {
      const page = await this.read(PAGE, {}, filter);
      if (turn !== this.turn) return;
      onThere();
      this.setList(page.items, page.next_cursor);
      Object.assign(this, { filter, state: "ready", arrived: 0, looking_at: "", not_beyond: undefined });
      Object.assign(this, { error: undefined, refused: undefined, loading_more: false });
      keepLast(this.brand_id, filter, this.items);
      this.changed();
      this.refreshAgain();
    } catch (error) {
      if (turn !== this.turn) return;
      const refused = asApiError(error);
      if (refused.status === 422) {
        this.refused = { q: filter.q, error: refused };
        // A page of the list that stays may have been under way.
        this.loading_more = false;
        return this.changed();
      }
      onThere();
      await this.open(filter);
    }
  }

  /** The next page, when the end of the list comes near. */
  async more(): Promise<void> {
    const last = this.items.at(-1);
    if (!this.has_more || !last || this.loading_more || this.state !== "ready") return;
    const turn = this.turn;
    this.loading_more = true;
    this.changed();
    try {
      const page = await this.read(MOST, this.cut_below ? { below: last.id } : { cursor: this.cursor });
      if (turn !== this.turn) return;
      this.append(page);
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

  private append(page: Stretch): void {
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

  /** The page before, when the first row that is here comes near. */
  async above(): Promise<void> {
    const first = this.items[0];
    if (!this.more_above || !first || this.loading_above || this.state !== "ready") return;
    const turn = this.turn;
    this.loading_above = true;
    try {
      const page = await this.read(MOST, { above: first.id });
      if (turn !== this.turn || this.items[0]?.id !== first.id) return;
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
      if (page.items.length === 0) {
        this.not_beyond = Math.max(this.offset + this.items.length, skip);
        return;
      }
      for (const { id } of this.items) this.unloaded.add(id);
      for (const { id } of page.items) this.unloaded.delete(id);
      Object.assign(this, { items: page.items, cursor: page.next_cursor, cut_below: false, offset: skip });
      this.more_above = skip > 0;
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
    if (this.state === "away") return this.open(this.filter);
    const turn = this.turn;
    this.refreshing = true;
    try {
      await this.sendQueued();
      const page = await this.read(PAGE);
      if (turn !== this.turn) return;
      const isStale = ({ id, version }: Mention) => this.pending.has(id) || (this.versions.get(id) ?? 0) > version;
      const known = new Set(this.items.map(({ id }) => id));
      if (this.items.findIndex(({ id }) => id === this.looking_at) + this.offset > PAGE / 2) {
        const stretch = await this.read(MOST, { around: this.looking_at }).catch(() => undefined);
        if (turn !== this.turn) return;
        if (stretch) this.items = mergeStretch(this.items, stretch, isStale);
      }
      if (this.offset > 0) {
        const before = page.items.findIndex(({ id }) => this.first_ids.has(id));
        if (this.first_ids.size > 0) this.arrived += before < 0 ? page.items.length : before;
        this.first_ids = new Set(page.items.map(({ id }) => id));
        this.error = undefined;
        this.changed();
        return;
      }
      const held = this.find(this.held);
      const held_now = held && !page.items.some(({ id }) => id === held.id) ? await this.reread(held) : undefined;
      if (turn !== this.turn) return;
      const held_at = this.items.findIndex(({ id }) => id === this.held);
      const merged = mergeFirstPage(this.items, page, isStale);
      this.first_ids = new Set(page.items.map(({ id }) => id));
      const first_known = merged.items.findIndex(({ id }) => known.has(id));
      this.arrived += first_known < 0 ? merged.items.length : first_known;
      this.items = merged.items;
      if (held_now?.id === this.held && held_at >= 0) {
        const others = this.items.filter(({ id }) => id !== this.held);
        this.items = others.toSpliced(Math.min(held_at, others.length), 0, held_now);
      }
      if (merged.cut) Object.assign(this, { cursor: page.next_cursor, cut_below: false });
      this.error = undefined;
      keepLast(this.brand_id, this.filter, this.items);
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

  private refreshAgain(): void {
    if (!this.again || this.state !== "ready") return;
    this.again = false;
    void this.refresh();
  }

  /** True where a mention is shown under the present tab. Keyword, network and words do not change by our hand. */
  belongs(mention: Mention): boolean {
    const { tab, folded, story_id } = this.filter;
    if (story_id) return mention.story_id === story_id && mention.status !== "spam";
    if (folded) return mention.about_us === "probably_not" && ["new", "open"].includes(mention.status);
    if (mention.about_us === "probably_not") return false;
    const states = STATES[tab];
    const later = mention.snoozed_until !== null && Date.parse(mention.snoozed_until) > Date.now();
    if (tab === "all") return mention.status !== "spam";
    if (tab === "to_answer" && mention.answer && mention.answer.state !== "rejected") return false;
    return states.includes(mention.status) && !(later && tab !== "done");
  }

  /** Keep the row of `id` in the list until another is held, "" = none. */
  hold(id: string): void {
    const before = this.find(this.held);
    this.held = id;
    if (before && before.id !== id) this.put(before, before);
  }

  private async reread(mention: Mention): Promise<Mention> {
    return this.client.get<Mention>(`/mentions/${encodeURIComponent(mention.id)}`).catch(() => mention);
  }

  /** The row as the server now has it. */
  show(mention: Mention): void {
    this.versions.set(mention.id, mention.version);
    this.put(mention, mention);
  }

  /** Change one mention: at once on screen, then on the server. Gives what became of it, and the row as it now is. */
  async change(before: Mention, fields: Fields, act = ""): Promise<Result> {
    const { id } = before;
    this.pending.set(id, (this.pending.get(id) ?? 0) + 1);
    const place = this.put({ ...(this.find(id) ?? before), ...fields }, before);
    const result = await this.inOrder(id, () => this.sendOrQueue(before, fields, act));
    const left = (this.pending.get(id) ?? 1) - 1;
    if (left > 0) this.pending.set(id, left);
    else this.pending.delete(id);
    this.versions.set(id, result.now.version);
    if (left <= 0) this.put(result.now, before, place);
    return result;
  }

  private inOrder<T>(id: string, work: () => Promise<T>): Promise<T> {
    const earlier = this.queues.get(id) ?? Promise.resolve();
    const running = earlier.then(work);
    this.queues.set(
      id,
      running.catch(() => undefined),
    );
    return running;
  }

  private async sendOrQueue(before: Mention, fields: Fields, act: string): Promise<Result & { now: Mention }> {
    // What waits already for this mention goes first.
    const behind = this.queue.has(before.id);
    const version = Math.max(before.version, this.versions.get(before.id) ?? 0);
    const sent = behind ? undefined : await sendChange(this.patch, baseOf(before), fields, act, version);
    if (sent?.now) this.versions.set(before.id, sent.now.version);
    if (sent && !canWait(sent.error)) return { ...sent, now: sent.now ?? before };
    const queued = { before: baseOf(before), fields, act, at: new Date().toISOString() };
    const kept = await this.queue.add([queued]);
    if (sent?.error) this.waits_for = sent.error;
    const error = sent?.error ?? this.waits_for ?? new ApiError(0, "unreachable", "");
    if (!kept) return { outcome: "failed", now: before, error };
    if (behind) void this.sendQueued();
    return { outcome: "queued", now: { ...(this.find(before.id) ?? before), ...fields }, error };
  }

  private readonly patch: Patch = (path, body) => this.client.patch<Mention>(path, body);

  /** Try now what waits for the server. */
  sendQueued(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    if (!(await this.queue.read()).some(waits)) return;
    this.waits_for = await sendWaiting(this.patch, this.brand_id, ({ before, now, ...late }) => {
      if (now) {
        this.versions.set(now.id, now.version);
        if (this.find(now.id)) this.put(now, now);
      }
      this.onLate({ ...late, now: now ?? before });
    });
    await this.queue.read();
    this.changed();
  }

  /** Both changed the same: ours, on top of theirs. */
  async insist(one: Queued): Promise<void> {
    await this.queue.insist(one);
    await this.sendQueued();
    void this.refresh();
  }

  /** It shall not be sent: the rows are what they were. */
  async drop(which: (one: Queued) => boolean): Promise<void> {
    this.bringBack(await this.queue.drop(which));
  }

  private bringBack(dropped: Queued[]): void {
    for (const one of dropped.reverse()) {
      const { before, fields } = one;
      const row = this.find(before.id) ?? this.gone.get(before.id);
      const names = Object.keys(fields) as (keyof Fields)[];
      if (row && waits(one))
        this.put({ ...row, ...Object.fromEntries(names.map((name) => [name, before[name]])) }, row);
    }
    this.changed();
  }

  /** Take back one click. Raises ApiError. Gives the mentions that somebody changed since, which stay as they are. */
  async undo(act: string, mention_ids: string[], in_these_only = false): Promise<Mention[]> {
    const waited = await this.queue.take(act, mention_ids);
    this.bringBack(waited);
    if (waited.length > 0 && waited.length === new Set(mention_ids).size) return [];
    const kept: Mention[] = [];
    for (;;) {
      const answer = await this.client.post<Undone>("/mentions/undo", {
        act,
        ...(in_these_only && { ids: mention_ids }),
      });
      for (const mention of [...answer.items, ...answer.kept]) this.show(mention);
      kept.push(...answer.kept);
      if (!answer.more) return kept;
    }
  }

  /**
   * The same change to many: those named, or all under the present filter, step by step; with what was changed until
   * something failed left changed (and undone by its `act`). While the server is away, those named wait for it; "all"
   * cannot, since nobody knows which those are, unless every one of them is in the list.
   */
  async changeMany(
    ids: string[] | "all",
    fields: Fields,
    act: string,
    onProgress: (n: number) => void,
  ): Promise<ManyResult> {
    let changed = 0;
    if (ids === "all" && this.stale_at && !this.partial) ids = this.items.map(({ id }) => id);
    try {
      if (ids === "all") {
        const where = whereOf(this.brand_id, this.filter);
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const body = { where, set: fields, act, ...(cursor && { cursor }) };
          const answer: BulkAnswer = await this.client.post<BulkAnswer>("/mentions/bulk", body);
          changed += answer.changed;
          cursor = answer.next_cursor;
          onProgress(changed);
        }
        await this.open(this.filter);
        return { changed, queued: 0 };
      }
      for (let start = 0; start < ids.length; start += MOST_IN_BULK) {
        const body = { ids: ids.slice(start, start + MOST_IN_BULK), set: fields, act };
        try {
          const answer = await this.client.post<BulkAnswer>("/mentions/bulk", body);
          for (const mention of answer.items) this.show(mention);
          changed += answer.changed;
          onProgress(changed);
        } catch (error) {
          if (!canWait(error)) throw error;
          // The part that was on its way may have arrived: it is found made then.
          return await this.queueMany(ids.slice(start), fields, act, changed, asApiError(error));
        }
      }
      return { changed, queued: 0 };
    } catch (error) {
      return { changed, queued: 0, error: asApiError(error) };
    }
  }

  private async queueMany(
    ids: string[],
    fields: Fields,
    act: string,
    changed: number,
    error: ApiError,
  ): Promise<ManyResult> {
    const rows = ids.map((id) => this.find(id)).filter((row) => row !== undefined);
    const at = new Date().toISOString();
    const waiting = rows.map((row) => ({ before: baseOf(row), fields, act, at }));
    if (!(await this.queue.add(waiting))) return { changed, queued: 0, error };
    this.waits_for = error;
    for (const row of rows) this.put({ ...row, ...fields }, row);
    return { changed, queued: rows.length, error };
  }

  /** The person looks at the top of the list. */
  seen(): void {
    if (this.arrived === 0) return;
    this.arrived = 0;
    this.changed();
  }

  find(id: string): Mention | undefined {
    return this.items.find((mention) => mention.id === id);
  }

  /** Show `mention` where it belongs, or take it away. `at`: its place when it is not in the list. */
  private put(mention: Mention, before: Mention, at = -1): number {
    const found = this.items.findIndex(({ id }) => id === mention.id);
    const belongs = this.belongs(mention) || mention.id === this.held;
    if (found >= 0) {
      // Where the words of the search stand is told with the list only.
      const { text, highlights } = this.items[found]!;
      if (!mention.highlights?.length && text === mention.text) mention = { ...mention, highlights };
      if (!belongs) this.gone.set(mention.id, mention);
      this.items = belongs ? this.items.with(found, mention) : this.items.toSpliced(found, 1);
    } else if (belongs) {
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
