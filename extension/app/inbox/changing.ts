/**
 * Changes of mentions: at once on screen, then on the server, and kept where the server cannot take them now
 * (queue.ts). One change after the other for each mention, so that each takes the version the last one made.
 */
import { ApiError, type Client } from "../../shared/api";
import type { Mention } from "../../shared/types";
import type { Fields } from "./fields";
import { type Filter, whereOf } from "./filter";
import { baseOf, ChangeQueue, canWait, type Queued, waits } from "./queue";
import type { Rows } from "./rows";
import { asApiError, type Patch, sendChange, sendWaiting } from "./sending";

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
  /** So many neither were changed nor wait: their rows are not here any more. */
  left: number;
  /** Which it was asked for, by name; none where it was for all under a filter. */
  named: string[];
  error?: ApiError;
}

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

export class Changing {
  readonly queue: ChangeQueue;
  /** Why the oldest change waits; undefined where nothing was tried yet. */
  waits_for: ApiError | undefined;

  private sending: Promise<void> | undefined;
  private readonly order = new Map<string, Promise<unknown>>();
  private readonly pending = new Map<string, number>();
  /** The newest version we know of each mention we changed: what is older is out of date. */
  private readonly versions = new Map<string, number>();

  constructor(
    private readonly client: Client,
    private readonly brand_id: string,
    private readonly rows: Rows,
    private readonly changed: () => void,
    /** What became of a change that waited for the server. */
    private readonly onLate: (result: Result) => void,
  ) {
    this.queue = new ChangeQueue(brand_id);
  }

  /** A change of ours is on its way. */
  isPending(id: string): boolean {
    return this.pending.has(id);
  }

  /** A row as it was before a change of ours. */
  readonly isStale = ({ id, version }: Mention): boolean =>
    this.pending.has(id) || (this.versions.get(id) ?? 0) > version;

  /** The row as the server now has it. */
  show(mention: Mention): void {
    this.versions.set(mention.id, mention.version);
    this.rows.put(mention, mention);
  }

  /** Change one mention. Gives what became of it, and the row as it now is. */
  async change(before: Mention, fields: Fields, act = ""): Promise<Result> {
    const { id } = before;
    this.pending.set(id, (this.pending.get(id) ?? 0) + 1);
    const place = this.rows.put({ ...(this.rows.find(id) ?? before), ...fields }, before);
    const result = await this.inOrder(id, () => this.sendOrQueue(before, fields, act));
    const left = (this.pending.get(id) ?? 1) - 1;
    if (left > 0) this.pending.set(id, left);
    else this.pending.delete(id);
    this.versions.set(id, result.now.version);
    if (left <= 0) this.rows.put(result.now, before, place);
    return result;
  }

  private inOrder<T>(id: string, work: () => Promise<T>): Promise<T> {
    const earlier = this.order.get(id) ?? Promise.resolve();
    const running = earlier.then(work);
    this.order.set(
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
    return { outcome: "queued", now: { ...(this.rows.find(before.id) ?? before), ...fields }, error };
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
        if (this.rows.find(now.id)) this.rows.put(now, now);
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
  }

  /** It shall not be sent: the rows are what they were. */
  async drop(which: (one: Queued) => boolean): Promise<void> {
    this.bringBack(await this.queue.drop(which));
  }

  private bringBack(dropped: Queued[]): void {
    for (const one of dropped.reverse()) {
      const { before, fields } = one;
      const row = this.rows.findOrGone(before.id);
      const names = Object.keys(fields) as (keyof Fields)[];
      if (row && waits(one))
        this.rows.put({ ...row, ...Object.fromEntries(names.map((name) => [name, before[name]])) }, row);
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
   * The same change to all under a filter, step by step; with what was changed until something failed left changed (and
   * undone by its `act`). It cannot wait for the server: nobody knows which those are. The list has to be read again.
   */
  async changeAll(filter: Filter, fields: Fields, act: string, onProgress: (n: number) => void): Promise<ManyResult> {
    let changed = 0;
    try {
      const where = whereOf(this.brand_id, filter);
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const body = { where, set: fields, act, ...(cursor && { cursor }) };
        const answer: BulkAnswer = await this.client.post<BulkAnswer>("/mentions/bulk", body);
        changed += answer.changed;
        cursor = answer.next_cursor;
        onProgress(changed);
      }
      return { changed, queued: 0, left: 0, named: [] };
    } catch (error) {
      return { changed, queued: 0, left: 0, named: [], error: asApiError(error) };
    }
  }

  /** The same change to those named. While the server is away, they wait for it. */
  async changeMany(ids: string[], fields: Fields, act: string, onProgress: (n: number) => void): Promise<ManyResult> {
    let changed = 0;
    for (let start = 0; start < ids.length; start += MOST_IN_BULK) {
      const body = { ids: ids.slice(start, start + MOST_IN_BULK), set: fields, act };
      try {
        const answer = await this.client.post<BulkAnswer>("/mentions/bulk", body);
        for (const mention of answer.items) this.show(mention);
        changed += answer.changed;
        onProgress(changed);
      } catch (caught) {
        const error = asApiError(caught);
        if (!canWait(error)) return { changed, queued: 0, left: 0, named: ids, error };
        // The part that was on its way may have arrived: it is found made then.
        const rest = ids.slice(start);
        const queued = await this.queueMany(rest, fields, act, error);
        return { changed, queued, left: rest.length - queued, named: ids, error };
      }
    }
    return { changed, queued: 0, left: 0, named: ids };
  }

  /** Gives how many wait now. */
  private async queueMany(ids: string[], fields: Fields, act: string, error: ApiError): Promise<number> {
    const rows = ids.map((id) => this.rows.find(id)).filter((row) => row !== undefined);
    const at = new Date().toISOString();
    const waiting = rows.map((row) => ({ before: baseOf(row), fields, act, at }));
    if (!(await this.queue.add(waiting))) return 0;
    this.waits_for = error;
    for (const row of rows) this.rows.put({ ...row, ...fields }, row);
    return rows.length;
  }
}
