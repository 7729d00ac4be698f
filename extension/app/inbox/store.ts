/** The mentions of one brand under one filter: the rows that are here, how they are read, and what is changed of them. */
import type { Client } from "../../shared/api";
import { Changing, type ManyResult, type Result } from "./changing";
import type { Fields } from "./fields";
import type { Queued } from "./queue";
import { Reading } from "./reading";
import { Rows } from "./rows";

const AGAIN_MS = 15_000;

export class MentionStore {
  readonly rows: Rows;
  readonly changes: Changing;
  readonly reading: Reading;

  /** `changed`: draw again. `onLate`: what became of a change that waited for the server. */
  constructor(
    client: Client,
    brand_id: string,
    private readonly changed: () => void,
    onLate: (result: Result) => void = () => {},
  ) {
    this.rows = new Rows(changed);
    this.changes = new Changing(client, brand_id, this.rows, changed, onLate);
    this.reading = new Reading(client, brand_id, this.rows, this.changes, changed);
  }

  /**
   * While a view shows this: what other windows queue is seen, and what waits or could not be read is tried again. Gives
   * how to stop.
   */
  watch(): () => void {
    const { rows, changes, reading } = this;
    const stop = changes.queue.watch((gone) => {
      // Taken back or sent elsewhere: what is there now, the server knows.
      if (gone.some((id) => !changes.isPending(id) && rows.find(id))) void reading.refresh();
      rows.items = changes.queue.over(rows.items).filter((one) => rows.shows(one));
      this.changed();
    });
    const again = () => {
      if (changes.queue.items.length > 0) void changes.sendQueued();
      void reading.tryAgain();
    };
    const timer = setInterval(again, AGAIN_MS);
    globalThis.addEventListener("online", again);
    return () => {
      stop();
      clearInterval(timer);
      globalThis.removeEventListener("online", again);
    };
  }

  /** Both changed the same: ours, on top of theirs. */
  async insist(one: Queued): Promise<void> {
    await this.changes.insist(one);
    void this.reading.refresh();
  }

  /**
   * The same change to many: those named, or all under the present filter. While the server is away "all" is every row
   * that is here, where the whole list is.
   */
  async changeMany(
    ids: string[] | "all",
    fields: Fields,
    act: string,
    onProgress: (n: number) => void,
  ): Promise<ManyResult> {
    const { rows, changes, reading } = this;
    if (ids === "all" && reading.stale_at && !rows.partial) ids = rows.items.map(({ id }) => id);
    if (ids !== "all") return changes.changeMany(ids, fields, act, onProgress);
    const result = await changes.changeAll(rows.filter, fields, act, onProgress);
    if (!result.error) await reading.open(rows.filter);
    return result;
  }
}
