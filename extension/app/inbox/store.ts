/**
 * The mentions of one brand under one filter: pages by cursor, changes shown before the server answers and taken back
 * when it refuses, and page one read again whenever something changed, without losing what is on screen.
 */
import { ApiError, type Client } from "../../shared/api";
import type { Mention, Page } from "../../shared/types";
import { type Filter, isGrouped, NO_FILTER, STATES, whereOf } from "./filter";
import { keepLast, readLast } from "./last";
import { mergeFirstPage } from "./merge";
import { ChangeQueue, type Queued } from "./queue";

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
 * `merged`: somebody else changed the mention too, and ours came on top. `theirs`: theirs stands, ours was dropped.
 * `queued`: the server is away, it is sent later.
 */
export type Outcome = "saved" | "merged" | "theirs" | "queued" | "failed";

export interface Result {
  outcome: Outcome;
  now: Mention;
  error?: ApiError;
}

const PAGE = 50;
const MOST = 200;
const MOST_IN_BULK = 200;

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
  private readonly queue: ChangeQueue;
  private sending = false;
  private cursor: string | null = null;
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

  get has_more(): boolean {
    return this.cursor !== null;
  }

  private async read(limit: number, cursor: string | null, filter = this.filter): Promise<Page<Mention>> {
    const asked = { ...whereOf(this.brand_id, filter), limit, cursor };
    const grouped = isGrouped(filter) && { group: "story" };
    const page = await this.client.get<Page<Mention>>("/mentions", { ...asked, ...grouped });
    const items = this.queue.over(page.items);
    // What is being sent waits for nobody any more; the server says so once it is there.
    const told = filter.tab === "to_answer" || this.queue.length > 0;
    return { ...page, items: told ? items.filter((one) => this.belongs(one) || one.id === this.held) : items };
  }

  /** Begin anew with a filter; `at_least` rows at once, to come back to where one was. */
  async open(filter: Filter, at_least = PAGE): Promise<void> {
    const turn = ++this.turn;
    this.filter = filter;
    this.state = "loading";
    this.error = undefined;
    this.cursor = null;
    this.loading_more = false;
    this.items = [];
    this.arrived = 0;
    this.stale_at = "";
    this.refused = undefined;
    this.changed();
    try {
      await this.sendQueued();
      let page = await this.read(Math.min(MOST, Math.max(PAGE, at_least)), null);
      const items = [...page.items];
      while (page.next_cursor && items.length < at_least) {
        if (turn !== this.turn) return;
        page = await this.read(MOST, page.next_cursor);
        items.push(...page.items);
      }
      if (turn !== this.turn) return;
      this.items = items;
      this.cursor = page.next_cursor;
      this.state = "ready";
      keepLast(this.brand_id, filter, this.items);
    } catch (error) {
      if (turn !== this.turn) return;
      const refused = asApiError(error);
      const last = refused.status === 0 ? await readLast(this.brand_id, filter) : undefined;
      if (turn !== this.turn) return;
      await this.queue.all();
      this.items = this.queue.over(last?.items ?? []).filter((one) => this.belongs(one));
      this.stale_at = last?.at ?? "";
      this.error = refused;
      if (refused.status === 422) this.refused = { q: filter.q, error: refused };
      this.state = "away";
    }
    this.changed();
    this.refreshAgain();
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
      const page = await this.read(PAGE, null, filter);
      if (turn !== this.turn) return;
      onThere();
      Object.assign(this, { filter, items: page.items, cursor: page.next_cursor, state: "ready", arrived: 0 });
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
    if (!this.cursor || this.loading_more || this.state !== "ready") return;
    const turn = this.turn;
    this.loading_more = true;
    this.changed();
    try {
      const page = await this.read(MOST, this.cursor);
      if (turn !== this.turn) return;
      const known = new Set(this.items.map(({ id }) => id));
      this.items = [...this.items, ...page.items.filter(({ id }) => !known.has(id))];
      this.cursor = page.next_cursor;
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

  /** Something changed on the server: page one again, the rest stays. */
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
      const page = await this.read(PAGE, null);
      const held = this.find(this.held);
      const held_now = held && !page.items.some(({ id }) => id === held.id) ? await this.reread(held) : undefined;
      if (turn !== this.turn) return;
      const held_at = this.items.findIndex(({ id }) => id === this.held);
      const merged = mergeFirstPage(
        this.items,
        page,
        ({ id, version }) => this.pending.has(id) || (this.versions.get(id) ?? 0) > version,
      );
      const known = new Set(this.items.map(({ id }) => id));
      const first_known = merged.items.findIndex(({ id }) => known.has(id));
      this.arrived += first_known < 0 ? merged.items.length : first_known;
      this.items = merged.items;
      if (held_now?.id === this.held && held_at >= 0) {
        const others = this.items.filter(({ id }) => id !== this.held);
        this.items = others.toSpliced(Math.min(held_at, others.length), 0, held_now);
      }
      if (merged.cut) this.cursor = page.next_cursor;
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

  /** How many changes wait for the server. */
  get waiting(): number {
    return this.queue.length;
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

  private async sendOrQueue(before: Mention, fields: Fields, act: string): Promise<Result> {
    // What waits already for this mention goes first.
    const result: Result = this.queue.has(before.id)
      ? { outcome: "failed", now: before, error: new ApiError(0, "unreachable", "") }
      : await this.send(before, fields, act);
    if (result.outcome !== "failed" || result.error?.status !== 0) return result;
    if (!(await this.queue.add({ before, fields, act }))) return result;
    return { outcome: "queued", now: { ...(this.find(before.id) ?? before), ...fields } };
  }

  /** What waited for the server, in the order it was done. What the server refuses is said and not tried again. */
  private async sendQueued(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      const moved = new Map<string, Mention>();
      for (const one of [...(await this.queue.all())]) {
        const result = await this.sendLate(one, moved.get(one.before.id));
        if (result.error?.status === 0) return;
        moved.set(one.before.id, result.now);
        this.onLate(result);
      }
    } finally {
      this.sending = false;
    }
  }

  private async sendLate({ before, fields, act }: Queued, after: Mention | undefined): Promise<Result> {
    // Our own change before this one is not somebody else's.
    const base = after ? { ...after } : before;
    const result = await this.send(base, fields, act);
    if (result.error?.status === 0) return result;
    await this.queue.remove(act, before.id);
    this.versions.set(before.id, result.now.version);
    if (this.find(before.id)) this.put(result.now, result.now);
    return result;
  }

  private async send(before: Mention, fields: Fields, act: string): Promise<Result> {
    const path = `/mentions/${encodeURIComponent(before.id)}`;
    const version = Math.max(before.version, this.versions.get(before.id) ?? 0);
    try {
      const now = await this.client.patch<Mention>(path, { ...fields, version, act });
      this.versions.set(before.id, now.version);
      return { outcome: "saved", now };
    } catch (error) {
      const refused = asApiError(error);
      const current = refused.status === 409 ? (refused.extra.current as Mention | undefined) : undefined;
      if (!current) return { outcome: "failed", now: before, error: refused };
      this.versions.set(before.id, current.version);
      // They touched what we meant to change: theirs stands, unless they did the same.
      const names = Object.keys(fields) as (keyof Fields)[];
      const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
      if (names.every((name) => same(current[name], fields[name]))) return { outcome: "saved", now: current };
      if (names.some((name) => !same(current[name], before[name]))) return { outcome: "theirs", now: current };
      try {
        const now = await this.client.patch<Mention>(path, { ...fields, version: current.version, act });
        this.versions.set(before.id, now.version);
        return { outcome: "merged", now };
      } catch (second) {
        return { outcome: "failed", now: current, error: asApiError(second) };
      }
    }
  }

  /** Take back one click. Raises ApiError. Gives the mentions that somebody changed since, which stay as they are. */
  async undo(act: string, mention_ids: string[]): Promise<Mention[]> {
    let waited = false;
    for (const id of mention_ids) waited = (await this.queue.remove(act, id)) || waited;
    if (waited) {
      await this.open(this.filter, this.items.length);
      return [];
    }
    const kept: Mention[] = [];
    for (;;) {
      const answer = await this.client.post<Undone>("/mentions/undo", { act });
      for (const mention of [...answer.items, ...answer.kept]) this.show(mention);
      kept.push(...answer.kept);
      if (!answer.more) return kept;
    }
  }

  /**
   * The same change to many: those named, or all under the present filter, step by step. Gives how many were changed;
   * raises ApiError, with what was changed until then left changed (and undone by its `act`).
   */
  async changeMany(
    ids: string[] | "all",
    fields: Fields,
    act: string,
    onProgress: (n: number) => void,
  ): Promise<number> {
    let changed = 0;
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
      return changed;
    }
    for (let start = 0; start < ids.length; start += MOST_IN_BULK) {
      const body = { ids: ids.slice(start, start + MOST_IN_BULK), set: fields, act };
      const answer = await this.client.post<BulkAnswer>("/mentions/bulk", body);
      for (const mention of answer.items) this.show(mention);
      changed += answer.changed;
      onProgress(changed);
    }
    return changed;
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

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "internal", String(error));
}
