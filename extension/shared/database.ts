/**
 * What a browser keeps of a server beyond the end of a page, and shares between its windows: one IndexedDB database, the
 * same in the extension's pages and worker and in the app that a server serves. What is in it is the `server`'s of each
 * row; an address of its own keeps two servers apart.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { inExtension } from "./browser";
import { getLocal } from "./storage";

export interface KeptRow {
  /** Address of the server and what it is called there. */
  key: string;
  server: string;
  /** When it was read, for "as of 14:02" and to let the oldest go. */
  at: string;
  value: unknown;
}

export interface WaitingRow {
  id?: number;
  server: string;
  /** Who made it: it is sent as nobody else. Rows of before people were told apart have none. */
  member_id?: string;
  brand_id: string;
  mention_id: string;
  /** JSON of its own kind: app/inbox/queue.ts. */
  change: unknown;
}

interface Stores extends DBSchema {
  /** Changes that wait for the server, in the order they were made. */
  waiting: { key: number; value: WaitingRow; indexes: { server: string; mention: [string, string] } };
  /** The last lists of mentions. */
  lists: { key: string; value: KeptRow; indexes: { server: string } };
  /** Mentions that were opened, with what was said around them. */
  opened: { key: string; value: KeptRow; indexes: { server: string } };
  /** Who we are, brands, keywords: what a list cannot be shown without. */
  facts: { key: string; value: KeptRow; indexes: { server: string } };
}

export type Database = IDBPDatabase<Stores>;
export type KeptName = "lists" | "opened" | "facts";
const KEPT: KeptName[] = ["lists", "opened", "facts"];

let opening: Promise<Database> | undefined;

/** A disk that does not answer keeps nobody from working with the server. */
const PATIENCE_MS = 3000;

/** Rejects where the browser keeps nothing (some private windows, a full disk), or is not ready to. */
export const database = (): Promise<Database> => inTime(open());

/** What is read from it, or a rejection while that could still be waited for. */
export function inTime<T>(reading: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("not ready")), PATIENCE_MS));
  return Promise.race([reading, late]);
}

function open(): Promise<Database> {
  opening ??= openDB<Stores>("entregent", 1, {
    upgrade(made) {
      const waiting = made.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
      waiting.createIndex("server", "server");
      waiting.createIndex("mention", ["server", "mention_id"]);
      for (const name of KEPT) made.createObjectStore(name, { keyPath: "key" }).createIndex("server", "server");
    },
    // A newer app in another window wants to change it: this one opens it again when it needs it.
    blocking: (_now, _wanted, event) => {
      (event.target as IDBDatabase).close();
      opening = undefined;
    },
    terminated: () => {
      opening = undefined;
    },
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

/** The server that what is kept belongs to. */
export async function ourServer(): Promise<string> {
  return inExtension ? getLocal("server") : location.origin;
}

/** Keep `value`; of one kind and server, the newest `most`. Room that is missing costs this convenience, nothing else. */
export async function keepRead(store: KeptName, name: string, value: unknown, most: number): Promise<void> {
  try {
    const server = await ourServer();
    const kept = (await database()).transaction(store, "readwrite");
    await kept.store.put({ key: `${server} ${name}`, server, at: new Date().toISOString(), value });
    const all = kept.store.index("server");
    if ((await all.count(server)) > most) {
      const rows = await all.getAll(server);
      rows.sort((one, other) => (one.at < other.at ? -1 : 1));
      for (const { key } of rows.slice(0, rows.length - most)) await kept.store.delete(key);
    }
    await kept.done;
  } catch {
    // said above
  }
}

export async function readKept<T>(store: KeptName, name: string): Promise<{ at: string; value: T } | undefined> {
  try {
    const row = await inTime((await database()).get(store, `${await ourServer()} ${name}`));
    // Versions of before kept a null where an answer had broken off.
    return row && row.value !== null ? { at: row.at, value: row.value as T } : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing that was read stays: this browser is no longer paired, or somebody else uses it. What waits is kept. */
export async function forgetRead(): Promise<void> {
  try {
    const kept = (await database()).transaction(KEPT, "readwrite");
    await Promise.all([...KEPT.map((name) => kept.objectStore(name).clear()), kept.done]);
  } catch {
    // Nothing could be kept, then.
  }
}
