/**
 * Changes that the server cannot take now: kept where neither the end of the page nor of the browser loses them, each in
 * a row of its own, so that several windows add to one queue and none overwrites another's. Sent in order, by one window
 * at a time (or by the extension's background), when the server answers again, and only as the person who made them.
 */
import { type ApiError, isPassing } from "../../shared/api";
import { database, inTime, ourServer, type WaitingRow } from "../../shared/database";
import { ANOTHER_PERSON, ourMember } from "../../shared/person";
import type { Mention } from "../../shared/types";
import { FIELDS, type Fields } from "./fields";

/** What must be known of a mention to change it later: no text of it. */
export type Base = Pick<Mention, "id" | "version" | "author" | "url" | "network" | "status"> & Fields;

export interface Change {
  /** The mention as the change was made on it: what differs from it on the server was changed by somebody else. */
  before: Base;
  fields: Fields;
  act: string;
  /** When it was made. */
  at: string;
  /** Somebody else changed the same meanwhile: it is so now, and a person chooses. */
  theirs?: Base;
  /** The server refused it for good: not tried again, a person reads why. */
  refused?: { code: string; message: string };
}

/** Still to be sent. */
export const waits = ({ theirs, refused }: Change): boolean => !theirs && !refused;

export interface Queued extends Change {
  id: number;
  brand_id: string;
}

/** More than this is refused in words. */
const MOST = 5_000;

/** Kept until the server answers again; 401: until this browser is let in again, as the same person. */
export function canWait(error: unknown): boolean {
  const { status, code } = (error ?? {}) as Partial<ApiError>;
  return isPassing(error) || status === 401 || code === ANOTHER_PERSON;
}

export function baseOf(mention: Mention): Base {
  const { id, version, author, url, network } = mention;
  const fields = Object.fromEntries(FIELDS.map((name) => [name, mention[name]]));
  return { id, version, author, url, network, ...fields } as Base;
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Which of the fields we mean to set somebody else set meanwhile, to something else. */
export function clashOf(before: Base, fields: Fields, now: Base): (keyof Fields)[] {
  const names = Object.keys(fields) as (keyof Fields)[];
  return names.filter((name) => !same(now[name], before[name]) && !same(now[name], fields[name]));
}

/** One at a time in the whole browser: sending, and taking back what may be on its way. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  const name = `entregent.waiting ${await ourServer()}`;
  // Plain http off loopback has no locks: then a change that two windows send is found made already by the second.
  return navigator.locks ? ((await navigator.locks.request(name, work)) as T) : work();
}

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("entregent.waiting") : undefined;
const listeners = new Set<() => void>();
if (channel) channel.onmessage = () => tellHere();

function tellHere(): void {
  for (const listener of [...listeners]) listener();
}

/** Something was added or taken away: every window looks. */
export function tell(): void {
  channel?.postMessage("");
  tellHere();
}

/** Whose changes wait here beside ours, and how many. */
export interface Others {
  member_id: string;
  n: number;
}

/** What waits for one brand. Every window of this browser and person sees the same. */
export class ChangeQueue {
  /** Ours as last read, oldest first. */
  items: Queued[] = [];
  /** Of people who used this browser before: sent once they are here again. */
  others: Others[] = [];

  constructor(readonly brand_id: string) {}

  /**
   * Call `changed` when something was added or taken away, here or in another window, with the ids of the mentions that
   * nothing waits for any more. Returns how to stop.
   */
  watch(changed: (gone: string[]) => void): () => void {
    const listener = async () => {
      const before = this.items.map((one) => one.before.id);
      await this.read();
      changed(before.filter((id) => !this.has(id)));
    };
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** `all`: also where that takes long, for who means to take something away; else what was known stays meanwhile. */
  async read(all = false): Promise<Queued[]> {
    const [rows, member_id] = await Promise.all([readRows(all), ourMember()]);
    if (!rows) return all ? [] : this.items;
    const here = rows.filter(({ brand_id }) => brand_id === this.brand_id);
    this.items = here.filter((row) => isOf(row, member_id)).map(queuedOf);
    const counts = new Map<string, number>();
    for (const { member_id: id = "" } of here.filter((row) => !isOf(row, member_id))) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    this.others = [...counts].map(([id, n]) => ({ member_id: id, n }));
    return this.items;
  }

  /** What somebody else left here is never sent. */
  async dropOf(member_id: string): Promise<void> {
    await alone(async () => {
      const theirs = ((await readRows(true)) ?? []).filter(
        (row) => row.member_id === member_id && row.brand_id === this.brand_id,
      );
      await remove(theirs.map(({ id }) => id!));
    });
    tell();
  }

  /** All or none; false where there is no room: then the change must be said to have failed. */
  async add(changes: Change[]): Promise<boolean> {
    try {
      const [server, member_id] = await Promise.all([ourServer(), ourMember()]);
      if (!member_id) return false;
      const kept = (await database()).transaction("waiting", "readwrite", { durability: "strict" });
      if ((await kept.store.index("server").count(server)) + changes.length > MOST) return false;
      for (const change of changes) {
        await kept.store.add({ server, member_id, brand_id: this.brand_id, mention_id: change.before.id, change });
      }
      await kept.done;
    } catch {
      return false;
    }
    await this.read();
    tell();
    return true;
  }

  /** Take back what still waits of one click. Gives what was taken back. */
  take(act: string, mention_ids: string[]): Promise<Queued[]> {
    const wanted = new Set(mention_ids);
    return this.drop((one) => one.act === act && wanted.has(one.before.id));
  }

  /** After this nothing of it is sent any more. */
  async drop(which: (one: Queued) => boolean): Promise<Queued[]> {
    if (!(await this.read(true)).some(which)) return [];
    const dropped = await alone(async () => {
      const found = (await this.read(true)).filter(which);
      await remove(found.map(({ id }) => id));
      return found;
    });
    await this.read();
    tell();
    return dropped;
  }

  /** Of two who changed the same, ours: it is sent on top of what is there now. */
  async insist({ id, theirs, ...one }: Queued): Promise<void> {
    if (!theirs) return;
    await put(id, this.brand_id, { before: theirs, fields: one.fields, act: one.act, at: one.at });
    await this.read();
    tell();
  }

  /** Rows as they are with what waits. */
  over(rows: Mention[]): Mention[] {
    if (this.items.length === 0) return rows;
    const changes = new Map<string, Fields>();
    for (const one of this.items.filter(waits)) {
      changes.set(one.before.id, { ...changes.get(one.before.id), ...one.fields });
    }
    return rows.map((row) => (changes.has(row.id) ? { ...row, ...changes.get(row.id) } : row));
  }

  has(id: string): boolean {
    return this.items.some((one) => one.before.id === id && waits(one));
  }
}

const queuedOf = ({ id, brand_id, change }: WaitingRow): Queued => ({ ...(change as Change), id: id!, brand_id });

const isOf = (row: WaitingRow, member_id: string): boolean => (row.member_id ?? member_id) === member_id;

/** Of whoever works with this server in this browser; undefined where nothing is kept, or (unless `all`) not in time. */
async function readRows(all: boolean): Promise<WaitingRow[] | undefined> {
  try {
    const reading = (await database()).getAllFromIndex("waiting", "server", await ourServer());
    return await (all ? reading : inTime(reading));
  } catch {
    return undefined;
  }
}

async function remove(ids: number[]): Promise<void> {
  const kept = (await database()).transaction("waiting", "readwrite", { durability: "strict" });
  await Promise.all([...ids.map((id) => kept.store.delete(id)), kept.done]);
}

async function put(id: number, brand_id: string, change: Change): Promise<void> {
  const [server, member_id] = await Promise.all([ourServer(), ourMember()]);
  await (await database()).put("waiting", { id, server, member_id, brand_id, mention_id: change.before.id, change });
}

/** Our oldest change that can be sent, of one brand or of all; none while nobody knows who we are. */
export async function oldest(brand_id?: string): Promise<Queued | undefined> {
  const [server, member_id] = await Promise.all([ourServer(), ourMember()]);
  if (!member_id) return undefined;
  const kept = (await database()).transaction("waiting");
  for await (const { value } of kept.store.index("server").iterate(server)) {
    if (!isOf(value, member_id) || !waits(value.change as Change)) continue;
    if (brand_id === undefined || value.brand_id === brand_id) return queuedOf(value);
  }
  return undefined;
}

/** It is on the server: what waits behind it for the same mention was made on top of it. */
export async function settle(sent: Queued, now: Mention | undefined): Promise<void> {
  const [server, member_id] = await Promise.all([ourServer(), ourMember()]);
  const kept = (await database()).transaction("waiting", "readwrite", { durability: "strict" });
  await kept.store.delete(sent.id);
  if (now) {
    const later = await kept.store.index("mention").getAll([server, sent.before.id]);
    for (const row of later.filter((one) => isOf(one, member_id))) {
      const change = row.change as Change;
      // Where somebody else changed what this one means to change, its old version lets the server say so.
      const untouched = Object.keys(change.fields).every((name) =>
        same(now[name as keyof Fields], change.before[name as keyof Fields]),
      );
      if (!waits(change) || !untouched) continue;
      await kept.store.put({ ...row, change: { ...change, before: { ...change.before, version: now.version } } });
    }
  }
  await kept.done;
}

/** Both changed the same, or the server refused it: it waits for a person now. */
export async function leaveToPerson(one: Queued, why: Pick<Change, "theirs" | "refused">): Promise<void> {
  const { id, brand_id, before, fields, act, at } = one;
  await put(id, brand_id, { before, fields, act, at, ...why });
}
