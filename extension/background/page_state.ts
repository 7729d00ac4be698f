/** What a page must know before its toolbar draws: from what was read already, so it costs no request. */
import type { Ask, PageState } from "../shared/messages";
import { getLocal } from "../shared/storage";
import { brandInUse, load, loadPassing, useLanguage } from "./store";

export async function pageState({ host, network }: Ask<"page.state">): Promise<PageState> {
  const [brand, token, reachable, cache, hosts, ever, language] = await Promise.all([
    brandInUse(),
    getLocal("token"),
    loadPassing("reachable"),
    load("cache"),
    getLocal("hidden_hosts"),
    getLocal("hidden_for_ever"),
    useLanguage(),
  ]);
  // A Mastodon post is read on many hosts: there the network decides, elsewhere the address.
  const here = cache.mentions.filter((mention) => mention.network === network || hostOf(mention.url) === host);
  const ours = cache.brand_id === (brand?.id ?? "");
  return {
    paired: Boolean(token),
    reachable,
    hidden: ever || hosts.includes(host),
    brand: brand && { id: brand.id, name: brand.name },
    handle: brand?.handles[network] ?? "",
    language,
    mentions: ours
      ? Object.fromEntries(
          here.map(({ url, id, status, intent, replied_by }) => [url, { id, status, intent, replied_by }]),
        )
      : {},
    keywords: ours ? cache.keywords : [],
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : "";
}
