/** What `/links` and its statistics answer, as far as the pages here need it. */
export interface LinkRow {
  id: string;
  brand_id: string;
  code: string;
  url: string;
  short_url: string;
  /** False until the public address is proved: the short link is then not shown, copied or inserted. */
  public: boolean;
  /** The address with its UTM: what is given instead. */
  clean_url?: string;
  title: string;
  tags: string[];
  utm?: Record<string, string> | null;
  expires_at?: string | null;
  created_at: string;
  people?: number;
  previews?: number;
  robots?: number;
  version: number;
}

export interface Stats {
  people: number;
  previews: number;
  robots: number;
  visitors: number;
  series: { at: string; people: number; previews: number; robots: number }[];
  by: { key: string; people: number }[];
}

export interface PublicAddress {
  url: string;
  proved_at: string | null;
  waiting: string[];
}

/** What to hand out: the short link where others can open it, else the clean address. */
export function shownUrl(link: LinkRow): string {
  return link.public ? link.short_url : (link.clean_url ?? link.url);
}

/** "entregent.example/t9xa" */
export function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//i, "").replace(/\/$/, "");
}
