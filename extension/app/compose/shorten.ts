/** The addresses in some texts, each made a short link; while the public address is not proved, a clean one instead. */
import type { Client } from "../../shared/api";

interface Made {
  short_url: string;
  public: boolean;
  /** The address with its UTM, for as long as `public` is false. */
  clean_url?: string;
  url: string;
}

const ADDRESS = /https?:\/\/[^\s<>"«»]+/giu;

export async function shortenAll(
  client: Client,
  brand_id: string,
  texts: string[],
): Promise<{ texts: string[]; changed: number; withheld: boolean }> {
  const found = [...new Set(texts.flatMap((text) => [...text.matchAll(ADDRESS)].map(([url]) => trimmed(url))))];
  const instead = new Map<string, string>();
  let withheld = false;
  for (const url of found) {
    const made = await client.post<Made>("/links", { brand_id, url });
    if (!made.public) withheld = true;
    const wanted = made.public ? made.short_url : (made.clean_url ?? url);
    if (wanted !== url) instead.set(url, wanted);
  }
  const change = (text: string) =>
    text.replace(ADDRESS, (whole) => {
      const url = trimmed(whole);
      return (instead.get(url) ?? url) + whole.slice(url.length);
    });
  return { texts: texts.map(change), changed: instead.size, withheld };
}

/** A full stop behind an address does not belong to it. */
function trimmed(url: string): string {
  return url.replace(/[.,;:!?'’)\]]+$/u, "");
}
