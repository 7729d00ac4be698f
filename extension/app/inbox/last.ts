/**
 * What was read last, for the time when the server is away: the lists of the last filters of each brand, the mentions
 * that were opened with what was said around them, and the few facts a list cannot be shown without.
 */
import type { Client } from "../../shared/api";
import { keepRead, readKept } from "../../shared/database";
import type { Mention } from "../../shared/types";
import type { Filter } from "./filter";
import { canWait } from "./queue";

const ROWS = 300;
const LISTS = 24;
const OPENED = 300;
const FACTS = 100;
const AFTER_MS = 1500;

export interface Last {
  /** When it was read. */
  at: string;
  items: Mention[];
}

/** By value, in one order of names. */
function nameOf(brand_id: string, filter: Filter): string {
  const names = (Object.keys(filter) as (keyof Filter)[]).filter((name) => name !== "search_id").sort();
  return `${brand_id} ${JSON.stringify(names.map((name) => [name, filter[name]]))}`;
}

let timer: ReturnType<typeof setTimeout> | undefined;
let due: (() => void) | undefined;
let written = "";

/** The newest rows of a list. Written once it stays as it is for a moment, and when the page goes. */
export function keepLast(brand_id: string, filter: Filter, items: Mention[]): void {
  const name = nameOf(brand_id, filter);
  const write = () => {
    due = undefined;
    void keepRead("lists", name, items.slice(0, ROWS), LISTS);
  };
  clearTimeout(timer);
  // The first of a list at once: a popup may close at any moment.
  if (name !== written) write();
  else {
    due = write;
    timer = setTimeout(write, AFTER_MS);
  }
  written = name;
}

globalThis.addEventListener?.("pagehide", () => due?.());

/** What was last read under the very same filter. */
export async function readLast(brand_id: string, filter: Filter): Promise<Last | undefined> {
  const kept = await readKept<Mention[]>("lists", nameOf(brand_id, filter));
  return kept && { at: kept.at, items: kept.value };
}

/** `read` when the server answers; what it gave last time while the server cannot. */
export async function readOrLast<T>(kind: "opened" | "facts", name: string, read: () => Promise<T>): Promise<T> {
  try {
    const value = await read();
    void keepRead(kind, name, value, kind === "opened" ? OPENED : FACTS);
    return value;
  } catch (error) {
    if (!canWait(error)) throw error;
    const kept = await readKept<T>(kind, name);
    if (!kept) throw error;
    return kept.value;
  }
}

/** `client.get` of something that a list cannot be shown without. */
export function getOrLast<T>(client: Client, path: string, query: Record<string, string | number> = {}): Promise<T> {
  return readOrLast("facts", `${path} ${JSON.stringify(query)}`, () => client.get<T>(path, query));
}
