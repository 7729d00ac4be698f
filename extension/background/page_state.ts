/** What a page must know before its toolbar draws: from what was read already, so it costs no request. */
import type { OfPage, PageState } from "../shared/messages";
import { getLocal } from "../shared/storage";
import { readOther } from "./changes";
import { clientOf } from "./client";
import { commandKeys } from "./commands";
import { hasPictures, isConfirmed } from "./sites";
import { cacheOf, load, loadPassing, useLanguage } from "./store";

export async function pageState(page: OfPage, tab: number | undefined): Promise<PageState> {
  const { host, network } = page;
  const [client, people, token, reachable, hosts, ever, language, confirmed, commands, own, pictures] =
    await Promise.all([
      clientOf(page, tab),
      load("people"),
      getLocal("token"),
      loadPassing("reachable"),
      getLocal("hidden_hosts"),
      getLocal("hidden_for_ever"),
      useLanguage(),
      isConfirmed(host, network),
      commandKeys(),
      getLocal("panel_keys"),
      hasPictures(host),
    ]);
  const { brand, handle, whose, among } = client;
  const cache = brand && (await cacheOf(brand.id));
  // This page works for another brand than the popup: what it has to know comes a moment later, and is said then.
  if (brand && token && !cache) void readOther(brand.id);
  // A Mastodon post is read on many hosts: there the network decides, elsewhere the address.
  const here = (cache?.mentions ?? []).filter((mention) => mention.network === network || hostOf(mention.url) === host);
  return {
    paired: Boolean(token),
    reachable,
    hidden: ever || hosts.includes(host),
    brand,
    handle,
    whose,
    among,
    language,
    confirmed,
    pictures,
    mentions: Object.fromEntries(
      here.map(({ url, id, status, intent, replied_by, assignee_id }) => {
        const assigned_to = (assignee_id && people[assignee_id]) || "";
        return [url, { id, status, intent, replied_by, assigned_to }];
      }),
    ),
    keywords: cache?.keywords ?? [],
    keys: { reply: commands.reply ?? "", shorten: commands.shorten ?? "", ...own },
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}
