import type { Client, Query } from "../shared/api";
import type { Page } from "../shared/types";

/** All pages of a list of which a brand has dozens, not thousands. */
export async function everyOne<T>(client: Client, path: string, query: Query, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await client.get<Page<T>>(path, { ...query, limit: 200, cursor }, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}
