/**
 * Changes made while the server is away: kept where the browser's end does not lose them, shown as made, sent in order
 * when the server answers again. One queue for each brand; every view of this browser works on the same one.
 */
import { keep, kept } from "../../shared/storage";
import type { Mention } from "../../shared/types";
import type { Fields } from "./store";

export interface Queued {
  /** The mention as the change was made on it: what differs from it on the server was changed by somebody else. */
  before: Mention;
  fields: Fields;
  act: string;
}

const MOST = 2_000;

export class ChangeQueue {
  private waiting: Queued[] = [];
  private read = false;

  constructor(private readonly brand_id: string) {}

  get length(): number {
    return this.waiting.length;
  }

  /** What waits, oldest first; read once, since another window or an earlier day may have left some. */
  async all(): Promise<Queued[]> {
    if (!this.read) {
      const found = (await kept<Queued[]>(this.name)) ?? [];
      const ours = new Set(this.waiting.map(({ act }) => act));
      this.waiting = [...found.filter(({ act }) => !ours.has(act)), ...this.waiting];
      this.read = true;
    }
    return this.waiting;
  }

  /** False where there is no room: then the change must be said to have failed. */
  async add(one: Queued): Promise<boolean> {
    await this.all();
    if (this.waiting.length >= MOST) return false;
    this.waiting = [...this.waiting, one];
    return this.write();
  }

  async remove(act: string, mention_id: string): Promise<boolean> {
    const left = (await this.all()).filter((one) => one.act !== act || one.before.id !== mention_id);
    const removed = left.length < this.waiting.length;
    this.waiting = left;
    if (removed) await this.write();
    return removed;
  }

  /** Rows as they are with what waits. */
  over(rows: Mention[]): Mention[] {
    if (this.waiting.length === 0) return rows;
    const changes = new Map<string, Fields>();
    for (const { before, fields } of this.waiting) {
      changes.set(before.id, { ...changes.get(before.id), ...fields });
    }
    return rows.map((row) => (changes.has(row.id) ? { ...row, ...changes.get(row.id) } : row));
  }

  has(id: string): boolean {
    return this.waiting.some(({ before }) => before.id === id);
  }

  private get name(): string {
    return `waiting.${this.brand_id}`;
  }

  private async write(): Promise<boolean> {
    try {
      await keep(this.name, this.waiting.length > 0 ? this.waiting : null);
      return true;
    } catch {
      return false;
    }
  }
}
