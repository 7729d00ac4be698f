/**
 * Never as the wrong client: which brand a page works for, what must be asked before a reply goes into it, and what
 * people say of an account. Brands and their handles never enter a page, only the answer does.
 */
import { ApiError, isPassing } from "../shared/api";
import { nameOf, namesIn, networkName, sameAccount } from "../shared/handles";
import type { OfBrand, OfPage, PageState, Verdict } from "../shared/messages";
import { getLocal } from "../shared/storage";
import type { Brand } from "../shared/types";
import { refreshAll } from "./changes";
import { pushToTabs } from "./push";
import { ask } from "./server";
import { brandInUse, changeKept, changePassing, load, loadPassing } from "./store";
import { type KnownAccount, namesOf, verdictOn, whoseAccount } from "./whose";

/** Tabs whose answers are kept. */
const MOST_TABS = 200;
/** Where a page never says who is logged in, what the person said of it is asked again after so long. */
const SURE_FOR = 30 * 60_000; // ms

async function known(): Promise<KnownAccount[]> {
  return [...(await load("accounts")), ...(await load("accounts_here"))];
}

/** The brand of a page, and how sure that is. */
export async function clientOf(
  page: OfPage,
  tab: number | undefined,
): Promise<Pick<PageState, "brand" | "handle" | "whose" | "among">> {
  const [me, accounts, chosen, settled] = await Promise.all([
    load("me"),
    known(),
    getLocal("brand_id"),
    settledIn(page, tab),
  ]);
  const brands = me?.brands ?? [];
  const { whose, brand_id, among } = whoseAccount(page, brands, accounts, [chosen, settled]);
  const shown = (id: string) => brands.filter((brand) => brand.id === id).map(({ id, name }) => ({ id, name }));
  const brand = brands.find(({ id }) => id === brand_id);
  return {
    brand: shown(brand_id)[0] ?? null,
    handle: page.account || (brand ? namesOf(brand, page.network, accounts).join(", ") : ""),
    whose,
    among: whose === "shared" ? among.flatMap(shown) : [],
  };
}

/** What is done in this tab from outside its page (the right-click menu) is for the page's brand too. */
export async function noteBrandIn(tab: number | undefined, host: string, brand: PageState["brand"]): Promise<void> {
  if (tab === undefined) return;
  const inUse = await brandInUse();
  const brand_id = brand && brand.id !== inUse?.id ? brand.id : "";
  await changePassing("brand_in", (before) => {
    if ((before[tab]?.brand_id ?? "") === brand_id && (!brand_id || before[tab]?.host === host)) return before;
    const { [tab]: _, ...others } = before;
    const kept = Object.fromEntries(Object.entries(others).slice(-MOST_TABS));
    return brand_id ? { ...kept, [tab]: { host, brand_id } } : kept;
  });
}

/** The brand of the page in a tab; nothing where it is the one in use, or nobody knows. */
export async function brandIn(tab: { id?: number; url?: string } | undefined): Promise<OfBrand> {
  if (tab?.id === undefined || !tab.url || !URL.canParse(tab.url)) return {};
  const known = (await loadPassing("brand_in"))[tab.id];
  return known?.host === new URL(tab.url).hostname ? { brand_id: known.brand_id } : {};
}

/** What must be asked before a reply of `brand_id` goes into a page. */
export async function checkClient(page: OfPage, brand_id: string, tab: number | undefined): Promise<Verdict> {
  const [me, accounts, settled] = await Promise.all([load("me"), known(), settledIn(page, tab)]);
  return verdictOn(page, brand_id, me?.brands ?? [], accounts, settled);
}

const pageKey = ({ host, account }: OfPage) => `${host} ${account}`;

async function settledIn(page: OfPage, tab: number | undefined): Promise<string> {
  const said = tab === undefined ? undefined : (await loadPassing("settled"))[tab]?.[pageKey(page)];
  const old = said && !page.account && Date.now() - said.at > SURE_FOR;
  return said && !old ? said.brand_id : "";
}

/**
 * The person named the brand of this page: for this tab, until the browser closes; where the page does not say who is
 * logged in, for half an hour, and until somebody logs in or out (`brand_id` ""), as its script notices.
 */
export async function settleClient(page: OfPage, brand_id: string, tab: number | undefined): Promise<void> {
  if (tab === undefined) return;
  await changePassing("settled", ({ [tab]: before, ...others }) => {
    const kept = Object.fromEntries(Object.entries(others).slice(-MOST_TABS));
    return { ...kept, [tab]: { ...before, [pageKey(page)]: { brand_id, at: Date.now() } } };
  });
}

/** The name to keep: where a network has many servers, with the page's own. */
function fullName({ host, network, account }: OfPage): string {
  const { user, server } = nameOf(account, networkName(network));
  return networkName(network) === "mastodon" && user && !server ? `@${user}@${host}` : account.replaceAll(",", " ");
}

/** An account is the brand's from now on (`undo`: not any more). Told to the server where this person may; else kept here. */
export async function rememberAccount(
  page: OfPage,
  brand_id: string,
  undo: boolean,
): Promise<{ kept: "brand" | "browser" }> {
  const name = fullName(page);
  const here = await load("accounts_here");
  const same = (one: KnownAccount) => one.brand_id === brand_id && one.network === page.network && one.handle === name;
  const role = (await load("me"))?.brands.find(({ id }) => id === brand_id)?.role;
  if (role === "owner" && !(undo && here.some(same))) {
    try {
      await changeHandles(page, brand_id, name, undo);
      return { kept: "brand" };
    } catch (error) {
      if (undo || !isPassing(error)) throw error; // while the server is away it is true in this browser
    }
  }
  await changeKept("accounts_here", (now) => {
    const others = now.filter((one) => !same(one));
    return undo ? others : [...others, { brand_id, network: page.network, handle: name }];
  });
  await pushToTabs({ push: "page.state.changed" });
  return { kept: "browser" };
}

/** Rejects with ApiError. Whoever was overtaken by another change looks again, once. */
async function changeHandles({ host, network }: OfPage, brand_id: string, name: string, undo: boolean): Promise<void> {
  const path = `/brands/${encodeURIComponent(brand_id)}`;
  const change = async () => {
    const { handles, version } = await ask<Brand>("GET", path);
    const key = Object.keys(handles).find((one) => networkName(one) === networkName(network)) ?? network;
    const wanted = nameOf(name, networkName(network));
    const others = namesIn(handles[key] ?? "").filter(
      (one) => sameAccount(wanted, nameOf(one, networkName(network)), host) === 0,
    );
    const names = undo ? others : [...others, name];
    const { [key]: _, ...rest } = handles;
    const next = names.length > 0 ? { ...rest, [key]: names.join(", ") } : rest;
    await ask<Brand>("PATCH", path, { body: { handles: next, version } });
  };
  try {
    await change();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
    await change();
  }
  await refreshAll();
}
