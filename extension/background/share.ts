/** Pages of the app in tabs. The composer has a tab of its own, since a popup closes at the first click outside. */
import { api } from "../shared/browser";
import type { Ask } from "../shared/messages";
import { getLocal } from "../shared/storage";
import { load } from "./store";

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

/** The composer, filled in. */
export async function openComposer(asked: Ask<"share">): Promise<void> {
  const { url, text, image = "", brand_id = "" } = asked;
  const given = { url: url.slice(0, 8000), text: text.slice(0, 5000), image: image.slice(0, 8000) };
  await openApp("compose", { ...given, brand: brand_id });
}
