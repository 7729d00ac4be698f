/**
 * Where the toolbar runs: on the practice page of the paired server, and on each site the person switched on. Access is
 * asked site by site (by a page of ours, in the click); here it is turned into one registered content script.
 */
import { api } from "../shared/browser";
import type { PagePart, SiteState } from "../shared/messages";
import { getLocal, setLocal } from "../shared/storage";
import { openWaiting } from "./opening";
import { pushToPages, pushToTabs } from "./push";
import { changeKept, changeSetting, load } from "./store";

const SITES_ID = "pages";
const PRACTICE_ID = "practice";
const FILE = "extension/build/content.js";
/** Comes before any script of a page; the rest when the page is drawn. */
const FIRST = { file: "extension/build/ears.js", id: (id: string) => `${id}-first` };
/** What the script of a page asks for once the person acts there, or checks or teaches it. */
const PARTS: Record<PagePart, string> = {
  drawing: "extension/build/drawing.js",
  acting: "extension/build/acting.js",
  composing: "extension/build/composing.js",
  teaching: "extension/build/teaching.js",
  round: "extension/build/round.js",
  pictures: "extension/build/pictures.js",
};
const LOOPBACK = ["http://127.0.0.1/*", "http://localhost/*"];
/** A grant of everything switches nothing on by itself: the person says where. */
const EVERYTHING = new Set(["*://*/*", "<all_urls>", "http://*/*", "https://*/*"]);

export function watchSites(): void {
  const again = () => void registerSites();
  // Registrations are lost at an update; permissions may have changed while we were not running.
  api.runtime.onInstalled.addListener(() => void installed());
  api.runtime.onStartup.addListener(again);
  api.permissions.onRemoved.addListener(() => void switchedOff());
  api.permissions.onAdded.addListener(() => void switchedOn());
  api.storage.onChanged.addListener((changes, area) => {
    if (area !== "local") return;
    if (changes.server) again();
    if (changes.pictures) void pushToTabs({ push: "page.state.changed" });
  });
}

/** What was granted for sites: not for our server, and not for everything. */
async function grantedPatterns(): Promise<string[]> {
  const server = await getLocal("server");
  const { origins = [] } = await api.permissions.getAll();
  const ofServer = URL.canParse(server) ? patternOf(server) : "";
  return origins.filter((one) => !EVERYTHING.has(one) && !LOOPBACK.includes(one) && one !== ofServer);
}

/** The address patterns of the sites that are switched on. */
async function sitePatterns(): Promise<string[]> {
  const { origins = [] } = await api.permissions.getAll();
  const broad = origins.some((pattern) => EVERYTHING.has(pattern));
  const chosen = broad ? (await load("sites_on")).flatMap((host) => [`https://${host}/*`, `http://${host}/*`]) : [];
  return [...new Set([...(await grantedPatterns()), ...chosen])];
}

/** The practice page, of our own server or of one on this machine. */
async function practicePatterns(): Promise<string[]> {
  const server = await getLocal("server");
  const all = [...LOOPBACK, URL.canParse(server) ? patternOf(server) : ""].filter(Boolean);
  return [...new Set(all.map((pattern) => pattern.replace(/\*$/, "-/practice*")))];
}

const wantedPatterns = async () => [...(await sitePatterns()), ...(await practicePatterns())];

let registering: Promise<void> = Promise.resolve();

/** Make the registered scripts match what is wanted: in sites also in their frames, those without an address included. */
export function registerSites(): Promise<void> {
  registering = registering
    .catch(() => undefined)
    .then(async () => {
      await register(SITES_ID, { matches: await sitePatterns(), allFrames: true, matchOriginAsFallback: true });
      await register(PRACTICE_ID, { matches: await practicePatterns() });
      pushToPages({ push: "changed", kinds: ["sites"] });
    });
  return registering;
}

type Script = chrome.scripting.RegisteredContentScript;

async function register(id: string, where: Partial<Script>): Promise<void> {
  const script = { id, ...where, js: [FILE], runAt: "document_idle" as const, persistAcrossSessions: true };
  await registerOne({ ...script, id: FIRST.id(id), js: [FIRST.file], runAt: "document_start" });
  await registerOne(script);
}

async function registerOne(script: Script): Promise<void> {
  const ids = [script.id];
  const [registered] = await api.scripting.getRegisteredContentScripts({ ids });
  if (!script.matches?.length) {
    if (registered) await api.scripting.unregisterContentScripts({ ids });
  } else if (registered) await api.scripting.updateContentScripts([script]);
  else await api.scripting.registerContentScripts([script]);
}

/** A page that was loaded between the two versions has nothing of ours yet. */
async function installed(): Promise<void> {
  await registerSites();
  await runInOpenTabs();
}

/** Access was taken back, in the browser's own settings too: what stands in open pages goes. */
async function switchedOff(): Promise<void> {
  await registerSites();
  await pushToTabs({ push: "page.state.changed" });
}

/** Access was granted: run from now on, also in tabs that are already open, and open what waited for it. */
async function switchedOn(): Promise<void> {
  await registerSites();
  await openWaiting();
  await runInOpenTabs();
}

/** The content script itself sees to it that it runs once in a page. */
async function runInOpenTabs(only?: string): Promise<void> {
  const patterns = only ? [only] : await wantedPatterns();
  const tabs = await api.tabs.query({ url: patterns }).catch(() => []);
  await Promise.all(
    tabs.map(({ id }) =>
      id === undefined
        ? undefined
        : api.scripting.executeScript({ target: { tabId: id, allFrames: true }, files: [FILE] }).catch(() => undefined),
    ),
  );
}

/** Where a content script runs; a frame without an address of its own is its author's. */
export function addressOf({ url = "", origin = "" }: chrome.runtime.MessageSender): string {
  return /^https?:/.test(url) || !URL.canParse(origin) ? url : `${origin}/`;
}

/** Whether a frame is one where we belong: its site is switched on, and so is that of the page around it. */
export async function isOnIn(sender: chrome.runtime.MessageSender): Promise<boolean> {
  const around = sender.tab?.url ?? "";
  const [frame, page] = await Promise.all([siteState(addressOf(sender)), siteState(around)]);
  return frame.on && page.on;
}

/** Into the very frame that asks; rejects where the page is gone meanwhile. */
export async function runPart(
  { tab, frameId }: chrome.runtime.MessageSender,
  part: PagePart,
): Promise<Record<string, never>> {
  if (tab?.id === undefined || !Object.hasOwn(PARTS, part)) throw new Error("not from a page");
  const target = { tabId: tab.id, frameIds: [frameId ?? 0] };
  await api.scripting.executeScript({ target, files: [PARTS[part]] });
  return {};
}

export async function siteState(address: string): Promise<SiteState> {
  const url = URL.canParse(address) ? new URL(address) : null;
  const server = await getLocal("server");
  const own = url !== null && URL.canParse(server) && url.origin === new URL(server).origin;
  const possible = url !== null && /^https?:$/.test(url.protocol) && !own && !isClosed(url.hostname);
  if (!url || !possible) {
    return { host: url?.hostname ?? "", possible: false, on: false, hidden: "", pictures: false, pattern: "" };
  }
  const pattern = patternOf(address);
  const granted = await api.permissions.contains({ origins: [pattern] }).catch(() => false);
  const patterns = await wantedPatterns();
  const on = granted && patterns.some((one) => covers(one, url));
  const [hosts, ever] = await Promise.all([getLocal("hidden_hosts"), getLocal("hidden_for_ever")]);
  const hidden = ever ? "ever" : hosts.includes(url.hostname) ? "site" : "";
  return { host: url.hostname, possible, on, hidden, pictures: await hasPictures(url.hostname), pattern };
}

export async function switchOn(address: string): Promise<SiteState> {
  const host = new URL(address).hostname;
  await changeKept("sites_on", (hosts) => (hosts.includes(host) ? hosts : [...hosts, host]));
  await registerSites();
  await openWaiting();
  await runInOpenTabs(patternOf(address));
  return siteState(address);
}

/** Browsers take back only what they gave, word for word: where that was more than this host, all of it goes. */
export async function switchOff(address: string): Promise<SiteState> {
  const url = new URL(address);
  await changeKept("sites_on", (hosts) => hosts.filter((one) => one !== url.hostname));
  const gone = (await grantedPatterns()).filter((pattern) => covers(pattern, url));
  if (gone.length > 0) await api.permissions.remove({ origins: gone }).catch(() => false);
  await registerSites();
  await pushToTabs({ push: "page.state.changed" });
  return siteState(address);
}

export async function hideSite(host: string, scope: "site" | "ever"): Promise<void> {
  if (scope === "ever") await setLocal({ hidden_for_ever: true });
  else await changeSetting("hidden_hosts", (hosts) => (hosts.includes(host) ? hosts : [...hosts, host]));
  await pushToTabs({ push: "page.state.changed" });
}

export async function showSite(address: string): Promise<SiteState> {
  const host = new URL(address).hostname;
  await setLocal({ hidden_for_ever: false });
  await changeSetting("hidden_hosts", (hosts) => hosts.filter((one) => one !== host));
  await pushToTabs({ push: "page.state.changed" });
  return siteState(address);
}

/** The button at pictures: on this site, or no more; where it is on everywhere, this site is the one that is not. */
export async function usePictures(host: string, on: boolean): Promise<void> {
  const everywhere = await getLocal("pictures");
  await changeSetting("picture_hosts", (hosts) => {
    const others = hosts.filter((one) => one !== host);
    return on === everywhere ? others : [...others, host];
  });
  await pushToTabs({ push: "page.state.changed" });
}

/** Whether it is on there. */
export async function hasPictures(host: string): Promise<boolean> {
  return (await getLocal("pictures")) !== (await getLocal("picture_hosts")).includes(host);
}

/** Sites of which somebody saw in this browser that we read them right. */
const MOST_CONFIRMED = 500;

export async function confirmSite(host: string, network: string, on: boolean): Promise<void> {
  const name = `${network}@${host}`;
  await changeKept("confirmed", (all) => {
    const others = all.filter((one) => one !== name);
    return on ? [...others, name].slice(-MOST_CONFIRMED) : others;
  });
  await pushToTabs({ push: "page.state.changed" });
}

export async function isConfirmed(host: string, network: string): Promise<boolean> {
  return (await load("confirmed")).includes(`${network}@${host}`);
}

/** `https://forum.example:8443/t/1` → `https://forum.example/*`; patterns know no ports. */
export function patternOf(address: string): string {
  const { protocol, hostname } = new URL(address);
  return `${protocol}//${hostname}/*`;
}

function covers(pattern: string, url: URL): boolean {
  const parts = /^(\*|https?):\/\/([^/]+)(\/.*)$/.exec(pattern);
  if (!parts) return false;
  const [, scheme, host = "", path = ""] = parts;
  const named =
    host === "*" || host === url.hostname || (host.startsWith("*.") && `.${url.hostname}`.endsWith(host.slice(1)));
  const below = path.endsWith("*") ? url.pathname.startsWith(path.slice(0, -1)) : url.pathname === path;
  return (scheme === "*" || `${scheme}:` === url.protocol) && named && below;
}

/** Stores let no extension run on their own pages. */
function isClosed(host: string): boolean {
  return ["chromewebstore.google.com", "addons.mozilla.org", "microsoftedge.microsoft.com"].includes(host);
}
