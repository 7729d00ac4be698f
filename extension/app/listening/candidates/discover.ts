/** What can be listened to behind an address, a name or words, with what it would have brought. */
import type { Client } from "../../../shared/api";
import type { Purpose, Source } from "../../../shared/types";

export interface Candidate {
  kind: string;
  kind_name: string;
  purpose: Purpose;
  params: Record<string, string>;
  name: string;
  url: string;
  /** article, post, comment, video, page, search */
  gives: string;
  /** Why it could not be looked at; "" where it was. */
  note: string;
  /** What it gives at once, and how much of that has a keyword of the brand in it. */
  count: number;
  matching: number;
  /** At most five, those first that match. */
  items: { url: string; title: string; text: string; author: string; published_at: string | null; matches: boolean }[];
  /** The brand listens to it already. */
  source_id: string | null;
}

export async function discover(client: Client, brand_id: string, url: string): Promise<Candidate[]> {
  return (await client.post<{ items: Candidate[] }>("/discover", { brand_id, url })).items;
}

export function listenTo(
  client: Client,
  brand_id: string,
  { kind, params, name, purpose }: Candidate,
): Promise<Source> {
  return client.post<Source>("/sources", { brand_id, kind, params, name: name.slice(0, 200), purpose });
}

/** The same source by another way of asking is one. */
export function keyOf({ kind, params }: Pick<Candidate, "kind" | "params">): string {
  return JSON.stringify([kind, Object.entries(params).sort()]);
}
