/** What fits a post, or what the person searched for among the saved replies: ranked, filled and shortened there. */
import type { Ask, Suggestions } from "../shared/messages";
import { ask } from "./server";
import { brandInUse, cacheOf } from "./store";

const OFFERED = 3;
const FOUND = 9; // one key each
const LONGEST = 20_000; // characters of a post that are sent

export async function suggest({ post, query = "", brand_id }: Ask<"suggest">): Promise<Suggestions> {
  const brand = brand_id ?? (await brandInUse())?.id;
  const cache = brand ? await cacheOf(brand) : null;
  const mention = cache?.mentions.find(({ url }) => url === post.url);
  const body = {
    ...(brand && { brand_id: brand }),
    ...(mention && { mention_id: mention.id }),
    text: post.text.slice(0, LONGEST),
    author: post.author,
    url: post.url,
    network: post.network,
    query: query.trim(),
    limit: query.trim() ? FOUND : OFFERED,
  };
  return ask<Suggestions>("POST", "/suggestions", { body, key: crypto.randomUUID() });
}
