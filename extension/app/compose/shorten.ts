/**
 * The addresses in some texts, each made a short link; while the public address is not proved, a clean one instead. Asking
 * takes a while in which somebody writes on: what was found is put into the text as it is then.
 */
import type { Client } from "../../shared/api";
import type { Page } from "../../shared/types";

interface Made {
  short_url: string;
  public: boolean;
  /** The address with its UTM, for as long as `public` is false. */
  clean_url?: string;
  url: string;
  expires_at: string | null;
  max_clicks: number | null;
}

const ADDRESS = /https?:\/\/[^\s<>"«»]+/giu;

/** What stands instead of each address; `withheld`: some are only cleaned. */
export async function shortLinks(
  client: Client,
  brand_id: string,
  texts: string[],
): Promise<{ instead: Map<string, string>; withheld: boolean }> {
  const found = [...new Set(texts.flatMap((text) => [...text.matchAll(ADDRESS)].map(([url]) => trimmed(url))))];
  const instead = new Map<string, string>();
  let withheld = false;
  for (const url of found) {
    const made = (await existing(client, brand_id, url)) ?? (await client.post<Made>("/links", { brand_id, url }));
    if (!made.public) withheld = true;
    const wanted = made.public ? made.short_url : (made.clean_url ?? url);
    if (wanted !== url) instead.set(url, wanted);
  }
  return { instead, withheld };
}

/** `text` with other addresses, by whole addresses. */
export function withAddresses(text: string, instead: Map<string, string>): string {
  return text.replace(ADDRESS, (whole) => {
    const url = trimmed(whole);
    return (instead.get(url) ?? url) + whole.slice(url.length);
  });
}

/** The link that this address has already, if it does not end. */
async function existing(client: Client, brand_id: string, url: string): Promise<Made | undefined> {
  const { items } = await client.get<Page<Made>>("/links", { brand_id, url, limit: 20 });
  return items.find(({ expires_at, max_clicks }) => !expires_at && !max_clicks);
}

/** A full stop behind an address does not belong to it. */
function trimmed(url: string): string {
  return url.replace(/[.,;:!?'’)\]]+$/u, "");
}
