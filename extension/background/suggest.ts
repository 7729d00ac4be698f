/** Suggestions as the toolbar shows them: from the server's, with titles, variables filled and blanks listed. */
import type { Ask, PagePost, Suggestion, Suggestions } from "../shared/messages";
import type { ApiSuggestions, Page, SavedReply } from "../shared/types";
import { ask } from "./server";
import { brandInUse, load } from "./store";

const SHOWN = 3;

export async function suggest({ post, query = "" }: Ask<"suggest">): Promise<Suggestions> {
  const brand = await brandInUse();
  const of = brand ? { brand_id: brand.id } : {};
  const words = { author: post.author, brand: brand?.name ?? "" };
  if (query.trim()) return searchReplies(query, of, words);
  const { mentions } = await load("cache");
  const mention = mentions.find(({ url }) => url === post.url);
  const about = { text: post.text.slice(0, 20_000), author: post.author, url: post.url, network: post.network };
  const body = { ...of, ...about, limit: SHOWN, ...(mention && { mention_id: mention.id }) };
  const found = await ask<ApiSuggestions>("POST", "/suggestions", { body, key: crypto.randomUUID() });
  const titles = found.items.some((item) => !("title" in item)) ? await titlesOf(of) : new Map<string, string>();
  const items = found.items.slice(0, SHOWN).map((item): Suggestion => {
    const title = (item as { title?: string }).title ?? titles.get(item.reply_id) ?? "";
    return { reply_id: item.reply_id, title, score: item.score, why: item.why, ...fill(item.text, words) };
  });
  return { id: found.id, language: found.language, nothing_fits: found.nothing_fits, items };
}

/** Saved replies whose title, shortcut or text hold all the words typed. */
async function searchReplies(query: string, of: object, words: Words): Promise<Suggestions> {
  const wanted = fold(query).split(/\s+/).filter(Boolean);
  const { items } = await ask<Page<SavedReply>>("GET", "/replies", { query: { ...of, limit: 200 } });
  const hits = items.filter(({ title, shortcut, text }) => {
    const all = fold(`${title} ${shortcut} ${text}`);
    return wanted.every((word) => all.includes(word));
  });
  return {
    id: "",
    language: "und",
    nothing_fits: hits.length === 0,
    items: hits
      .slice(0, SHOWN)
      .map(({ id, title, text }) => ({ reply_id: id, title, score: 1, why: "", ...fill(text, words) })),
  };
}

async function titlesOf(of: object): Promise<Map<string, string>> {
  const page = await ask<Page<SavedReply>>("GET", "/replies", { query: { ...of, limit: 200 } }).catch(() => null);
  return new Map(page?.items.map(({ id, title }) => [id, title]) ?? []);
}

interface Words {
  author: PagePost["author"];
  brand: string;
}

/** `{{author.name|there}}`, `{{brand.name}}` filled where the server left them; `{{ask:Order}}` becomes `[Order]`. */
export function fill(text: string, { author, brand }: Words): { text: string; blanks: string[] } {
  const blanks: string[] = [];
  const filled = text.replace(/\{\{\s*([^}|]+?)\s*(?:\|([^}]*))?\}\}/g, (_whole, name: string, otherwise = "") => {
    if (name === "author.name") return firstName(author) || otherwise;
    if (name === "brand.name") return brand || otherwise;
    if (name.startsWith("link:")) return name.slice("link:".length);
    if (name.startsWith("ask:")) {
      const blank = name.slice("ask:".length).trim();
      blanks.push(blank);
      return `[${blank}]`;
    }
    return otherwise;
  });
  // The server may have put them as [Order number] already.
  for (const [, blank = ""] of filled.matchAll(/\[([^\][\n]{1,60})\](?!\()/g))
    if (!blanks.includes(blank)) blanks.push(blank);
  return { text: filled, blanks };
}

/** "Maud Delcroix" → "Maud"; a handle or a single word is no first name to greet somebody by. */
function firstName(author: string): string {
  const [first = "", second] = author.trim().split(/\s+/);
  return second && /^\p{Lu}\p{Ll}+$/u.test(first) ? first : "";
}

function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}
