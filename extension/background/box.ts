/** What the toolbar beside a text box asks for: how its network counts, campaigns, all links at once, a link's card. */
import { ApiError } from "../shared/api";
import type { CountRules } from "../shared/counting";
import type { AnswerOf, Ask, BoxAbout, OfBrand, ShortenedOf } from "../shared/messages";
import type { Link } from "../shared/types";
import { ask, LONG_TIMEOUT_MS } from "./server";
import { brandInUse, changeKept, load } from "./store";
import { runTask, shortOf } from "./tasks";

const MOST_CAMPAIGNS = 20;

interface Bulk {
  items: { url: string; link: Link | null; error: { code: string; message: string } | null }[];
}

export async function boxAbout({ host, limit, brand_id }: Ask<"box.about">): Promise<BoxAbout> {
  const { on, names } = await campaignsOf(brand_id);
  return { counting: limit ? await countingOf(limit, host) : null, campaign: (on && names[0]) || "", campaigns: names };
}

/** A server may have limits of its own: those of the account connected there. */
async function countingOf(network: string, host: string): Promise<CountRules | null> {
  const [accounts, counting] = await Promise.all([load("accounts"), load("counting")]);
  const there = accounts.find(
    (one) => one.network === network && one.counting && one.server && hostOf(one.server) === host,
  );
  const rules = there?.counting ?? counting[network] ?? null;
  return rules && rules.limit > 0 ? rules : null;
}

const hostOf = (server: string) => (URL.canParse(server) ? new URL(server).hostname : server);

/** Named by people here. A server that keeps campaigns will be asked for them in this place. */
async function campaignsOf(brand_id: string | undefined): Promise<{ on: boolean; names: string[] }> {
  const id = brand_id ?? (await brandInUse())?.id ?? "";
  return (await load("campaigns"))[id] ?? { on: false, names: [] };
}

export async function useCampaign({ name, brand_id }: Ask<"campaign.use">): Promise<void> {
  const id = brand_id ?? (await brandInUse())?.id ?? "";
  await changeKept("campaigns", (all) => {
    const names = all[id]?.names ?? [];
    const others = names.filter((one) => one !== name);
    const now = name ? { on: true, names: [name, ...others].slice(0, MOST_CAMPAIGNS) } : { on: false, names };
    return { ...all, [id]: now };
  });
}

export async function shortenLinks({ urls, network, brand_id }: Ask<"links.shorten">): Promise<ShortenedOf[]> {
  const { on, names } = await campaignsOf(brand_id);
  const body = { ...of(brand_id), urls, network, campaign: (on && names[0]) || "" };
  try {
    const { items } = await ask<Bulk>("POST", "/links/bulk", { body, timeout_ms: LONG_TIMEOUT_MS });
    return items.map(({ url, link, error }) => ({
      asked: url,
      ...(link ? shortOf(link) : { url, public: false, why: "" }),
      error: error?.code ?? "",
      message: error?.message ?? "",
    }));
  } catch (error) {
    // An older server makes them one by one.
    if (!(error instanceof ApiError && [404, 405].includes(error.status))) throw error;
    return Promise.all(urls.map((url) => shortenOne(url, brand_id)));
  }
}

async function shortenOne(url: string, brand_id: string | undefined): Promise<ShortenedOf> {
  try {
    const made = await runTask("shorten", { url, ...of(brand_id) }, crypto.randomUUID());
    return { asked: url, ...made, error: "", message: "" };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 422)) throw error;
    return { asked: url, url, public: false, why: "", error: error.code, message: error.message };
  }
}

export function previewLink({ url, brand_id }: Ask<"links.preview">): Promise<AnswerOf<"links.preview">> {
  const body = { ...of(brand_id), url, image: true };
  return ask("POST", "/links/preview", { body, timeout_ms: LONG_TIMEOUT_MS });
}

const of = (brand_id: string | undefined): OfBrand => (brand_id ? { brand_id } : {});
