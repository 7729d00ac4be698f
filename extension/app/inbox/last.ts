/**
 * The last list that was read, for the time when the server is away: the extension only, until the browser ends, the
 * newest rows of one list for each brand.
 */
import { api, inExtension } from "../../shared/browser";
import type { Mention } from "../../shared/types";
import type { Filter } from "./filter";

const ROWS = 30;
const PREFIX = "last_list.";

interface Last {
  filter: Filter;
  /** When it was read. */
  at: string;
  items: Mention[];
}

export function keepLast(brand_id: string, filter: Filter, items: Mention[]): void {
  if (!inExtension) return;
  const last: Last = { filter, at: new Date().toISOString(), items: items.slice(0, ROWS) };
  // Room that is missing costs this convenience, nothing else.
  void api.storage.session.set({ [PREFIX + brand_id]: last }).catch(() => undefined);
}

/** What was last read under the very same filter. */
export async function readLast(brand_id: string, filter: Filter): Promise<Last | undefined> {
  if (!inExtension) return undefined;
  const name = PREFIX + brand_id;
  const last = (await api.storage.session.get(name))[name] as Last | undefined;
  return last && isSame(last.filter, filter) ? last : undefined;
}

/** By value: the browser's storage gives the names back in an order of its own. */
function isSame(one: Filter, other: Filter): boolean {
  return (Object.keys(other) as (keyof Filter)[]).every((name) => one[name] === other[name]);
}

/** This browser is no longer paired: nothing of that server stays. */
export async function forgetLast(): Promise<void> {
  if (!inExtension) return;
  const names = Object.keys(await api.storage.session.get(null)).filter((name) => name.startsWith(PREFIX));
  await api.storage.session.remove(names);
}
