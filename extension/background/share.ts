/** Pages of the app in tabs. The composer has a tab of its own, since a popup closes at the first click outside. */
import { api } from "../shared/browser";
import { t } from "../shared/i18n";
import type { Shared } from "../shared/messages";
import { getLocal } from "../shared/storage";
import { pushToTab } from "./push";
import { changePassing, load, useLanguage } from "./store";

const APP = "extension/build/app/index.html";
/** Names of pages, as routes of the app: never an address a page of somebody else could choose. */
const PAGES = new Set([
  "today",
  "inbox",
  "compose",
  "replies",
  "settings",
  "pair",
  "sources",
  "keywords",
  "links",
  "posts",
  "calendar",
  "start",
]);

/** `#/compose?text=…` */
export function appHash(page: string, params: Record<string, string> = {}): string {
  const given = Object.entries(params).filter(([, value]) => value);
  const query = new URLSearchParams(given).toString();
  return `#/${PAGES.has(page) ? page : "today"}${query ? `?${query}` : ""}`;
}

/** A page of the app in the extension, in a new tab beside the current one; an open plain page is brought to front. */
export async function openApp(page: string, params: Record<string, string> = {}): Promise<void> {
  // Whoever is not logged in cannot approve: that is done in the server's own tab.
  if (page === "pair") {
    const server = (await load("pairing"))?.server ?? (await getLocal("server"));
    await api.tabs.create({ url: `${server}/-/app/${appHash("pair", params)}` });
    return;
  }
  const url = api.runtime.getURL(APP) + appHash(page, params);
  const open = await api.tabs.query({ url: `${api.runtime.getURL(APP)}*` }).catch(() => []);
  const same = open.find((tab) => tab.url === url && page !== "compose");
  if (same?.id !== undefined) {
    await api.tabs.update(same.id, { active: true });
    if (same.windowId !== undefined) await api.windows?.update(same.windowId, { focused: true }).catch(() => undefined);
    return;
  }
  await api.tabs.create({ url });
}

/** More pictures than any network takes in one post. */
const MOST_IMAGES = 4;

/** The composer, filled in. `tab`: where it comes from, which hears when it was scheduled. */
export async function openComposer(asked: Shared, tab?: number): Promise<void> {
  const { url, text, images = [], brand_id = "", schedule, edit, network = "", account = "" } = asked;
  const given: Record<string, string> = { url: url.slice(0, 8000), text: text.slice(0, 10_000), brand: brand_id };
  for (const [n, image] of images.slice(0, MOST_IMAGES).entries()) given[`image${n}`] = image.slice(0, 8000);
  if (edit) given.edit = "1";
  if (!schedule) return openApp("compose", given);
  const from = crypto.randomUUID();
  if (tab !== undefined) await changePassing("scheduling", (others) => ({ ...others, [from]: tab }));
  await openApp("compose", { ...given, when: "at", network, account, from });
}

/** The page that handed it over says so; what is written there stays. */
export async function tellScheduled(from: string, moment: string): Promise<void> {
  let tab: number | undefined;
  await changePassing("scheduling", ({ [from]: its, ...others }) => {
    tab = its;
    return others;
  });
  await useLanguage();
  if (tab !== undefined) await pushToTab(tab, { push: "notice", text: t("notice_scheduled", { moment }), copy: "" });
}
