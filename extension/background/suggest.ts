/** What fits a post, or what the person searched for among the saved replies: ranked, filled and shortened there. */
import type { Ask, Suggestions } from "../shared/messages";
import { ask } from "./server";
import { brandInUse, load } from "./store";

const OFFERED = 3;
const FOUND = 9; // one key each
const LONGEST = 20_000; // characters of a post that are sent

export async function suggest({ post, query = "" }: Ask<"suggest">): Promise<Suggestions> {
  const brand = await brandInUse();
  const { mentions } = await load("cache");
  const mention = mentions.find(({ url }) => url === post.url);
  const body = {
    ...(brand && { brand_id: brand.id }),
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
