/** What a page says of itself that the server may not see: feeds that it names to who is logged in, what is selected. */
import { api } from "../shared/browser";

export interface PageFacts {
  feeds: string[];
  selected: string;
}

const NOTHING: PageFacts = { feeds: [], selected: "" };

/** Read with the access that the click on our icon gave; nothing where there is none. */
export async function readPage(tabId: number): Promise<PageFacts> {
  try {
    const [done] = await api.scripting.executeScript({ target: { tabId }, func: readHere });
    return clean(done?.result);
  } catch {
    return NOTHING;
  }
}

/** Runs in the page, alone. */
function readHere(): { feeds: string[]; selected: string } {
  const types = ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"];
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel~="alternate" i][href]')];
  return {
    feeds: links.filter((link) => types.includes(link.type.toLowerCase())).map((link) => link.href),
    selected: String(getSelection() ?? "").slice(0, 200),
  };
}

/** Only addresses of the web, once each: the page may say what it likes. */
function clean(said: unknown): PageFacts {
  const { feeds, selected } = (said ?? {}) as Partial<PageFacts>;
  const addresses = (Array.isArray(feeds) ? feeds : []).filter(
    (url): url is string => typeof url === "string" && /^https?:\/\//i.test(url) && url.length < 8000,
  );
  return { feeds: [...new Set(addresses)].slice(0, 10), selected: typeof selected === "string" ? selected.trim() : "" };
}
