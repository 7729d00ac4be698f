/** Pages of a list as the server gives them. */
import type { Client } from "../../shared/api";
import { type Filter, isGrouped, whereOf } from "./filter";
import { MOST, type Stretch } from "./rows";

export const PAGE = 50;
/** Down to here a place is come back to by reading from the top. */
const NEAR_TOP = 150;

/** Where one was in a list: its first row that was seen, and which in the whole list that was ("" and -1: not known). */
export interface Spot {
  rows: number;
  anchor_id?: string;
  anchor_index?: number;
  anchor_px?: number;
}

/** On from a cursor; around, above or below a mention; or so many rows below the top. */
export type Part = Partial<{ cursor: string | null; around: string; above: string; below: string; skip: number }>;

export function readPage(
  client: Client,
  brand_id: string,
  filter: Filter,
  limit: number,
  part: Part,
): Promise<Stretch> {
  const grouped = isGrouped(filter) && { group: "story" };
  return client.get<Stretch>("/mentions", { ...whereOf(brand_id, filter), limit, ...part, ...grouped });
}

/** What to ask for to come back to a spot: from the top as much as was there, where that is near. */
export function pageOf({ rows, anchor_id, anchor_index = MOST }: Spot): [limit: number, part: Part] {
  if (anchor_id && anchor_index >= NEAR_TOP) return [MOST, { around: anchor_id }];
  return [Math.min(MOST, Math.max(PAGE, rows)), {}];
}
